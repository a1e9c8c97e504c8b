"""Import of letter types from CSV: always a dry run first, then everything or nothing, and one event."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.functional import cached_property

from adgang.lib.findings import Severity
from adgang.lib.registered import save_version
from adgang.lib.snapshots import JSON, differences, snapshot
from contacts import csv_reading
from contacts.csv_rows import Findings
from contacts.differences import Act, FieldChange
from contacts.file_reading import OLD_EXCEL, ZIP
from contacts.sheets import Found, Sheet
from memo import letter_columns
from memo.letter_columns import COLUMNS, ID, cell
from memo.letter_rows import Row, RowReader
from memo.models import LetterType
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Organisation

MAX_BYTES = 512 * 1024
MAX_ROWS = 2_000
PERSONS = "responsible"  # the key of the log under which people stand, so that they can be forgotten


class ImportRefused(Exception):
    """The file has faults, or does something else than was agreed to; `plan` says what. Nothing was written."""

    def __init__(self, plan: "Plan") -> None:
        super().__init__("the file has faults, or the letter types were changed")
        self.plan = plan


@dataclass(frozen=True)
class Change:
    """What happens to one letter type, for `contacts/import_changes.html`."""

    act: Act
    id: uuid.UUID
    name: str
    row: int
    fields: tuple[FieldChange, ...]


@dataclass
class Plan:
    """What a file would do, with every fault of it."""

    sheet: Sheet
    findings: Findings
    rows: list[Row] = field(default_factory=list)

    @cached_property
    def changes(self) -> list[Change]:
        """Everything that differs, in the order of the file."""
        return [change for row in self.rows if (change := change_of(row))]

    @property
    def errors(self) -> list[Found]:
        """What refuses the file, in its order."""
        refused = [one for one in self.findings.found if one.finding.severity is Severity.ERROR]
        return sorted(refused, key=lambda one: one.row or 0)

    @property
    def seen(self) -> str:
        """A fingerprint of the difference, by which `apply` knows that it is the one agreed to."""
        told = [
            [one.act, one.name, [[f.column, f.before, f.after] for f in one.fields]]
            + ([] if one.act is Act.CREATE else [str(one.id)])
            for one in self.changes
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    @property
    def counts(self) -> dict[Act, int]:
        """How many letter types are made, changed and deleted."""
        return {act: sum(one.act is act for one in self.changes) for act in Act}


def change_of(row: Row) -> Change | None:
    """Return what a row does to its letter type; None when that is nothing."""
    if row.goes and row.old:
        return Change(Act.DELETE, row.old.pk, row.old.name, row.number, ())
    pairs = [(column.name, cell(column, row.old) if row.old else "", cell(column, row.new)) for column in COLUMNS]
    fields = tuple(FieldChange(*pair) for pair in pairs if pair[0] != ID and pair[1] != pair[2])
    if row.old is None:
        return Change(Act.CREATE, row.new.pk, row.new.name, row.number, fields)
    same = snapshot(row.old) == snapshot(row.new)
    return None if same else Change(Act.CHANGE, row.new.pk, row.new.name, row.number, fields)


def dry_run(*, organisation: Organisation, content: bytes) -> Plan:
    """Return what a file would do, with every fault and the whole difference; nothing is written."""
    sheet = _read(content)
    findings = Findings(list(sheet.faults))
    return Plan(sheet, findings, RowReader(organisation, sheet, findings).rows())


def _read(content: bytes) -> Sheet:
    sheet = Sheet(known=letter_columns.BY_KEY)
    if len(content) > MAX_BYTES:
        sheet.refuse("letter.file.large", limit=MAX_BYTES // 1024)
    elif content.startswith((ZIP, OLD_EXCEL)):
        sheet.refuse("letter.file.not_csv")
    else:
        sheet = csv_reading.read(content, known=letter_columns.BY_KEY)
        if len(sheet.rows) > MAX_ROWS:
            sheet.refuse("file.rows", limit=MAX_ROWS)
            sheet.rows.clear()
    return sheet


@transaction.atomic
def apply(*, caller: Caller, organisation: Organisation, content: bytes, seen: str) -> Plan:
    """Carry out a file whose difference was agreed to as `seen`; return what was done. Raises `ImportRefused`."""
    organisation = lock(organisation.pk)
    plan = dry_run(organisation=organisation, content=content)
    if plan.errors or plan.seen != seen:
        raise ImportRefused(plan)
    if rows := changing(plan.rows):
        events.record(caller, organisation, write(organisation, rows))
    return plan


def changing(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that do something to their letter type."""
    return [row for row in rows if change_of(row)]


def write(organisation: Organisation, rows: list[Row]) -> events.Entry:
    """Save what the rows say and return the event of it, for the caller to record; it holds the organisation's lock."""
    _save(rows)
    before, after = _logged(rows)
    personal = frozenset({PERSONS})
    return events.Entry(tag=Tag.LETTER_TYPES_IMPORTED, obj=organisation, before=before, after=after, personal=personal)


def _save(rows: list[Row]) -> None:
    LetterType.objects.filter(pk__in=[row.new.pk for row in rows if row.goes]).delete()
    kept = [row for row in rows if not row.goes]
    for row in kept:  # two may swap their names, and no name may stand there twice even for a moment
        if row.old and row.old.name != row.new.name:
            LetterType.objects.filter(pk=row.old.pk).update(name=str(row.old.pk))
    for row in kept:
        if row.old:
            save_version(row.new, version=row.old.version)
    LetterType.objects.bulk_create([row.new for row in kept if row.old is None])


def _logged(rows: list[Row]) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """Return what differs by the id of the letter type: how it was, and how it is."""
    before: dict[str, JSON] = {PERSONS: {}}
    after: dict[str, JSON] = {PERSONS: {}}
    for row in rows:
        old = snapshot(row.old) if row.old else {}
        new = {} if row.goes else snapshot(row.new)
        differing = differences(old, new)
        _tell(before, row, old, {name: was for name, (was, _now) in differing.items()})
        _tell(after, row, new, {name: now for name, (_was, now) in differing.items()})
    return before, after


def _tell(log: dict[str, JSON], row: Row, whole: dict[str, JSON], told: dict[str, JSON]) -> None:
    if not whole:
        return
    said = {name: value for name, value in told.items() if value not in (None, "", [])}
    if persons := {name: said[name] for name in said if name in LetterType.personal_fields}:
        log[PERSONS][str(row.new.pk)] = persons
    plain = {name: value for name, value in said.items() if name not in LetterType.personal_fields}
    log[str(row.new.pk)] = {"name": whole["name"]} | plain


def lines(organisation: Organisation) -> Iterator[list[str]]:
    """Yield every letter type as a row of a file."""
    types = LetterType.objects.filter(organisation=organisation).with_point().select_related("sender_system")
    yield from letter_columns.rows(types)
