"""XLSX files whose text stays text.

openpyxl takes a quarter of a second to import, at the start of every process: whoever writes a workbook imports this
module where it does.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from adgang.lib.exports import Value, as_text, local

MAX_CELL = 32767
MAX_TITLE = 31
MAX_WIDTH = 60


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
