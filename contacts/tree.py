"""The structure as a tree: the whole of it from flat queries joined in memory, or only the branches that are open.

Groups come before points among the children of a group, each kind in its own order. Rows are plain tuples, and ids are
text as the database makes it: ten thousand of them are read for one page, and each is only printed.
"""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, NamedTuple, cast

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from contacts import paths
from contacts.models import ContactGroup, Placement
from organisations.models import Organisation
from systems.models import System
from systems.states import in_service

# At most so many groups, and so many points, of one branch at a time.
BRANCH = 100
# So many of each kind over all branches when a page opens; what is beyond is loaded when it is asked for.
FIRST_PAINT = 100
FEWEST = 5
MOST_OPEN = 20
# So many places are shown of what passes the filters.
MOST_FOUND = 200

# The id of a group as text; None for the top level.
Parent = str | None
# parent, id, name
GroupRow = tuple[Parent, str, str]
# parent, id, name, a key of `CONDITIONS`
PointRow = tuple[Parent, str, str, str]
Rows = QuerySet[Any, Any]

# (active, visible, the system is not in service): one text a row. Django touches numbers and truth values once more
# in Python, row by row; text comes as the database driver made it.
CONDITIONS = {str(number): three for number, three in enumerate(product((True, False), (True, False), (False, True)))}


class Gap(NamedTuple):
    """Siblings that are not loaded: those whose position lies between `after` and `before` (None: no end)."""

    after: float
    before: float | None
    left_out: int


@dataclass(frozen=True)
class Tree:
    """Children by their parent.

    `open` are the branches that are shown, `filled` the groups in which something stands, `elsewhere` the points that
    stand in other places too.
    """

    groups: dict[Parent, list[GroupRow | Gap]] = field(default_factory=dict)
    points: dict[Parent, list[PointRow | Gap]] = field(default_factory=dict)
    open: Collection[Parent] = frozenset()
    filled: Collection[Parent] = frozenset()
    elsewhere: Collection[str] = frozenset()


def whole(organisation: Organisation, *, at: dt.datetime) -> Tree:
    """Return the whole structure with every branch open, from three flat queries."""
    groups: dict[Parent, list[GroupRow | Gap]] = defaultdict(list)
    points: dict[Parent, list[PointRow | Gap]] = defaultdict(list)
    for group in _groups(ContactGroup.objects.filter(organisation=organisation)).order_by("position"):
        groups[group[0]].append(group)
    placed = list(_points(Placement.objects.filter(organisation=organisation), organisation, at).order_by("position"))
    for point in placed:
        points[point[0]].append(point)
    filled = {None, *groups, *points}
    elsewhere = {id_ for id_, places in Counter([point[1] for point in placed]).items() if places > 1}
    return Tree(groups, points, open=filled, filled=filled, elsewhere=elsewhere)


def branches(
    organisation: Organisation, opened: Collection[uuid.UUID], *, keep: Collection[uuid.UUID] = (), at: dt.datetime
) -> Tree:
    """Return the top level and the branches in `opened`, each shortened, in three queries whatever the size.

    The groups and points in `keep` are there however far down their siblings they stand.
    """
    shown = list(dict.fromkeys(opened))[:MOST_OPEN]
    parents: list[uuid.UUID | None] = [None, *shown]
    limit = max(FEWEST, FIRST_PAINT // len(parents))
    groups, filled = _shortened(_numbered_groups(organisation, parents), limit, Q(pk__in=list(keep)))
    points, elsewhere = _shortened(_numbered_points(organisation, parents, at), limit, Q(point__in=list(keep)))
    return Tree(groups, points, open={None, *map(str, shown)}, filled=filled, elsewhere=elsewhere)


def branch(
    organisation: Organisation,
    parent_id: uuid.UUID | None,
    *,
    groups: bool = True,
    points: bool = True,
    after: int = 0,
    before: int | None = None,
    at: dt.datetime,
) -> Tree:
    """Return the children of one group between two positions, at most `BRANCH` of each kind, in three queries.

    `groups` and `points` say which kinds are wanted.
    """
    between = Q(position__gt=after) if before is None else Q(position__gt=after, position__lt=before)
    found = Tree(open={None if parent_id is None else str(parent_id)})
    if groups:
        rows, filled = _shortened(_numbered_groups(organisation, [parent_id]).filter(between), BRANCH, end=before)
        found = replace(found, groups=rows, filled=filled)
    if points:
        rows, flagged = _shortened(_numbered_points(organisation, [parent_id], at).filter(between), BRANCH, end=before)
        found = replace(found, points=rows, elsewhere=flagged)
    return found


def filtered(organisation: Organisation, points: Rows, *, at: dt.datetime) -> tuple[Tree, int]:
    """Return the first `MOST_FOUND` places of some points with the groups above them, all open, and how many there are.

    Three queries, and one more to count what is not shown.
    """
    places = Placement.objects.filter(organisation=organisation, point__in=points.order_by().values("pk"))
    flag = Exists(Placement.objects.filter(point=OuterRef("point")).exclude(pk=OuterRef("pk")))
    rows = list(_points(places, organisation, at).annotate(flag=flag).order_by("point__name", "pk")[:MOST_FOUND])
    count = len(rows) if len(rows) < MOST_FOUND else places.count()
    tree = Tree(groups=defaultdict(list), points=defaultdict(list))
    for row in rows:
        tree.points[row[0]].append(row[:4])
    above = paths.above({uuid.UUID(parent) for parent in tree.points if parent}).groups.values()
    for group in sorted(above, key=lambda group: group.position):
        tree.groups[str(group.parent_id) if group.parent_id else None].append(
            (str(group.parent_id) if group.parent_id else None, str(group.pk), group.name)
        )
    elsewhere = {row[1] for row in rows if row[4]}
    shown = {None, *tree.groups, *tree.points}
    return replace(tree, open=shown, filled=shown, elsewhere=elsewhere), count


def idle_systems(organisation: Organisation, *, at: dt.datetime) -> list[uuid.UUID]:
    """Return the systems of the organisation that are not in service."""
    return list(System.objects.filter(organisation=organisation).exclude(in_service(at)).values_list("pk", flat=True))


class IdText(Func):
    """A UUID as people write it, made by the database: no object has to be made of it here."""

    output_field = CharField()
    template = "%(expressions)s::text"

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """Put the hyphens into the 32 digits that SQLite keeps."""
        sql, params = compiler.compile(self.source_expressions[0])
        parts = "||'-'||".join(f"substr({sql},{start},{length})" for start, length in DIGITS)
        return parts, tuple(params) * len(DIGITS)


DIGITS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


def _groups(groups: Rows) -> Rows:
    return groups.values_list(IdText("parent_id"), IdText("pk"), "name")


def _points(places: Rows, organisation: Organisation, at: dt.datetime) -> Rows:
    idle = Q(point__system__in=idle_systems(organisation, at=at))
    whens = [
        When(Q(point__active=active, point__visible=visible) & (idle if is_idle else ~idle), then=Value(key))
        for key, (active, visible, is_idle) in CONDITIONS.items()
    ]
    condition = Case(*whens, output_field=CharField())
    return places.values_list(IdText("group_id"), IdText("point_id"), "point__name", condition)


def _numbered_groups(organisation: Organisation, parents: Sequence[uuid.UUID | None]) -> Rows:
    filled = Exists(ContactGroup.objects.filter(parent=OuterRef("pk"))) | Exists(
        Placement.objects.filter(group=OuterRef("pk"))
    )
    rows = ContactGroup.objects.filter(_below("parent", parents), organisation=organisation)
    return _numbered(_groups(rows), "parent_id", filled)


def _numbered_points(organisation: Organisation, parents: Sequence[uuid.UUID | None], at: dt.datetime) -> Rows:
    elsewhere = Exists(Placement.objects.filter(point=OuterRef("point")).exclude(pk=OuterRef("pk")))
    rows = Placement.objects.filter(_below("group", parents), organisation=organisation)
    return _numbered(_points(rows, organisation, at), "group_id", elsewhere)


def _below(field_name: str, parents: Sequence[uuid.UUID | None]) -> Q:
    condition = Q(**{f"{field_name}__in": [parent for parent in parents if parent is not None]})
    return condition | Q(**{field_name: None}) if None in parents else condition


def _numbered(rows: Rows, partition: str, flag: Any) -> Rows:
    """Number the siblings of each parent, and count them, in the database."""
    number = Window(RowNumber(), partition_by=F(partition), order_by="position")
    total = Window(Count("*"), partition_by=F(partition))
    return cast(Rows, rows.annotate(flag=flag, at=F("position"), number=number, total=total))


def _shortened(
    rows: Rows, limit: int, keep: Q | None = None, *, end: int | None = None
) -> tuple[dict[Parent, list[Any]], set[str]]:
    """Return the first `limit` rows of each parent and those of `keep`, and the ids of those that are flagged.

    A `Gap` stands wherever rows are left out.
    """
    wanted = Q(number__lte=limit) | keep if keep else Q(number__lte=limit)
    gathered: dict[Parent, list[Any]] = defaultdict(list)
    flagged: set[str] = set()
    last: dict[Parent, tuple[int, int, int]] = {}
    for *row, flag, position, number, total in rows.filter(wanted).order_by("position"):
        parent, id_ = row[:2]
        last_number, last_position, _ = last.get(parent, (0, 0, 0))
        if number > last_number + 1:
            gathered[parent].append(Gap(last_position, position, number - last_number - 1))
        gathered[parent].append(tuple(row))
        last[parent] = (number, position, total)
        if flag:
            flagged.add(id_)
    for parent, (number, position, total) in last.items():
        if total > number:
            gathered[parent].append(Gap(position, end, total - number))
    return gathered, flagged
