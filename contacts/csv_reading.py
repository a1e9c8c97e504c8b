"""From the bytes of a CSV file to rows of cells: encoding and separator recognised, and said."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from adgang.lib.exports import unguard
from contacts.csv_columns import BY_KEY, Column, key
from contacts.sheets import Sheet, take

HEADER_LOOKED_AT = 64 * 1024  # characters
SEPARATORS = (";", ",", "\t")


def read(content: bytes, *, known: Mapping[str, Column] = BY_KEY) -> Sheet:
    """Return the rows of a CSV file of the `known` columns with every fault of its form; never raises."""
    sheet = Sheet(known=known)
    text = _decode(content, sheet)
    if text is None:
        sheet.refuse("file.not_text")
        return sheet
    text, sheet.separator = _separator(text, known)
    lines = _Lines(text, sheet.separator)
    try:
        take(sheet, lines, clean=unguard)
    except csv.Error:
        sheet.refuse("file.quotes", row=lines.number + 1)
    return sheet


def _decode(content: bytes, sheet: Sheet) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # what Excel calls Unicode text
        sheet.encoding = "UTF-16 (BOM)"
        return content.decode("utf-16", errors="replace").replace("\0", "")
    if b"\0" in content:
        return None
    for codec, label in (("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")):
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        sheet.encoding = f"{label} (BOM)" if content.startswith(b"\xef\xbb\xbf") else label
        return text
    return None


def _separator(text: str, known: Mapping[str, Column]) -> tuple[str, str]:
    """Return the text without Excel's own line about it, and the separator under which most columns are known."""
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return rest, first.strip()[-1]

    def fitting(separator: str) -> int:
        names = first[:HEADER_LOOKED_AT].split(separator)
        return sum(key(name.strip(' "\r')) in known for name in names)

    return text, max(SEPARATORS, key=fitting)


class _Lines:
    """The rows of a CSV text, counted as a spreadsheet does."""

    def __init__(self, text: str, separator: str) -> None:
        self._reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        self.number = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        for number, cells in enumerate(self._reader, start=1):
            self.number = number
            yield number, cells
