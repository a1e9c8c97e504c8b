"""From an Excel file (XLSX) to rows of cells. The archive is judged before it is opened, and opened in a process of its
own with limits on memory and time (`contacts.xlsx_process`)."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from contacts.sheets import MAX_CELLS, MAX_ROWS, Sheet, take
from contacts.xlsx_process import HOSTILE

MAX_ENTRIES = 200
MAX_DECLARED = 200 * 1024 * 1024  # bytes, unpacked
MAX_RATIO = 100
SMALL = 1024 * 1024  # bytes; what stays below may be packed as tightly as it likes
SECONDS = 60
PROCESS = Path(__file__).with_name("xlsx_process.py")
WORKBOOK = "xl/workbook.xml"
OTHER_KINDS = {
    b"application/vnd.oasis.opendocument.spreadsheet": "file.ods",
    b"application/vnd.oasis.opendocument.text": "file.not_sheet",
}


def read(content: bytes) -> Sheet:
    """Return the rows of the first visible sheet with every fault of its form; never raises."""
    sheet = Sheet(encoding="Excel (XLSX)")
    if fault := archive_fault(content):
        sheet.refuse(fault, entries=MAX_ENTRIES, megabytes=MAX_DECLARED // 1024 // 1024)
        return sheet
    lines = _run(content, sheet)
    if lines is not None:
        take(sheet, _as_wide_as_the_header(lines, sheet))
    return sheet


def archive_fault(content: bytes) -> str:
    """Return the code of what keeps a ZIP archive from being opened as a workbook; "" when nothing does."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if WORKBOOK not in names:
                return _other_kind(archive, names)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        return "file.damaged"
    if any(member.flag_bits & 0x1 for member in members):
        return "file.locked"
    unpacked, packed = sum(member.file_size for member in members), sum(member.compress_size for member in members)
    too_tight = any(
        member.file_size > SMALL and member.file_size > MAX_RATIO * member.compress_size for member in members
    )
    too_much = len(members) > MAX_ENTRIES or unpacked > MAX_DECLARED or unpacked > MAX_RATIO * max(packed, SMALL)
    return "file.bomb" if too_tight or too_much else ""


def _other_kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "mimetype" in names:
        with archive.open("mimetype") as member:
            return OTHER_KINDS.get(member.read(100).strip(), "file.not_sheet")
    return "file.not_sheet"


def _run(content: bytes, sheet: Sheet) -> Iterator[Any] | None:
    command = [sys.executable, "-I", str(PROCESS), str(MAX_ROWS + 1), str(MAX_CELLS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        sheet.refuse("file.bomb", entries=MAX_ENTRIES, megabytes=MAX_DECLARED // 1024 // 1024)
        return None
    if done.returncode:
        sheet.refuse("file.hostile" if done.returncode == HOSTILE else "file.damaged")
        return None
    first, *lines = done.stdout.decode().splitlines()
    about = json.loads(first)
    if about["others"]:
        sheet.refuse("file.sheets", sheet=about["sheet"], others=about["others"])
    return map(json.loads, lines)


def _as_wide_as_the_header(lines: Iterator[Any], sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    width = 0
    for number, cells in lines:
        if len(cells) > MAX_CELLS:
            sheet.refuse("file.wide", row=number, limit=MAX_CELLS)
            return
        width = width or len(cells)
        yield number, cells + [""] * (width - len(cells))
