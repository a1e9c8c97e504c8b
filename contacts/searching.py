"""Finding groups and points by name, description, search term or code.

`search_text` holds, in folded case, one text a line: the name first, then terms, codes and descriptions. It is written
whenever one of them is saved, so a search is one condition a word on one column, and Danish letters are found in
either case on every database.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from contacts.models import ContactGroup, ContactPoint
from contacts.texts import folded
from contacts.values import GroupValues, PointValues
from organisations.models import Organisation

SHOWN = 50
Row = TypeVar("Row", ContactGroup, ContactPoint)


def group_text(values: GroupValues) -> str:
    """Return the text under which a group is found."""
    return _document(values.name, [values.description])


def point_text(values: PointValues) -> str:
    """Return the text under which a point is found; the internal note is not part of it."""
    codes = [f"{code.code} {code.name} {code.type_name}".strip() for code in values.codes]
    return _document(values.name, [*values.search_terms, *codes, values.description])


def _document(name: str, others: Iterable[str]) -> str:
    return "\n".join([folded(name), *(folded(text) for text in others if text)])


def matching(text: str) -> Q:
    """Return the condition that every word of `text` stands in a group's or point's search text."""
    condition = Q()
    for word in folded(text).split():
        condition &= Q(search_text__contains=word)
    return condition


@dataclass(frozen=True)
class Hits:
    """What was found, best first, at most `SHOWN` of each; `more` tells that there was more."""

    groups: list[ContactGroup]
    points: list[ContactPoint]
    more: bool

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
    """Return the organisation's groups and points that contain every word of `text`; nothing for an empty text."""
    if not folded(text).split():
        return Hits([], [], more=False)
    groups = list(_ranked(ContactGroup.objects.filter(organisation=organisation), text)[: SHOWN + 1])
    with_places = ContactPoint.objects.filter(organisation=organisation).prefetch_related("placements")
    points = list(_ranked(with_places, text)[: SHOWN + 1])
    return Hits(groups[:SHOWN], points[:SHOWN], more=len(groups) > SHOWN or len(points) > SHOWN)


def _ranked(rows: QuerySet[Row], text: str) -> QuerySet[Row]:
    whole = " ".join(folded(text).split())
    rank = Case(
        When(search_text__startswith=whole, then=Value(0)),
        When(search_text__contains=f"\n{whole}", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.filter(matching(text)).annotate(rank=rank).order_by("rank", "name", "pk")
