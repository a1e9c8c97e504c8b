"""The structure as a tree: the whole of it from flat queries joined in memory, or only the branches that are open.

Groups come before points among the children of a group, each kind in its own order. Rows are plain tuples, and ids are
text as the database makes it: ten thousand of them are read for one page, and each is only printed.
"""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, cast

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from contacts import paths
from contacts.models import ContactGroup, Placement
from contacts.raw_texts import Digits, IdText, Plain
from contacts.showing import AUDIENCES
from contacts.tree_remarks import Server, marks_of, servers_of
from organisations.models import Organisation

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
# parent, id, name, what holds of it as digits (see `CONDITION`), its system as the database writes it
PointRow = tuple[Parent, str, str, str, str]
Rows = QuerySet[Any, Any]

CONDITION = ("active", "visible", *AUDIENCES)


class Gap(NamedTuple):
    """Siblings that are not loaded: those whose position lies between `after` and `before` (None: no end)."""

    after: float
    before: float | None
    left_out: int


@dataclass(frozen=True)
class Tree:
    """Children by their parent.

    `open` are the branches that are shown, `filled` the groups in which something stands, `elsewhere` the points that
    stand in other places too, `twins` the (parent, name) that several points of a group share. `systems` are those of
    the organisation, by their ids as they stand in the rows, `marks` what is wrong with points besides, by their ids.
    """

    groups: dict[Parent, list[GroupRow | Gap]] = field(default_factory=dict)
    points: dict[Parent, list[PointRow | Gap]] = field(default_factory=dict)
    open: Collection[Parent] = frozenset()
    filled: Collection[Parent] = frozenset()
    elsewhere: Collection[str] = frozenset()
    twins: Collection[tuple[Parent, str]] = frozenset()
    systems: Mapping[str, Server] = field(default_factory=dict)
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def whole(organisation: Organisation, *, at: dt.datetime) -> Tree:
    """Return the whole structure with every branch open, from four flat queries."""
    groups: dict[Parent, list[GroupRow | Gap]] = defaultdict(list)
    points: dict[Parent, list[PointRow | Gap]] = defaultdict(list)
    for group in _groups(ContactGroup.objects.filter(organisation=organisation)).order_by("position"):
        groups[group[0]].append(group)
    placed = list(_points(Placement.objects.filter(organisation=organisation)).order_by("position"))
    for point in placed:
        points[point[0]].append(point)
    filled = {None, *groups, *points}
    elsewhere = {id_ for id_, times in Counter([point[1] for point in placed]).items() if times > 1}
    twins = {shared for shared, times in Counter([(point[0], point[2]) for point in placed]).items() if times > 1}
    return Tree(
        *(groups, points),
        open=filled,
        filled=filled,
        elsewhere=elsewhere,
        twins=twins,
        systems=servers_of(organisation, at=at),
        marks=marks_of(organisation, at=at),
    )


def branches(
    organisation: Organisation,
    opened: Collection[uuid.UUID],
    *,
    keep: Collection[uuid.UUID] = (),
    servers: Mapping[str, Server] | None = None,
    at: dt.datetime,
) -> Tree:
    """Return the top level and the branches in `opened`, each shortened, in four queries whatever the size.

    The groups and points in `keep` are there however far down their siblings they stand. `servers` are what
    `servers_of` returned, where that was asked already.
    """
    shown = list(dict.fromkeys(opened))[:MOST_OPEN]
    parents: list[uuid.UUID | None] = [None, *shown]
    limit = max(FEWEST, FIRST_PAINT // len(parents))
    groups, filled = _shortened(_numbered_groups(organisation, parents), limit, Q(pk__in=list(keep)))
    found, elsewhere = _shortened(_numbered_points(organisation, parents), limit, Q(point__in=list(keep)))
    points, twins = _without_twins(found)
    return Tree(
        *(groups, points),
        open={None, *map(str, shown)},
        filled=filled,
        elsewhere=elsewhere,
        twins=twins,
        systems=servers_of(organisation, at=at) if servers is None else servers,
        marks=marks_of(organisation, at=at, points=_ids(points)),
    )


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
    """Return the children of one group between two positions, at most `BRANCH` of each kind, in four queries.

    `groups` and `points` say which kinds are wanted.
    """
    between = Q(position__gt=after) if before is None else Q(position__gt=after, position__lt=before)
    found = Tree(open={None if parent_id is None else str(parent_id)})
    if groups:
        rows, filled = _shortened(_numbered_groups(organisation, [parent_id]).filter(between), BRANCH, end=before)
        found = replace(found, groups=rows, filled=filled)
    if points:
        numbered, flagged = _shortened(_numbered_points(organisation, [parent_id]).filter(between), BRANCH, end=before)
        rows, twins = _without_twins(numbered)
        found = replace(
            found,
            points=rows,
            elsewhere=flagged,
            twins=twins,
            systems=servers_of(organisation, at=at),
            marks=marks_of(organisation, at=at, points=_ids(rows)),
        )
    return found


def filtered(
    organisation: Organisation, points: Rows, *, servers: Mapping[str, Server] | None = None, at: dt.datetime
) -> tuple[Tree, int]:
    """Return the first `MOST_FOUND` places of some points with the groups above them, all open, and how many there are.

    Four queries, and one more to count what is not shown. `servers` as for `branches`.
    """
    places = Placement.objects.filter(organisation=organisation, point__in=points.order_by().values("pk"))
    flag = Exists(Placement.objects.filter(point=OuterRef("point")).exclude(pk=OuterRef("pk")))
    rows = list(_points(places).annotate(flag=flag).order_by("point__name", "pk")[:MOST_FOUND])
    count = len(rows) if len(rows) < MOST_FOUND else places.count()
    tree = Tree(groups=defaultdict(list), points=defaultdict(list))
    for *row, _flag in rows:
        tree.points[row[0]].append(tuple(row))
    above = paths.above({uuid.UUID(parent) for parent in tree.points if parent}).groups.values()
    for group in sorted(above, key=lambda group: group.position):
        tree.groups[str(group.parent_id) if group.parent_id else None].append(
            (str(group.parent_id) if group.parent_id else None, str(group.pk), group.name)
        )
    elsewhere = {row[1] for row in rows if row[-1]}
    shown = {None, *tree.groups, *tree.points}
    found = replace(
        tree,
        open=shown,
        filled=shown,
        elsewhere=elsewhere,
        systems=servers_of(organisation, at=at) if servers is None else servers,
        marks=marks_of(organisation, at=at, points=_ids(tree.points)),
    )
    return found, count


def _groups(groups: Rows) -> Rows:
    return groups.values_list(IdText("parent_id"), IdText("pk"), "name")


def _points(places: Rows) -> Rows:
    condition = Digits(*(f"point__{name}" for name in CONDITION))
    return places.values_list(
        IdText("group_id"), IdText("point_id"), "point__name", condition, Plain("point__system_id")
    )


def _numbered_groups(organisation: Organisation, parents: Sequence[uuid.UUID | None]) -> Rows:
    filled = Exists(ContactGroup.objects.filter(parent=OuterRef("pk"))) | Exists(
        Placement.objects.filter(group=OuterRef("pk"))
    )
    rows = ContactGroup.objects.filter(_below("parent", parents), organisation=organisation)
    return _numbered(_groups(rows), "parent_id", filled)


def _numbered_points(organisation: Organisation, parents: Sequence[uuid.UUID | None]) -> Rows:
    elsewhere = Exists(Placement.objects.filter(point=OuterRef("point")).exclude(pk=OuterRef("pk")))
    rows = _points(Placement.objects.filter(_below("group", parents), organisation=organisation))
    alike = Window(Count("*"), partition_by=[F("group_id"), F("point__name")])
    return _numbered(rows.annotate(alike=alike), "group_id", elsewhere)


def _ids(points: Mapping[Parent, list[PointRow | Gap]]) -> list[str]:
    return [row[1] for rows in points.values() for row in rows if not isinstance(row, Gap)]


def _without_twins(
    found: dict[Parent, list[Any]],
) -> tuple[dict[Parent, list[PointRow | Gap]], set[tuple[Parent, str]]]:
    """Return rows without how many of their group bear the name, and apart from them which names several bear."""
    twins = {(row[0], row[2]) for rows in found.values() for row in rows if not isinstance(row, Gap) and row[5] > 1}
    points = {parent: [row if isinstance(row, Gap) else row[:5] for row in rows] for parent, rows in found.items()}
    return points, twins


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
