"""Finding groups and points: by name, search term, code or description, by their ids, and by former mailboxes.

A question is answered in tiers, the best first, until enough is found: names that begin with it; lines that are it;
heads (name, search terms, codes) with its words, their inflections and beginnings; heads with compounds and slips of
the pen; and last the descriptions. Each tier is one query that an index answers, and gives at most `CANDIDATES`: of
more than that, equally good, it is the database that chooses. They are ranked here, alike on both databases.
"""

import re
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q

from contacts import search_index, search_words
from contacts.models import ContactGroup, ContactPoint, Translation
from contacts.search_vocabulary import Match, Meaning, meaning
from contacts.values import GroupValues, PointValues
from organisations.models import Organisation

SHOWN = 50
MOST = 300  # what a search gives at most, over all pages
CANDIDATES = 300
MAILBOX = re.compile(r"(\d{1,18})(?:\s*[:/]\s*(\d{1,18}))?", re.ASCII)


def group_text(values: GroupValues) -> str:
    """Return the text under which a group is found."""
    return search_words.document(values.name, map(str, values.postkasse_ids), values.description)


def point_text(values: PointValues) -> str:
    """Return the text under which a point is found; the internal note is not part of it."""
    codes = [text for code in values.codes for text in (code.code, code.name, code.type_name)]
    return search_words.document(values.name, [*values.search_terms, *codes], values.description)


def matching(text: str) -> Q:
    """Return the condition that every word of `text` stands, whole or in part, in a group's or point's search text."""
    condition = Q()
    for word in search_words.words(text):
        condition &= Q(search_text__contains=word)
    return condition


@dataclass(frozen=True)
class Question:
    """A text that was typed, and what its words mean in the vocabulary that is searched.

    `by_ids`: ids and former mailboxes are known too, which is for an organisation's own structure alone; `slips`: slips
    of the pen are considered for every word; `partly`: a text that holds one of the words will do.
    """

    text: str
    by_ids: bool = False
    slips: bool = False
    partly: bool = False

    @cached_property
    def line(self) -> str:
        """The whole question in folded words."""
        return search_words.line(self.text)

    @cached_property
    def meanings(self) -> list[Meaning]:
        """What each word stands for."""
        return [meaning(word, slips=self.slips) for word in search_words.asked(self.text)]

    def words(self, worst: Match, most: int) -> list[list[str]]:
        """Return what each word stands for, up to how far-fetched and the nearest `most`: a text must hold one of each
        list. Nothing when one of them is empty.
        """
        found = [[word for word, match in one.items() if match <= worst][:most] for one in self.meanings]
        if self.partly:
            found = [[word for some in found for word in some]]
        return found if all(found) else []

    def other(self) -> "Question | None":
        """Return what to ask when this led nowhere: first for slips of the pen, then for some of the words."""
        if self.meanings and not self.slips:
            return replace(self, slips=True)
        if len(self.meanings) > 1 and any(self.meanings) and not self.partly:
            return replace(self, partly=True)
        return None

    @cached_property
    def all_words(self) -> dict[str, Match]:
        """Every word that answers to one of the question's, for highlighting."""
        return {word: match for one in reversed(self.meanings) for word, match in one.items()}


@dataclass(frozen=True, order=True)
class Hit:
    """A candidate: the tier that found it, how well it answers (less is better), how long its name is in words, the
    name, its id.
    """

    tier: int
    rank: int
    length: int
    name: str
    pk: uuid.UUID


def ids(rows: Any, question: Question, *, wanted: int) -> list[uuid.UUID]:
    """Return the ids of the best `wanted` of `rows`, a QuerySet of groups or points, best first.

    `rows` says who may see what: nothing outside it is found. Whoever wants more gets the same ones first.
    """
    hits: dict[uuid.UUID, Hit] = {}
    for number, tier in enumerate(_tiers(rows, question)):
        for pk, body in tier.values_list("pk", "search_text")[:CANDIDATES]:
            if pk not in hits:
                name = body.split("\n", 1)[0]
                hits[pk] = Hit(number, rank(body, question), name.count(" "), name, pk)
        if len(hits) >= wanted:
            break
    return [hit.pk for hit in sorted(hits.values())[:wanted]]


def _tiers(rows: Any, question: Question) -> Iterator[Any]:
    """Yield queries, the ones that find what is expected first."""
    rows = rows.order_by()
    if not question.line:
        return
    yield search_index.named(rows, question.line)
    yield search_index.of_line(rows, question.line)
    before: list[tuple[list[list[str]], bool]] = []
    for worst, most, in_head in STEPS:
        step = question.words(worst, most), in_head
        if step[0] and step not in before:
            yield search_index.holding(rows, step[0], in_head=in_head)
        before.append(step)


FEW, ALL = 30, 10**6
# How far-fetched, how many words for each of the question's, in the head of the text only.
STEPS = (
    (Match.STEM, FEW, True),
    (Match.STEM, ALL, True),
    (Match.SLIP, 2 * FEW, True),
    (Match.SLIP, ALL, True),
    (Match.STEM, ALL, False),
    (Match.SLIP, ALL, False),
)

NAME_BEGINS, LINE_BEGINS, WORDS = range(3)
DESCRIPTION, MISSING = 50, 1000
LAST = 10**6


def rank(body: str, question: Question) -> int:
    """Return how well a search text answers a question; less is better."""
    head, _, below = body.partition("\n\n")
    name, *lines = head.split("\n")
    whole = question.line
    if f"{name} ".startswith(f"{whole} "):
        return NAME_BEGINS
    if any(f"{one} ".startswith(f"{whole} ") for one in lines):
        return LINE_BEGINS
    names, heads = name.split(), " ".join(lines).split()
    return WORDS + sum(_rank_of_word(one, names, heads, below) for one in question.meanings)


def _rank_of_word(word: Meaning, names: Sequence[str], heads: Sequence[str], below: str) -> int:
    by_name = min((2 * word[one] for one in names if one in word), default=LAST)
    by_head = min((2 * word[one] + 1 for one in heads if one in word), default=LAST)
    best = min(by_name, by_head)
    if best < LAST:
        return best
    return min((DESCRIPTION + word[one] for one in below.split() if one in word), default=MISSING)


@dataclass(frozen=True)
class Found:
    """What a search gave: the points of one page, best first, and how many there are in all, as far as was looked.

    The first page looks for one more than it shows, the others for `MOST`.
    """

    points: list[ContactPoint]
    count: int
    question: Question


def search_points(
    text: str,
    points: Any,
    *,
    organisation: Organisation | None = None,
    by_ids: bool = True,
    offset: int = 0,
    limit: int = SHOWN,
) -> Found:
    """Return the page of those of `points` (a QuerySet, with what is to be loaded) that answer `text`.

    `points` says who may see what; `open()` is what everybody sees. With an `organisation` the search keeps to it, and
    knows ids and former mailboxes too, unless `by_ids` says not to.
    """
    if organisation is not None:
        points = points.filter(organisation=organisation)
    asked = Question(text, by_ids=by_ids and organisation is not None)
    question, (best,) = _led_somewhere(asked, [points], wanted=MOST if offset else limit + 1)
    return Found(_in_order(points, best[offset : offset + limit]), len(best), question)


def _best(question: Question, rows: Any, *, wanted: int) -> list[uuid.UUID]:
    known: list[uuid.UUID] = []
    if question.by_ids:
        known = list(by_id(rows, question.text).order_by("pk").values_list("pk", flat=True)[:wanted])
    return list(dict.fromkeys([*known, *ids(rows, question, wanted=wanted)]))[:wanted]


def _led_somewhere(question: Question, kinds: Sequence[Any], *, wanted: int) -> tuple[Question, list[list[uuid.UUID]]]:
    """Return the ids of the best of each of `kinds`, and the question that found them when the first led nowhere."""
    while True:
        best = [_best(question, rows, wanted=wanted) for rows in kinds]
        other = None if any(best) else question.other()
        if other is None:
            return question, best
        question = other


def by_id(rows: Any, text: str) -> Any:
    """Return those of `rows` that have the id in `text`, here or in Digital Post, or took over that former mailbox."""
    text = text.strip()
    try:
        id_ = uuid.UUID(text)
    except ValueError:
        return _of_mailbox(rows, text)
    return rows.filter(Q(pk=id_) | Q(registry_id=id_))


def _of_mailbox(rows: Any, text: str) -> Any:
    numbers = MAILBOX.fullmatch(text)
    if numbers is None or rows.model is not ContactPoint:
        return rows.none()
    mailbox, topic = numbers.groups()
    former = Translation.objects.filter(point=OuterRef("pk"), postkasse_id=int(mailbox))
    return rows.filter(Exists(former.filter(postkasse_emne_id=int(topic)) if topic else former))


def _in_order(rows: Any, pks: Sequence[uuid.UUID]) -> list[Any]:
    loaded = {row.pk: row for row in rows.filter(pk__in=pks)} if pks else {}
    return [loaded[pk] for pk in pks if pk in loaded]


def narrowed(rows: Any, text: str, *, organisation: Organisation) -> Any:
    """Return those of the organisation's `rows` that answer `text` in any way, for a list that has its own order."""
    question = Question(text)
    known = by_id(rows.model.objects.filter(organisation=organisation), text)
    words = question.words(Match.SLIP, ALL)
    if not words:
        return rows.filter(pk__in=known.values("pk"))
    held = search_index.holding(rows.model.objects.filter(organisation=organisation), words)
    return rows.filter(Q(pk__in=held.values("pk")) | Q(pk__in=known.values("pk")))


@dataclass(frozen=True)
class Hits:
    """What was found, best first, at most `SHOWN` of each; `more` tells that there was more."""

    groups: list[ContactGroup]
    points: list[ContactPoint]
    more: bool
    partly: bool = False
    words: Collection[str] = frozenset()

    @property
    def count(self) -> int:
        """How many are shown."""
        return len(self.groups) + len(self.points)

    @property
    def group_ids(self) -> set[uuid.UUID]:
        """The groups whose path is needed to show the hits."""
        places = [place.group_id for point in self.points for place in point.placements.all()]
        return {group.pk for group in self.groups} | {group_id for group_id in places if group_id is not None}


def search(organisation: Organisation, text: str) -> Hits:
    """Return the organisation's groups and points that answer `text`; nothing for an empty text."""
    if not search_words.line(text):
        return Hits([], [], more=False)
    groups = ContactGroup.objects.filter(organisation=organisation)
    points = ContactPoint.objects.filter(organisation=organisation)
    points = points.prefetch_related("placements", "search_terms", "codes")
    question, (best_groups, best_points) = _led_somewhere(Question(text), [groups, points], wanted=SHOWN + 1)
    return Hits(
        _in_order(groups, best_groups[:SHOWN]),
        _in_order(points, best_points[:SHOWN]),
        more=len(best_groups) > SHOWN or len(best_points) > SHOWN,
        partly=question.partly,
        words=question.all_words.keys(),
    )
