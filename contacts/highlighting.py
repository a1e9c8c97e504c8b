"""Showing in a text which of its words a search has found."""

from collections.abc import Collection
from html import escape

from django.utils.safestring import SafeString

from adgang.lib.folding import folded
from contacts.models import ContactPoint
from contacts.search_words import LONGEST, WORD


def highlighted(text: str, words: Collection[str]) -> SafeString:
    """Return `text` as HTML with those of its words marked that are, folded, among `words`."""
    parts, end = [], 0
    for match in WORD.finditer(text):
        if folded(match[0])[:LONGEST] in words:
            parts += [escape(text[end : match.start()]), f"<mark>{escape(match[0])}</mark>"]
            end = match.end()
    return SafeString("".join([*parts, escape(text[end:])]))


def found_by(point: ContactPoint, words: Collection[str]) -> str:
    """Return the search term or code by which a point was found when its name holds none of `words`; else "".

    The point's terms and codes have been loaded.
    """
    if _holds(point.name, words):
        return ""
    terms = [term.term for term in point.search_terms.all()]
    codes = [f"{code.code} {code.name}".strip() for code in point.codes.all()]
    return next((text for text in [*terms, *codes] if _holds(text, words)), "")


def _holds(text: str, words: Collection[str]) -> bool:
    return any(folded(match[0])[:LONGEST] in words for match in WORD.finditer(text))
