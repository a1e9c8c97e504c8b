"""What leaves a list as a file: CSV that opens right in a Danish Excel, and XLSX whose text stays text."""

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import chain
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Value = str | Promise | int | float | bool | dt.date | dt.datetime | None

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
SEPARATOR = ";"
# A spreadsheet runs a cell that begins like this; an apostrophe in front makes it text.
ACTIVE = re.compile(r"'*[=+\-@\t\r]")
GUARDED = re.compile(r"'+[=+\-@\t\r]")
MAX_CELL = 32767
MAX_TITLE = 31
MAX_WIDTH = 60


def guard(text: str) -> str:
    """Return `text` such that no spreadsheet takes it for a formula; `unguard` gives exactly `text` back."""
    return f"'{text}" if ACTIVE.match(text) else text


def unguard(text: str) -> str:
    """Return what was given to `guard`; text that a person typed comes back unchanged unless it is guarded."""
    return text[1:] if GUARDED.match(text) else text


def as_text(value: Value) -> str:
    """Return a value as it stands in a CSV cell: times as Danish Excel reads them, yes and no in words."""
    match value:
        case None:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case dt.datetime():
            return local(value).strftime("%d-%m-%Y %H:%M")
        case dt.date():
            return value.strftime("%d-%m-%Y")
        case _:
            return str(value)


def local(value: dt.datetime) -> dt.datetime:
    """Return a time in Denmark's own, without its zone, which spreadsheets cannot hold."""
    return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value


def csv_lines(header: Sequence[str | Promise], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Yield the lines of a CSV file: byte order mark, semicolons, CRLF, nothing that runs as a formula."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=SEPARATOR, lineterminator="\r\n")
    buffer.write(BYTE_ORDER_MARK)
    for row in chain([header], rows):
        writer.writerow([guard(as_text(cell)) for cell in row])
        yield take(buffer)


def take(buffer: StringIO) -> str:
    """Return what is in `buffer` and empty it."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def xlsx_bytes(title: str, header: Sequence[str | Promise], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return an XLSX file of one sheet; text cells are typed as text, so nothing in them runs."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(sheet_title(title))
    sheet.freeze_panes = "A2"
    for position, label in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = min(MAX_WIDTH, max(14, len(str(label)) + 4))
    sheet.append([cell(sheet, str(label), bold=True) for label in header])
    for row in rows:
        sheet.append([cell(sheet, value) for value in row])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_title(title: str) -> str:
    """Return a title that a sheet may bear."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:MAX_TITLE] or "Adgang"


def cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    """Return a cell whose type is that of `value`: number, date, or text that is never a formula."""
    match value:
        case bool() | None | str() | Promise():
            content: Any = ILLEGAL_CHARACTERS_RE.sub("", as_text(value))[:MAX_CELL]
        case dt.datetime():
            content = local(value)
        case _:
            content = value
    made = WriteOnlyCell(sheet, value=content)
    if isinstance(content, str):
        made.data_type = "s"
    elif isinstance(content, dt.datetime):
        made.number_format = "dd-mm-yyyy hh:mm"
    elif isinstance(content, dt.date):
        made.number_format = "dd-mm-yyyy"
    if bold:
        made.font = Font(bold=True)
    return made
