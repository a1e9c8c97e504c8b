"""What leaves a list as a CSV file that opens right in a Danish Excel; `adgang.lib.workbooks` writes XLSX."""

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

Value = str | Promise | int | float | bool | dt.date | dt.datetime | None

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
SEPARATOR = ";"
# A spreadsheet runs a cell that begins like this; an apostrophe in front makes it text.
ACTIVE = re.compile(r"'*[=+\-@\t\r]")
GUARDED = re.compile(r"'+[=+\-@\t\r]")


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


def thousands(number: int) -> str:
    """Return a whole number as Danes write it: 1.000; in English 1,000."""
    return f"{number:,}" if get_language() == "en" else f"{number:,}".replace(",", ".")


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
