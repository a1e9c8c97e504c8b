"""Which words of the vocabulary a word of a question stands for: inflections, compounds, slips of the pen."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from django.db.models.functions import Length

from contacts import search_index
from contacts.models import SearchWord
from contacts.search_words import distance, likeness, stem, tolerated

# So many words stand for one at most, the shortest first: they are nearest to what was typed.
MOST = 500
SHORTEST_PART = 3
# As much alike as PostgreSQL calls similar.
ALIKE = 0.3


class Match(IntEnum):
    """How a word of the vocabulary answers to a word of the question, the best first."""

    EXACT = 0
    BEGINNING = 1
    STEM = 2
    PART = 3
    SLIP = 4


Meaning = Mapping[str, Match]


def meaning(word: str, *, slips: bool = False) -> dict[str, Match]:
    """Return the words of the vocabulary that a folded word stands for, the nearest first.

    Slips of the pen are considered when nothing else is found, or when `slips` asks for them.
    """
    vocabulary = SearchWord.objects.all()
    found = {known: match for known in _kin(vocabulary, word) if (match := _match(known, word)) is not None}
    found = dict(sorted(found.items(), key=lambda one: one[1]))
    if (found and not slips) or not tolerated(word):
        return found
    near = search_index.looking_like(vocabulary, word).values_list("word", flat=True)
    return found | {known: Match.SLIP for known in near if known not in found and _is_slip(known, word)}


def _kin(vocabulary: Any, word: str) -> list[str]:
    root = stem(word) if len(stem(word)) >= SHORTEST_PART else word
    part = word if len(word) >= SHORTEST_PART else ""
    kin = search_index.beginning_or_containing(vocabulary, root, part)
    return list(kin.order_by(Length("word"), "word").values_list("word", flat=True)[:MOST])


def _match(known: str, word: str) -> Match | None:
    if known == word:
        return Match.EXACT
    if known.startswith(word):
        return Match.BEGINNING
    if stem(known) == stem(word):
        return Match.STEM
    return Match.PART if len(word) >= SHORTEST_PART and word in known else None


def _is_slip(known: str, word: str) -> bool:
    most = tolerated(word)
    return likeness(known, word) >= ALIKE and distance(known, word, most=most) <= most
