"""The contact structure as it stands in a set-up file: groups in groups, in their order."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from adgang.setup.keys import GROUP_KEYS, POINT_KEYS, Key, nested
from adgang.setup.yaml_writing import Remarked
from contacts.csv_columns import BY_NAME, Kind, cell
from contacts.loading import GroupNode, PointNode, Structure
from contacts.values import GroupValues, PointValues, Values
from systems.models import System

# How deep groups may stand in groups in a file; Digital Post itself sets no bound.
DEEPEST = 100
# What a new group or point is where a file says nothing else: only what differs from it is written.
DEFAULTS: dict[Kind, Values] = {
    Kind.GROUP: GroupValues(name=""),
    Kind.POINT: PointValues(name="", system=System(is_recipient=True)),
}
KEYS: Mapping[Kind, Mapping[str, Key]] = {Kind.GROUP: GROUP_KEYS, Kind.POINT: POINT_KEYS}
NO_CELLS = {
    kind: {name: cell(BY_NAME[key.column], kind, DEFAULTS[kind]) for name, key in keys.items()}
    for kind, keys in KEYS.items()
}


class TooDeep(Exception):
    """Groups stand in groups deeper than a file can show."""


def written(structure: Structure) -> list[dict[str, Any]]:
    """Return the whole structure, each group with what stands in it, groups before points. Raises `TooDeep`."""
    return _Writer(structure).contents(None, depth=0)


class _Writer:
    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.groups: dict[uuid.UUID | None, list[GroupNode]] = defaultdict(list)
        self.points: dict[uuid.UUID | None, list[PointNode]] = defaultdict(list)
        for group in sorted(structure.groups.values(), key=lambda one: one.position):
            self.groups[group.parent_id].append(group)
        for (point_id, group_id), _position in sorted(structure.place.items(), key=lambda item: item[1]):
            self.points[group_id].append(structure.points[point_id])
        self.told: set[uuid.UUID] = set()

    def contents(self, group_id: uuid.UUID | None, *, depth: int) -> list[dict[str, Any]]:
        if depth > DEEPEST:
            raise TooDeep
        groups = [self.group(node, depth) for node in self.groups[group_id]]
        return [*groups, *(self.point(node) for node in self.points[group_id])]

    def group(self, node: GroupNode, depth: int) -> dict[str, Any]:
        inside = self.contents(node.id, depth=depth + 1)
        return {
            "group": node.values.name,
            "id": str(node.id),
            **_values(Kind.GROUP, node.values),
            "contents": inside or None,
        }

    def point(self, node: PointNode) -> dict[str, Any]:
        """Return a point where it comes first, and a reference to it at its other places."""
        if node.id in self.told:
            return {"also": Remarked(str(node.id), node.values.name)}
        self.told.add(node.id)
        told = _values(Kind.POINT, node.values)
        successor = self.structure.points.get(node.values.replaced_by) if node.values.replaced_by else None
        if successor is not None:
            told["replacedBy"] = Remarked(told["replacedBy"], successor.values.name)
        return {"point": node.values.name, "id": str(node.id), "system": node.values.system.name, **told}


def _values(kind: Kind, values: Values) -> dict[str, Any]:
    """Return what differs from a new group or point, in the order of the keys."""
    cells = {name: cell(BY_NAME[key.column], kind, values) for name, key in KEYS[kind].items()}
    nothing = NO_CELLS[kind]
    return nested({name: KEYS[kind][name].written(text) for name, text in cells.items() if text != nothing[name]})
