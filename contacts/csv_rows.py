"""From cells to rows: what each row of a file is about, and the values it states."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from adgang.lib.findings import finding
from contacts.csv_columns import EXCEL_ERRORS, Column, Handling, Kind, Refused, cell, uuid_of
from contacts.loading import GroupNode, PointNode, Structure
from contacts.sheets import Found, Sheet
from contacts.texts import folded, one_line
from systems.models import System

Node = GroupNode | PointNode


@dataclass
class Row:
    """A row of the file: `given` are the values it states, `paths` its cell of places (None: there is no such column).

    `node` is what it describes: what its ID names, else what the plan makes for it.
    """

    number: int
    kind: Kind
    given: dict[str, Any]
    paths: str | None = None
    handling: Handling | None = None
    node: Node | None = None
    is_new: bool = True

    @property
    def name(self) -> str:
        """The name stated, or ""."""
        return str(self.given.get("name", ""))


@dataclass
class Findings:
    """What was found so far."""

    found: list[Found] = field(default_factory=list)

    def add(self, row: int | None, column: str, value: str, code: str, **params: Any) -> None:
        """Add a finding of the table; its text may name the value."""
        self.found.append(Found(finding(code, **({"value": value} | params)), row, column, value))

    def take(self, refused: Refused, row: int, column: str, value: str) -> None:
        """Add why a cell was refused."""
        self.found.append(Found(refused.finding, row, column, value))


class RowReader:
    """Reads rows against a structure: ids, systems by name or id, values by column."""

    def __init__(self, structure: Structure, findings: Findings) -> None:
        self.structure, self.findings = structure, findings
        self.default = next((system for system in structure.systems if system.is_default_recipient), None)
        self.systems = {str(system.registry_id): system for system in structure.systems if system.registry_id}
        self.systems |= {folded(system.name): system for system in structure.systems}
        self.systems |= {str(system.pk): system for system in structure.systems}
        # How many new points were given the default recipient system.
        self.defaulted = 0

    def rows(self, sheet: Sheet) -> list[Row]:
        """Return the rows that can be told apart; of those that cannot, the reason is among the findings."""
        rows: list[Row] = []
        seen: dict[uuid.UUID, int] = {}
        for number, cells in sheet.rows:
            row = self._row(number, cells, sheet)
            if row is None:
                continue
            if row.node is not None and (other := seen.setdefault(row.node.id, number)) != number:
                self.findings.add(number, "id", cells["id"], "row.id_twice", other=other)
                continue
            rows.append(row)
        return rows

    def _row(self, number: int, cells: dict[str, str], sheet: Sheet) -> Row | None:
        try:
            kind = _kind(cells)
            node = self._node(cells)
        except Refused as refused:
            column = "type" if refused.finding.code == "row.type" else "id"
            self.findings.take(refused, number, column, cells[column])
            return None
        if node is not None and kind is not None and isinstance(node, GroupNode) != (kind is Kind.GROUP):
            self.findings.add(number, "type", cells["type"], "row.id_other_kind")
            return None
        kind = kind or (Kind.GROUP if isinstance(node, GroupNode) else Kind.POINT)
        row = Row(number, kind, {}, cells.get("gruppe"), node=node, is_new=node is None)
        row.given = self._values(row, cells, sheet)
        if kind is Kind.POINT:
            row.given |= self._system(row, cells)
        row.handling = self._handling(row, cells.get("handling", ""))
        return row

    def _node(self, cells: dict[str, str]) -> Node | None:
        id_ = uuid_of(cells.get("id", ""))
        if id_ is None:
            return None
        node = self.structure.node(id_)
        if node is None:
            raise Refused("row.id_unknown")
        return node

    def _values(self, row: Row, cells: dict[str, str], sheet: Sheet) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for column in sheet.columns:
            text = cells.get(column.name)
            if text is None:
                continue
            if row.kind not in column.kinds:
                self._refuse_foreign(row.number, row.kind, column.name, text)
            elif column.read is not None:
                try:
                    _refuse_excel_error(row, column, text)
                    given |= column.read(text)
                except Refused as refused:
                    self.findings.take(refused, row.number, column.name, text)
        return given

    def _refuse_foreign(self, number: int, kind: Kind, column: str, text: str) -> None:
        if text and text.casefold() not in SAYS_NOTHING:
            code = "row.not_for_groups" if kind is Kind.GROUP else "row.not_for_points"
            self.findings.add(number, column, text, code)

    def _system(self, row: Row, cells: dict[str, str]) -> dict[str, System]:
        text = one_line(cells.get("modtagersystem", ""))
        if text:
            system = self.systems.get(folded(text))
            if system is None:
                self.findings.add(row.number, "modtagersystem", text, "system.unknown")
        elif row.is_new:
            system = self.default
            self.defaulted += 1
            if system is None:
                self.findings.add(row.number, "modtagersystem", "", "system.missing")
        else:
            system = None
        return {"system": system} if system else {}

    def _handling(self, row: Row, text: str) -> Handling | None:
        word = " ".join(text.casefold().split())
        if not word:
            return None
        code = _handling_fault(row, word)
        if code:
            self.findings.add(row.number, "handling", text, code)
        return None if code else Handling(word)


# What other tools write into cells that are not meant for the row's kind.
SAYS_NOTHING = frozenset(["nej", "0"])
TYPES = {
    "": None,
    "punkt": Kind.POINT,
    "kontaktpunkt": Kind.POINT,
    "gruppe": Kind.GROUP,
    "kontaktgruppe": Kind.GROUP,
}


def _refuse_excel_error(row: Row, column: Column, text: str) -> None:
    """Raise `Refused` where a formula went wrong in the spreadsheet; what stands there already may look like that."""
    if text in EXCEL_ERRORS and (row.node is None or cell(column, row.kind, row.node.values) != text):
        raise Refused("excel.error", value=text)


def _kind(cells: dict[str, str]) -> Kind | None:
    word = cells.get("type", "").casefold()
    if word not in TYPES:
        raise Refused("row.type", value=cells["type"])
    return TYPES[word]


def _handling_fault(row: Row, word: str) -> str:
    if word not in list(Handling):
        return "handling.unknown"
    if row.is_new:
        return "handling.new"
    return "handling.group" if row.kind is Kind.GROUP and word != Handling.DELETE else ""
