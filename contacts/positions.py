"""Order among siblings: positions with gaps, so that an insertion writes one row.

Only when two neighbours have no room between them are the siblings after the place given new positions, all beyond the
last one in use: one statement that never meets its own unique constraint half way.
"""

import uuid
from enum import Enum
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, ExpressionWrapper, F, Max, Min, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import RowNumber

from contacts.models import ContactGroup, Placement
from organisations.models import Organisation

GAP = 1024


class Edge(Enum):
    """The two places that need no neighbour to name them."""

    FIRST = "first"
    LAST = "last"


# Where something is put among its siblings: first, last, or right after the sibling of that id.
Place = Edge | uuid.UUID


class NoSuchSibling(Exception):
    """The sibling after which something was to be put is not there (any more)."""


def child_groups(organisation: Organisation, parent_id: uuid.UUID | None) -> QuerySet[ContactGroup]:
    """Return the groups directly below a group, or at the top level."""
    return ContactGroup.objects.filter(organisation=organisation, parent=parent_id)


def child_places(organisation: Organisation, group_id: uuid.UUID | None) -> QuerySet[Placement]:
    """Return the places of the points directly in a group, or at the top level."""
    return Placement.objects.filter(organisation=organisation, group=group_id)


def free(siblings: QuerySet[Any], place: Place) -> int:
    """Return an unused position at `place`, making room if there is none: one query, at most two.

    The caller holds the structure's lock. Raises `NoSuchSibling`.
    """
    before: Any = Value(0)
    if isinstance(place, uuid.UUID):
        before = Subquery(siblings.filter(pk=place).order_by().values("position"))
    found = siblings.order_by().aggregate(
        before=Max("position", filter=Q(pk=place)) if isinstance(place, uuid.UUID) else Max(Value(0)),
        after=Min("position", filter=Q(position__gt=before)),
        last=Max("position"),
    )
    if isinstance(place, uuid.UUID) and found["before"] is None:
        raise NoSuchSibling(place)
    if place is Edge.LAST or found["after"] is None:
        return (found["last"] or 0) + GAP
    low, high = found["before"] or 0, found["after"]
    if high - low > 1:
        return int(low + high) // 2
    _make_room(siblings.filter(position__gt=low), last=found["last"])
    return int(low) + GAP


def _make_room(siblings: QuerySet[Any], *, last: int) -> None:
    beyond = ExpressionWrapper(
        Value(last) + Value(GAP) * Window(RowNumber(), order_by=F("position").asc()), output_field=BigIntegerField()
    )
    inner, params = siblings.order_by().annotate(place=beyond).values("id", "place").query.sql_with_params()
    table = siblings.model._meta.db_table
    # The ORM cannot UPDATE from a window; table and inner query are Django's own, values travel as parameters.
    statement = f'UPDATE "{table}" SET position = s.place FROM ({inner}) AS s WHERE "{table}".id = s.id'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
