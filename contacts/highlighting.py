"""Showing in a text which of its words a search has found."""

from collections.abc import Collection
from html import escape

from django.utils.safestring import SafeString

from contacts.search_words import LONGEST, WORD, folded


def highlighted(text: str, words: Collection[str]) -> SafeString:
    """Return `text` as HTML with those of its words marked that are, folded, among `words`."""
    parts, end = [], 0
    for match in WORD.finditer(text):
        if folded(match[0])[:LONGEST] in words:
            parts += [escape(text[end : match.start()]), f"<mark>{escape(match[0])}</mark>"]
            end = match.end()
    return SafeString("".join([*parts, escape(text[end:])]))
