"""From a file to rows of cells, whatever its format: Excel, JSON and CSV are told apart by what they hold."""

from typing import Any

from contacts import csv_reading, json_reading, xlsx_reading
from contacts.sheets import Sheet

MAX_BYTES = 20 * 1024 * 1024
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read(content: bytes) -> Sheet:
    """Return the rows of a file with every fault of its form; never raises."""
    if len(content) > MAX_BYTES:
        return _refused("file.large", limit=MAX_BYTES // 1024 // 1024)
    if content.startswith(OLD_EXCEL):
        return _refused("file.old_excel")
    if content.startswith(ZIP):
        return xlsx_reading.read(content)
    if content.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] in (b"{", b"["):
        return json_reading.read(content)
    return csv_reading.read(content)


def _refused(code: str, **params: Any) -> Sheet:
    sheet = Sheet()
    sheet.refuse(code, **params)
    return sheet
