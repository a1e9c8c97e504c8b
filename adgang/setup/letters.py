"""The letter types of a set-up file: each written from its row of the CSV file, and read by the reader of that file."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adgang.lib.findings import finding
from adgang.setup.carrying import Rules
from adgang.setup.keys import LETTER_KEYS, flat, nested
from adgang.setup.nodes import Entries, Found, Items, Node, Text
from adgang.setup.yaml_writing import Remarked
from contacts import cells
from contacts.csv_columns import Refused, uuid_of
from contacts.csv_rows import Findings
from contacts.loading import PointNode
from contacts.sheets import Sheet
from contacts.texts import folded, one_line
from memo.letter_columns import BY_KEY, COLUMNS, ID, NAME, POINT, cell
from memo.letter_rows import Row, RowReader
from memo.models import LetterType
from organisations.models import Organisation
from systems.models import System

BY_NAME = {column.name: column for column in COLUMNS}
KEY_OF = {key.column: name for name, key in LETTER_KEYS.items()} | {NAME: "letter", ID: "id"}
ASKED = LETTER_KEYS["contactInfo"].column


def stored(organisation: Organisation) -> list[LetterType]:
    """Return the organisation's letter types with what is known of their contact points, by name."""
    types = LetterType.objects.filter(organisation=organisation).with_point().select_related("sender_system")
    return sorted(types, key=lambda one: (one.name.casefold(), one.pk))


def _empty() -> dict[str, str]:
    nothing = LetterType()
    vars(nothing)["point_name"] = None
    return {key.column: cell(BY_NAME[key.column], nothing) for key in LETTER_KEYS.values()}


def written(letter_type: LetterType) -> dict[str, Any]:
    """Return what a file says of a letter type: only what differs from one that says nothing."""
    empty = _empty()
    told: dict[str, Any] = {}
    for name, key in LETTER_KEYS.items():
        text = cell(BY_NAME[key.column], letter_type)
        if key.column == POINT and letter_type.reply_point_id is not None:
            told[name] = Remarked(str(letter_type.reply_point_id), text)
        elif text != empty[key.column]:
            told[name] = key.written(text)
    return {"letter": letter_type.name, "id": str(letter_type.pk), **nested(told)}


@dataclass(frozen=True)
class Letters:
    """The rows of all letter types as they are to be; those that the file leaves out are to go."""

    rows: list[Row]

    @property
    def after(self) -> list[LetterType]:
        """The letter types that will be there."""
        return [row.new for row in self.rows if not row.goes]


def read(
    section: Node,
    organisation: Organisation,
    findings: list[Found],
    *,
    systems: Iterable[System],
    points: Mapping[uuid.UUID, PointNode],
    ids: Mapping[uuid.UUID, uuid.UUID],
    rules: Rules,
) -> Letters:
    """Return what the section asks for; everything that is wrong with it is added to the findings.

    `systems` and `points` are those that will be there; `ids` gives our ids by those of the file.
    """
    return _Reader(organisation, findings, ids, rules).run(section, systems, points)


class _Reader:
    def __init__(
        self, organisation: Organisation, findings: list[Found], ids: Mapping[uuid.UUID, uuid.UUID], rules: Rules
    ) -> None:
        self.organisation, self.findings, self.ids, self.rules = organisation, findings, ids, rules
        self.sheet = Sheet(columns=list(BY_NAME.values()), known=BY_KEY)
        self.of_csv = Findings()
        self.reader = RowReader(organisation, self.sheet, self.of_csv)
        self.wanted_ids: dict[int, uuid.UUID] = {}
        self.gone: dict[int, uuid.UUID] = {}

    def note(self, line: int, where: str, code: str, /, **params: Any) -> None:
        self.findings.append(Found(finding(code, **params), line, where))

    def run(self, section: Node, systems: Iterable[System], points: Mapping[uuid.UUID, PointNode]) -> Letters:
        self.reader.systems = {folded(system.name): system for system in systems if system.is_sender}
        vars(self.reader)["points"] = {str(pk): [(pk, node.values.name)] for pk, node in points.items()}
        for entry in self.entries(section):
            self.sheet.rows.append((entry.line, self.cells(entry)))
        rows = self.reader.rows()
        for row in rows:
            self.finish(row)
        self.tell()
        stated = {row.old.pk for row in rows if row.old}
        gone = [one for pk, one in self.reader.types.items() if pk not in stated]
        return Letters([*rows, *(Row(0, one, one, goes=True) for one in gone)])

    def entries(self, section: Node) -> list[Entries]:
        if isinstance(section, Text) and section.is_nothing:
            return []
        if not isinstance(section, Items):
            self.note(section.line, "letterTypes", "setup.list_wanted")
            return []
        found = []
        for item in section.items:
            if isinstance(item, Entries) and isinstance(item.entries.get("letter"), Text):
                found.append(item)
            else:
                self.note(item.line, "letter", "setup.letter_what")
        return found

    def cells(self, entry: Entries) -> dict[str, str]:
        """Return the row of an entry; what it leaves out is as it is in one that says nothing."""
        name = entry.entries["letter"]
        made = _empty() | {NAME: one_line(name.value) if isinstance(name, Text) else "", ID: self.id_of(entry)}
        for key_name, node, line in flat(entry, {**LETTER_KEYS, "letter": None, "id": None}, self.findings):
            if key_name not in LETTER_KEYS:
                continue
            key = LETTER_KEYS[key_name]
            try:
                made[key.column] = key.cell(node)
            except Refused as refused:
                self.findings.append(Found(refused.finding, line, key_name))
        made[POINT] = self.point(entry, made)
        return made

    def id_of(self, entry: Entries) -> str:
        """Return the id for the row: one that is known here, else none."""
        node = entry.entries.get("id")
        try:
            pk = uuid_of(node.value) if isinstance(node, Text) and not node.is_nothing else None
        except Refused as refused:
            self.findings.append(Found(refused.finding, entry.lines["id"], "id"))
            return ""
        if pk is not None and self.rules.is_given:
            pk = self.rules.ids.get(pk)
        if pk is None:
            return ""
        if pk in self.reader.types:
            return str(pk)
        if LetterType.objects.filter(pk=pk).exists():
            self.note(entry.line, "id", "setup.id_taken", value=str(pk))
        self.wanted_ids[entry.line] = pk
        return ""

    def point(self, entry: Entries, made: Mapping[str, str]) -> str:
        """Return our id of the contact point that the file names by its own; "" for one that is gone for a new letter.

        A letter type outlives its contact point, and so does the reference to it.
        """
        try:
            pk = uuid_of(made[POINT])
        except Refused:
            return made[POINT]
        if pk is None:
            return ""
        pk = self.ids.get(pk, pk)
        is_known = made[ID] or folded(made[NAME]) in self.reader.by_name
        if is_known or str(pk) in self.reader.points:
            return str(pk)
        self.note(entry.lines["replyPoint"], "replyPoint", "setup.point_gone", name=made[NAME])
        self.gone[entry.line] = pk
        return ""

    def finish(self, row: Row) -> None:
        if row.old is not None:
            return
        if row.number in self.wanted_ids:
            row.new.pk = self.wanted_ids[row.number]
        row.new.reply_point_id = self.gone.get(row.number, row.new.reply_point_id)
        # What a form offers to begin with is no business of a file: it says what it says.
        stated = dict(self.sheet.rows)[row.number]
        row.new.contact_info = cells.split_list(stated[ASKED])

    def tell(self) -> None:
        for one in self.of_csv.found:
            self.findings.append(Found(one.finding, one.row, KEY_OF.get(one.column, one.column)))
