"""From a file to the entries of a code list: CSV or Excel with the columns code, name, valid from, valid to.

The header may be in Danish (kode, navn, gyldig fra, gyldig til) or English, in any order; further columns are passed
over. A date is written 2026-11-23, 23-11-2026 or 23.11.2026.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO

from adgang.lib.findings import Finding, finding
from contacts import xlsx_reading
from contacts.code_lists import Entry
from contacts.codes import FORMS, damaged
from contacts.models import CodeType
from contacts.texts import one_line

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
MOST_FAULTS = 50
COLUMNS = {
    "code": ("code", "kode", "nummer", "emnenummer"),
    "name": ("name", "navn", "titel", "emnetitel", "betegnelse"),
    "valid_from": ("valid from", "valid_from", "gyldig fra", "gyldig_fra"),
    "valid_to": ("valid to", "valid_to", "gyldig til", "gyldig_til"),
}
DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
Row = Sequence[object]


class Refused(Exception):
    """The file cannot be taken; `findings` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(str(one.message) for one in findings))
        self.findings = findings


def read(content: bytes, type_: CodeType) -> list[Entry]:
    """Return the entries of a file for a classification. Raises `Refused` with every fault of it."""
    if len(content) > MAX_BYTES:
        raise Refused([finding("file.large", limit=MAX_BYTES // 1024 // 1024)])
    rows = enumerate(_workbook(content) if content.startswith(b"PK\x03\x04") else _text(content), 1)
    _number, header = next(rows, (1, []))
    places = _places(header)
    faults: list[Finding] = []
    entries: dict[str, Entry] = {}
    for number, row in rows:
        if number > MAX_ROWS:
            faults.append(finding("file.rows", limit=MAX_ROWS))
        elif any(_cell(cell) for cell in row):
            _take(number, row, places, type_, entries, faults)
        if len(faults) >= MOST_FAULTS or number > MAX_ROWS:
            break
    if not entries and not faults:
        faults.append(finding("file.empty"))
    if faults:
        raise Refused(faults)
    return list(entries.values())


def _workbook(content: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook  # noqa: PLC0415 – a quarter of a second of every start, and seldom needed

    if fault := xlsx_reading.archive_fault(content):
        raise Refused([finding(fault, entries=xlsx_reading.MAX_ENTRIES, megabytes=200)])
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        yield from (list(row) for row in book.worksheets[0].iter_rows(values_only=True))
    except (OSError, ValueError, KeyError, IndexError, EOFError) as error:
        raise Refused([finding("file.damaged")]) from error


def _text(content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    try:
        yield from (row for row in csv.reader(StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise Refused([finding("file.damaged")]) from error


def _places(header: Iterable[object]) -> dict[str, int]:
    names = [_cell(cell).casefold() for cell in header]
    places = {
        column: names.index(known) for column, spellings in COLUMNS.items() for known in spellings if known in names
    }
    if missing := [column for column in ("code", "name") if column not in places]:
        raise Refused([finding("codes.columns", column=column) for column in missing])
    return places


def _take(
    number: int,
    row: Row,
    places: dict[str, int],
    type_: CodeType,
    entries: dict[str, Entry],
    faults: list[Finding],
) -> None:
    """Add the entry of a row, or what is wrong with it."""
    cells = {column: row[place] if place < len(row) else "" for column, place in places.items()}
    code, name = _cell(cells["code"]), _cell(cells["name"])
    if damaged(code) or not FORMS[type_].fullmatch(code):
        faults.append(finding("codes.form", row=number, code=code, type=type_))
    elif not name or len(name) > 200:
        faults.append(finding("codes.name", row=number, code=code, longest=200))
    elif code in entries:
        faults.append(finding("codes.twice", row=number, code=code))
    else:
        try:
            entries[code] = Entry(code, name, _date(cells.get("valid_from")), _date(cells.get("valid_to")))
        except ValueError:
            faults.append(finding("codes.date", row=number, code=code))


def _cell(value: object) -> str:
    return "" if value is None else one_line(str(value))


def _date(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    text = _cell(value)
    if not text:
        return None
    for pattern in DATES:
        try:
            return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 – a day, in no zone
        except ValueError:
            continue
    raise ValueError(text)
