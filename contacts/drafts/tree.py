"""The tree of a draft: the rows of `contacts.tree`, made of the structure in memory."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from operator import attrgetter, itemgetter
from typing import TypeVar

from contacts.loading import GroupNode, PointNode, Structure
from contacts.tree import BRANCH, CONDITION, FEWEST, FIRST_PAINT, MOST_OPEN, Gap, GroupRow, PointRow, Tree
from contacts.tree_remarks import SYSTEM_FIELDS, servers_among

Parent = uuid.UUID | None
Row = TypeVar("Row", GroupRow, PointRow)


class Branches:
    """The children of every group, ready to be asked for."""

    def __init__(self, structure: Structure, *, at: dt.datetime) -> None:
        self.structure = structure
        self.groups: dict[Parent, list[GroupNode]] = defaultdict(list)
        self.points: dict[Parent, list[PointNode]] = defaultdict(list)
        for group in sorted(structure.groups.values(), key=lambda node: node.position):
            self.groups[group.parent_id].append(group)
        for node in structure.points.values():
            for group_id in node.group_ids:
                self.points[group_id].append(node)
        self.servers = servers_among([attrgetter(*SYSTEM_FIELDS)(system) for system in structure.systems], at=at)

    def tree(self, opened: Collection[uuid.UUID], *, keep: Collection[uuid.UUID] = ()) -> Tree:
        """Return the top level and the branches in `opened`, each shortened but for the nodes in `keep`."""
        shown = [pk for pk in dict.fromkeys(opened) if pk in self.structure.groups][:MOST_OPEN]
        limit = max(FEWEST, FIRST_PAINT // (len(shown) + 1))
        return self._tree([None, *shown], limit, keep)

    def whole(self) -> Tree:
        """Return everything, with every branch open."""
        return self._tree([None, *self.structure.groups], len(self.structure.points) + len(self.structure.groups), ())

    def below(self, parent: Parent, *, kind: str = "", after: float = 0, before: float | None = None) -> Tree:
        """Return the children of one group between two positions, at most `BRANCH` of each kind ("g", "p" or both)."""
        return self._tree([parent], BRANCH, (), kind=kind, after=after, before=before)

    def _tree(
        self,
        parents: Collection[Parent],
        limit: int,
        keep: Collection[uuid.UUID],
        *,
        kind: str = "",
        after: float = 0,
        before: float | None = None,
    ) -> Tree:
        groups: dict[str | None, list[GroupRow | Gap]] = {}
        points: dict[str | None, list[PointRow | Gap]] = {}
        for parent in parents:
            key = str(parent) if parent else None
            if kind != "p":
                rows = [(node.position, node.id, self._group(node, key)) for node in self.groups.get(parent, ())]
                groups[key] = _shortened(rows, limit, keep, after, before)
            if kind != "g":
                placed = [(at, node.id, self._point(node, key)) for at, node in self._placed(parent)]
                points[key] = _shortened(placed, limit, keep, after, before)
        filled = {str(pk) for pk in self.structure.groups if self.groups.get(pk) or self.points.get(pk)}
        elsewhere = {str(pk) for pk, node in self.structure.points.items() if len(node.group_ids) > 1}
        opened = {str(parent) if parent else None for parent in parents}
        return Tree(groups, points, open=opened, filled=filled, elsewhere=elsewhere, systems=self.servers)

    def _placed(self, parent: Parent) -> list[tuple[float, PointNode]]:
        """Return the points of one group with their positions, in their order; a page asks for few groups."""
        place = self.structure.place
        rows = [(place.get((node.id, parent), 0), node) for node in self.points.get(parent, ())]
        return sorted(rows, key=itemgetter(0))

    def _group(self, node: GroupNode, parent: str | None) -> GroupRow:
        return parent, str(node.id), node.values.name

    def _point(self, node: PointNode, parent: str | None) -> PointRow:
        digits = "".join("1" if getattr(node.values, name) else "0" for name in CONDITION)
        return parent, str(node.id), node.values.name, digits, str(node.values.system.pk)


def _shortened(
    rows: list[tuple[float, uuid.UUID, Row]],
    limit: int,
    keep: Collection[uuid.UUID],
    after: float,
    before: float | None,
) -> list[Row | Gap]:
    """Return the first `limit` rows between two positions and those in `keep`; a `Gap` wherever rows are left out."""
    inside = [row for row in rows if row[0] > after and (before is None or row[0] < before)]
    shown: list[Row | Gap] = []
    last, left_out = after, 0
    for number, (position, pk, row) in enumerate(inside):
        if number >= limit and pk not in keep:
            left_out += 1
            continue
        if left_out:
            shown.append(Gap(last, position, left_out))
        shown.append(row)
        last, left_out = position, 0
    if left_out:
        shown.append(Gap(last, before, left_out))
    return shown
