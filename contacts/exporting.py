"""Export of a contact structure as CSV, Excel or JSON that can be imported again without a difference."""

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from django.utils.translation import gettext as _

from adgang.lib.exports import csv_lines
from contacts import json_reading
from contacts.csv_columns import COLUMNS, EXPORTED, Kind, cell
from contacts.differences import PathCells
from contacts.loading import GroupNode, PointNode, Structure, load
from organisations.models import Organisation

HEADER = [column.name for column in EXPORTED]


class Format(StrEnum):
    """The formats in which a structure is given out; each is also what the file's name ends in."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"

    @property
    def label(self) -> str:
        """What people call it."""
        return "Excel" if self is Format.XLSX else self.name


MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
}


def export(organisation: Organisation, form: Format) -> Iterator[bytes]:
    """Yield the parts of a file of the organisation's structure, in the order of the tree."""
    return of_structure(load(organisation), form)


def of_structure(structure: Structure, form: Format) -> Iterator[bytes]:
    """Yield the parts of a file of a structure that is in memory already."""
    return WRITERS[form](structure)


def _csv(structure: Structure) -> Iterator[bytes]:
    lines = csv_lines(HEADER, _rows(structure))
    return (line.encode() for line in lines)


def _xlsx(structure: Structure) -> Iterator[bytes]:
    from adgang.lib.workbooks import xlsx_bytes  # noqa: PLC0415 – see there

    yield xlsx_bytes(_("Contact structure"), HEADER, _rows(structure))


def _json(structure: Structure) -> Iterator[bytes]:
    paths = PathCells(structure)
    yield f'{{"{json_reading.LIST_OF_ROWS}": ['.encode()
    for number, node in enumerate(in_order(structure)):
        written = json_reading.write(kind_of(node), dict(zip(EXPORTED, row(node, paths), strict=True)))
        yield f"{',' if number else ''}\n{json.dumps(written, ensure_ascii=False)}".encode()
    yield b"\n]}\n"


WRITERS: dict[Format, Callable[[Structure], Iterator[bytes]]] = {
    Format.CSV: _csv,
    Format.XLSX: _xlsx,
    Format.JSON: _json,
}


def in_order(structure: Structure) -> Iterator[GroupNode | PointNode]:
    """Yield each group with what stands in it, groups before points; a point at the first of its places."""
    groups: dict[uuid.UUID | None, list[GroupNode]] = defaultdict(list)
    points: dict[uuid.UUID | None, list[PointNode]] = defaultdict(list)
    for node in sorted(structure.groups.values(), key=lambda one: one.position):
        groups[node.parent_id].append(node)
    for point, group_id in structure.standing():
        points[group_id].append(point)
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


def _rows(structure: Structure) -> Iterator[list[str]]:
    paths = PathCells(structure)
    return (row(node, paths) for node in in_order(structure))


def row(node: GroupNode | PointNode, paths: PathCells) -> list[str]:
    """Return the cells of one group or point; `paths` are those of its structure."""
    kind = kind_of(node)
    own = {"type": str(kind), "id": str(node.id), "gruppe": paths.of(node)}
    return [own.get(column.name) or cell(column, kind, node.values) for column in EXPORTED]


def kind_of(node: GroupNode | PointNode) -> Kind:
    """Say which of the two it is."""
    return Kind.GROUP if isinstance(node, GroupNode) else Kind.POINT


def template(form: Format) -> Iterable[bytes]:
    """Return the parts of a file with every column and one row of examples for a group and for a point."""
    group = {"type": str(Kind.GROUP), "gruppe": "Borger", "navn": "Ydelser", "beskrivelse": "Penge og tilskud"}
    examples = [column.example if Kind.POINT in column.kinds and column.name not in BLANK else "" for column in COLUMNS]
    rows = [[group.get(column.name, "") for column in COLUMNS], examples]
    header = [column.name for column in COLUMNS]
    if form is Format.XLSX:
        from adgang.lib.workbooks import xlsx_bytes  # noqa: PLC0415 – see there

        return [xlsx_bytes(_("Contact structure"), header, rows)]
    if form is Format.JSON:
        written = [
            json_reading.write(kind, {column: text for column, text in zip(COLUMNS, cells, strict=True) if text})
            for kind, cells in zip((Kind.GROUP, Kind.POINT), rows, strict=True)
        ]
        return [json.dumps({json_reading.LIST_OF_ROWS: written}, ensure_ascii=False, indent=2).encode()]
    return (line.encode() for line in csv_lines(header, rows))


# Left empty in the template: what they stand for differs from authority to authority.
BLANK = frozenset(["id", "modtagersystem", "id i digital post", "erstattes af", "handling"])
