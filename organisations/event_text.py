"""The words by which an event is found: of its object, its values, its reason and whatever ran by itself.

Personal values are not among them; they stand beside the chain, and names of people are looked up when one searches.
Ids and seals are left out: they are asked for by filters of their own.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice

from adgang.lib.folding import folded
from adgang.lib.snapshots import JSON

WORD = re.compile(r"\d+(?:[.,:-]\d+)+|[^\W_]+")
# A UUID, or a digest in hexadecimal.
NAMELESS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}", re.IGNORECASE)
LONGEST = 60  # characters of a word that count
MOST = 5_000  # of an import's values, those that come first


def words_of(payload: Mapping[str, JSON]) -> str:
    """Return the distinct words of a payload, folded, each with a space before it; "" when there are none."""
    told = [payload["object"][2], payload["reason"], payload["actor_label"], payload["before"], payload["after"]]
    found = dict.fromkeys(islice(chain.from_iterable(map(words, _texts(told))), MOST))
    return "".join(f" {word}" for word in found)


def words(text: str) -> list[str]:
    """Return the words of a text, folded, in their order."""
    return [word[:LONGEST] for word in WORD.findall(folded(NAMELESS.sub(" ", text)))]


def _texts(value: JSON) -> Iterator[str]:
    match value:
        case str():
            yield value
        case bool() | None:
            pass
        case int() | float():
            yield str(value)
        case list():
            for inner in value:
                yield from _texts(inner)
        case dict():
            for name in sorted(value):  # as the canonical text has them, so that the words of both are the same
                yield from _texts(value[name])
