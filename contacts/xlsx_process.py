"""Run as a program of its own: an Excel file on standard input becomes rows of text on standard output, as JSON lines.

Nothing of the portal is imported, memory and time are limited by the operating system, and the file never touches the
disk: whatever somebody has put into it, the worst that happens is that this process ends.

The first line is {"sheet": its name, "others": how many further sheets hold something}; then [row number, [cells]].
A cell that Excel has turned into something else than what was typed begins with `MARK` (`contacts.sheets.DAMAGED`) and
the code of the damage.
"""

import datetime as dt
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from openpyxl import load_workbook

MARK = "\x00"
DATE, FORMULA, PRECISION = "excel.date_cell", "excel.formula", "excel.precision"
MEMORY = 1024 * 1024 * 1024  # bytes
SECONDS = 30
# Excel keeps 15 digits of a number; what comes after is gone.
EXACT = 10**15
PADDED = re.compile(r"0{2,}")
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
CHUNK = 1 << 20
HOSTILE = 3


def main() -> int:
    """Read, write and return the exit code: 0, or `HOSTILE` for a file with a document type, or 1 for no Excel file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    limit, width = (int(argument) for argument in sys.argv[1:3])
    content = sys.stdin.buffer.read()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if _any(archive, DOCTYPE, ".xml", ".rels"):
            return HOSTILE
        formulas = _any(archive, re.compile(rb"<f[\s>]"), "xl/worksheets/")
    for line in _lines(content, limit=limit, width=width, formulas=formulas):
        sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    return 0


def _any(archive: zipfile.ZipFile, pattern: re.Pattern[bytes], *parts: str) -> bool:
    """Say whether a pattern of a few bytes stands anywhere in the members whose names hold one of `parts`."""
    for name in archive.namelist():
        if any(part in name for part in parts):
            with archive.open(name) as member:
                tail = b""
                while chunk := member.read(CHUNK):
                    if pattern.search(tail + chunk):
                        return True
                    tail = chunk[-32:]
    return False


def _lines(content: bytes, *, limit: int, width: int, formulas: bool) -> Iterator[Any]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    sheet, *others = sheets
    filled = sum(
        any(cell.value is not None for row in islice(other.iter_rows(), 20) for cell in row) for other in others
    )
    yield {"sheet": sheet.title, "others": filled}
    written = load_workbook(BytesIO(content), read_only=True)[sheet.title].iter_rows() if formulas else None
    rows = 0
    for number, row in enumerate(sheet.iter_rows(max_col=width + 1), start=1):
        sources = next(written, ()) if written else ()
        cells = [_text(cell, sources[at].value if at < len(sources) else None) for at, cell in enumerate(row)]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows += 1
            yield [number, cells]
        if rows > limit:
            return


def _text(cell: Any, source: object) -> str:
    value = cell.value
    if value is None:
        return f"{MARK}{FORMULA}{MARK}{source}" if isinstance(source, str) and source.startswith("=") else ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return f"{MARK}{DATE}{MARK}{_moment(value)}"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    return str(value)


def _moment(value: dt.datetime | dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime("%d-%m-%Y")
    return str(value)


def _number(value: float, form: str) -> str:
    if abs(value) >= EXACT:
        return f"{MARK}{PRECISION}{MARK}{value:.0f}"
    if value != int(value):
        return repr(value).replace(".", ",")
    digits = str(int(value))
    # A format of zeros shows the leading ones that the number itself has lost.
    return digits.zfill(len(form)) if PADDED.fullmatch(form) else digits


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (
        MemoryError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        zipfile.BadZipFile,
    ) as fault:
        sys.stderr.write(type(fault).__name__)
        sys.exit(1)
