"""From the bytes of a CSV file to rows of cells: encoding and separator recognised, and said."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from itertools import islice

from adgang.lib.exports import unguard
from adgang.lib.findings import Finding, finding
from contacts.csv_columns import BY_KEY, COLUMNS, Column, key

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
HEADER_LOOKED_AT = 64 * 1024  # characters
MOST_UNKNOWN = 100  # columns that are named each; a file of another kind may have any number
SEPARATORS = (";", ",", "\t")
# Bytes that Excel files begin with: XLSX (a ZIP archive) and the older XLS.
EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Found:
    """A finding about a place in the file: the row as a spreadsheet numbers it (None: the file), column, value."""

    finding: Finding
    row: int | None = None
    column: str = ""
    value: str = ""


@dataclass
class Sheet:
    """A file as rows: (number, cell by column). `faults` are what kept parts of it from being read."""

    encoding: str = ""
    separator: str = ""
    columns: list[Column] = field(default_factory=list)
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[Found] = field(default_factory=list)


def read(content: bytes) -> Sheet:
    """Return the rows of a CSV file with every fault of its form; never raises."""
    sheet = Sheet()
    if len(content) > MAX_BYTES:
        sheet.faults.append(Found(finding("file.large", limit=MAX_BYTES // 1024 // 1024)))
        return sheet
    text = _decode(content, sheet)
    if text is None:
        sheet.faults.append(Found(finding("file.not_text")))
        return sheet
    text, separator = _separator(text)
    sheet.separator = separator
    _rows(text, sheet)
    return sheet


def _decode(content: bytes, sheet: Sheet) -> str | None:
    if content.startswith(EXCEL) or b"\0" in content:
        return None
    for codec, label in (("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")):
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        sheet.encoding = f"{label} (BOM)" if content.startswith(b"\xef\xbb\xbf") else label
        return text
    return None


def _separator(text: str) -> tuple[str, str]:
    """Return the text without Excel's own line about it, and the separator under which most columns are known."""
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return rest, first.strip()[-1]

    def known(separator: str) -> int:
        names = first[:HEADER_LOOKED_AT].split(separator)
        return sum(key(name.strip(' "\r')) in BY_KEY for name in names)

    return text, max(SEPARATORS, key=known)


def _rows(text: str, sheet: Sheet) -> None:
    reader = csv.reader(StringIO(text, newline=""), delimiter=sheet.separator, strict=True)
    number = 0
    try:
        header = next(reader, None)
        if header is None or not any(name.strip() for name in header):
            sheet.faults.append(Found(finding("file.empty")))
            return
        number = 1
        columns = _header(header, sheet)
        if any(fault.finding.code == "column.missing" for fault in sheet.faults):
            return
        for number, cells in enumerate(islice(reader, MAX_ROWS), start=2):
            if any(cell.strip() for cell in cells):
                sheet.rows += _row(number, cells, columns, sheet)
        if next(reader, None) is not None:
            sheet.faults.append(Found(finding("file.rows", limit=MAX_ROWS)))
    except csv.Error:
        sheet.faults.append(Found(finding("file.quotes"), row=number + 1))
    if not sheet.rows and not sheet.faults:
        sheet.faults.append(Found(finding("file.empty")))


def _header(names: list[str], sheet: Sheet) -> list[Column | None]:
    columns: list[Column | None] = []
    for name in names:
        column = BY_KEY.get(key(unguard(name)))
        if column is None and name.strip() and len(sheet.faults) < MOST_UNKNOWN:
            sheet.faults.append(_unknown(name.strip()))
        elif column is not None and column in columns:
            sheet.faults.append(Found(finding("column.twice"), row=1, column=column.name))
            column = None
        columns.append(column)
    sheet.columns = [column for column in columns if column]
    if sheet.columns and not any(column.name == "navn" for column in sheet.columns):
        sheet.faults.append(Found(finding("column.missing"), row=1, column="navn"))
    return columns


def _unknown(name: str) -> Found:
    names = [column.name for column in COLUMNS]
    near = get_close_matches(name.casefold(), names, n=1)
    return Found(finding("column.unknown", column=name, names=near or names), row=1, column=name)


def _row(
    number: int, cells: list[str], columns: list[Column | None], sheet: Sheet
) -> Iterator[tuple[int, dict[str, str]]]:
    beyond = any(cell.strip() for cell in cells[len(columns) :])
    if len(cells) < len(columns) or beyond:
        sheet.faults.append(Found(finding("row.cells", cells=len(cells), columns=len(columns)), row=number))
        return
    row = {column.name: unguard(cell.strip()) for column, cell in zip(columns, cells, strict=False) if column}
    yield number, row
