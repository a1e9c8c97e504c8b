"""Export of a contact structure as CSV that can be imported again without a difference."""

import uuid
from collections import defaultdict
from collections.abc import Iterator

from adgang.lib.exports import csv_lines
from contacts.csv_columns import COLUMNS, EXPORTED, Kind, cell
from contacts.differences import path_cell
from contacts.loading import GroupNode, PointNode, Structure, load
from organisations.models import Organisation

HEADER = [column.name for column in EXPORTED]


def csv_of(organisation: Organisation) -> Iterator[str]:
    """Yield the lines of the organisation's structure as CSV, in the order of the tree."""
    structure = load(organisation)
    return csv_lines(HEADER, (row(node, structure) for node in in_order(structure)))


def in_order(structure: Structure) -> Iterator[GroupNode | PointNode]:
    """Yield each group with what stands in it, groups before points; a point at the first of its places."""
    groups: dict[uuid.UUID | None, list[GroupNode]] = defaultdict(list)
    points: dict[uuid.UUID | None, list[PointNode]] = defaultdict(list)
    for node in sorted(structure.groups.values(), key=lambda one: one.position):
        groups[node.parent_id].append(node)
    for (point_id, group_id), _position in sorted(structure.place.items(), key=lambda item: item[1]):
        points[group_id].append(structure.points[point_id])
    written: set[uuid.UUID] = set()
    # What is still to be gone through: a group to open, or the points of one whose groups are done.
    waiting: list[GroupNode | uuid.UUID | None] = [None, *reversed(groups[None])]
    while waiting:
        here = waiting.pop()
        if isinstance(here, GroupNode):
            yield here
            waiting += [here.id, *reversed(groups[here.id])]
            continue
        for point in points[here]:
            if point.id not in written:
                written.add(point.id)
                yield point


def row(node: GroupNode | PointNode, structure: Structure) -> list[str]:
    """Return the cells of one group or point."""
    kind = Kind.GROUP if isinstance(node, GroupNode) else Kind.POINT
    own = {"type": str(kind), "id": str(node.id), "gruppe": path_cell(node, structure)}
    return [own.get(column.name) or cell(column, kind, node.values) for column in EXPORTED]


def template() -> Iterator[str]:
    """Yield the lines of a file with every column and one row of examples for a group and for a point."""
    group = {"type": str(Kind.GROUP), "gruppe": "Borger", "navn": "Ydelser", "beskrivelse": "Penge og tilskud"}
    examples = [column.example if Kind.POINT in column.kinds and column.name not in BLANK else "" for column in COLUMNS]
    return csv_lines(
        [column.name for column in COLUMNS], [[group.get(column.name, "") for column in COLUMNS], examples]
    )


# Left empty in the template: what they stand for differs from authority to authority.
BLANK = frozenset(["id", "modtagersystem", "id i digital post", "erstattes af", "handling"])
