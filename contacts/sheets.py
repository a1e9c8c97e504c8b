"""A file as rows of cells, whatever its format: the header understood, every fault of its form named."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from typing import Any

from adgang.lib.findings import Finding, finding
from contacts.csv_columns import BY_KEY, Column, key

MAX_ROWS = 50_000
MAX_CELLS = 60  # of one row
# A cell that begins with this character was damaged by the program that wrote it: the code of the finding follows.
DAMAGED = "\x00"
MOST_UNKNOWN = 100  # columns that are named each; a file of another kind may have any number


@dataclass(frozen=True)
class Found:
    """A finding about a place in the file: the row as a spreadsheet numbers it (None: the file), column, value."""

    finding: Finding
    row: int | None = None
    column: str = ""
    value: str = ""


@dataclass
class Sheet:
    """A file as rows: (number, cell by column). `faults` are what kept parts of it from being read.

    A column that is absent from a row is not stated there. `encoding` and `separator` say how the file was read,
    `known` the columns that such a file may have, by the key of their name.
    """

    encoding: str = ""
    separator: str = ""
    columns: list[Column] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[Found] = field(default_factory=list)
    known: Mapping[str, Column] = field(default_factory=lambda: BY_KEY)

    def refuse(self, code: str, *, row: int | None = None, column: str = "", value: str = "", **params: Any) -> None:
        """Add a fault of the table."""
        self.faults.append(Found(finding(code, **({"value": value} | params)), row, column, value))


def _as_it_is(text: str) -> str:
    return text


def take(sheet: Sheet, lines: Iterable[tuple[int, list[str]]], *, clean: Callable[[str], str] = _as_it_is) -> None:
    """Fill a sheet from numbered lines of cells, the first of which is the header.

    `clean` takes from a text what its format put around it.
    """
    numbered = iter(lines)
    number, header = next(numbered, (1, []))
    if not any(name.strip() for name in header):
        sheet.refuse("file.empty")
        return
    columns = _header(number, [clean(name) for name in header], sheet)
    if any(fault.finding.code == "column.missing" for fault in sheet.faults):
        return
    for number, cells in islice(numbered, MAX_ROWS):
        if any(cell.strip() for cell in cells):
            sheet.rows += _row(number, cells, columns, sheet, clean)
    if next(numbered, None) is not None:
        sheet.refuse("file.rows", limit=MAX_ROWS)
    if not sheet.rows and not sheet.faults:
        sheet.refuse("file.empty")


def _header(number: int, names: list[str], sheet: Sheet) -> list[Column | None]:
    columns: list[Column | None] = []
    for name in names:
        column = sheet.known.get(key(name))
        if column is None and name.strip() and len(sheet.faults) < MOST_UNKNOWN:
            sheet.faults.append(unknown(name.strip(), number, sheet.known))
        elif column is not None and column in columns:
            sheet.refuse("column.twice", row=number, column=column.name)
            column = None
        columns.append(column)
    sheet.columns = [column for column in columns if column]
    require_name(sheet, number)
    return columns


def require_name(sheet: Sheet, number: int | None) -> None:
    """Refuse a file that has columns, but none for the name."""
    if sheet.columns and not any(column.name == "navn" for column in sheet.columns):
        sheet.refuse("column.missing", row=number, column="navn")


def unknown(name: str, number: int, known: Mapping[str, Column] = BY_KEY) -> Found:
    """Return the fault of a column that is in no table, with the nearest that is."""
    names = [column.name for column in known.values()]
    near = get_close_matches(name.casefold(), names, n=1)
    return Found(finding("column.unknown", column=name, names=near or names), row=number, column=name)


def _row(
    number: int, cells: list[str], columns: list[Column | None], sheet: Sheet, clean: Callable[[str], str]
) -> Iterator[tuple[int, dict[str, str]]]:
    beyond = any(cell.strip() for cell in cells[len(columns) :])
    if len(cells) < len(columns) or beyond:
        sheet.refuse("row.cells", row=number, cells=len(cells), columns=len(columns))
        return
    row = {column.name: clean(cell.strip()) for column, cell in zip(columns, cells, strict=False) if column}
    for name, text in row.items():
        if text.startswith(DAMAGED):
            _mark, code, value = text.split(DAMAGED, 2)
            sheet.refuse(code, row=number, column=name, value=value)
            row[name] = ""
    yield number, row
