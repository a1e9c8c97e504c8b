"""A whole list's entries at once: nearly all have one shape, and a pattern finds those in one sweep.

What stands between them is walked through value by value. Inside an odd entry the sweep may take for a regular one
what is none; then what stands before it is no whole number of entries, and the list is walked through from its start.
"""

import re
import struct
from functools import lru_cache

from certificates.revocation.entries import (
    ENTRY_BYTES,
    INTEGER,
    NO_REASON,
    ONLY_A_REASON,
    SEQUENCE,
    SERIAL_BYTES,
    UTC_TIME,
    MalformedList,
    UnknownExtension,
    walked,
)

UTC_BYTES = 13  # YYMMDDHHMMSSZ
SAMPLE = 15  # entries that tell how long a list's serial numbers are
# Of the year's first digit: the digits of the century (RFC 5280, 4.1.2.5.1).
_FIRST_OF_CENTURY = bytes(b"2"[0] if digit < ord("5") else b"1"[0] for digit in range(256))
_SECOND_OF_CENTURY = bytes(b"0"[0] if digit < ord("5") else b"9"[0] for digit in range(256))


def packed(data: bytes, start: int, end: int) -> bytes:
    """Return the entries that stand in `data[start:end]` (the content of revokedCertificates), sorted by serial number.

    Raises `MalformedList`, and `UnknownExtension` for a critical extension such as that of an indirect list.
    """
    try:
        entries = _swept(data, start, end)
    except (MalformedList, UnknownExtension):
        entries = walked(data, start, end)
    entries.sort()
    return b"".join(entries)


def _swept(data: bytes, start: int, end: int) -> list[bytes]:
    """Return as `entries.walked` does. Raises `MalformedList` and `UnknownExtension`, perhaps for its own fault."""
    length = _usual_length(data, start, end)
    # What stood between the regular entries, and these: without a reason, or with one, or None.
    parts = _regular(length).split(memoryview(data)[start:end])
    zeros = bytes(SERIAL_BYTES - length)
    silent = _joined(list(filter(None, parts[1::3])), before=zeros, after=NO_REASON)
    reasoned = [one[: -len(ONLY_A_REASON) - 1] + one[-1:] for one in filter(None, parts[2::3])]
    entries = _dated(silent + _joined(reasoned, before=zeros, after=b""))
    for between in filter(None, parts[::3]):
        entries += walked(between, 0, len(between))
    return entries


def _usual_length(data: bytes, start: int, end: int) -> int:
    """Return of how many bytes the first serial numbers mostly are, without the zero that keeps one positive."""
    lengths, position = [SERIAL_BYTES], start
    while position + 4 < end and len(lengths) < SAMPLE:
        lengths.append(data[position + 3] - (data[position + 4] == 0))
        position += 2 + data[position + 1]
    return min(max(sorted(lengths)[len(lengths) // 2], 1), SERIAL_BYTES)


@lru_cache(maxsize=SERIAL_BYTES)
def _regular(length: int) -> re.Pattern[bytes]:
    """Return what an entry looks like whose serial number has so many bytes, and whose extensions say only the reason.

    Its groups hold serial number and time, of an entry without extensions and of one with them.
    """
    dated = b".{%d}" % length + re.escape(bytes((UTC_TIME, UTC_BYTES))) + b".{%d}" % UTC_BYTES
    reason = re.escape(ONLY_A_REASON) + b"."
    silent, reasoned = _heads(length, 0), _heads(length, len(ONLY_A_REASON) + 1)
    return re.compile(b"%b(%b)|%b(%b%b)" % (silent, dated, reasoned, dated, reason), re.DOTALL)


def _heads(length: int, extensions: int) -> bytes:
    """Return the pattern of what stands before a serial number of so many bytes, or of one more that is zero."""
    heads = []
    for zero in (b"", b"\0"):
        serial = bytes((INTEGER, length + len(zero))) + zero
        content = len(serial) + length + 2 + UTC_BYTES + extensions
        heads.append(re.escape(bytes((SEQUENCE, content)) + serial))
    return b"(?:%b)" % b"|".join(heads)


def _joined(entries: list[bytes], *, before: bytes, after: bytes) -> bytes:
    return before + (after + before).join(entries) + after if entries else b""


def _dated(joined: bytes) -> list[bytes]:
    """Return entries one by one, the century in the place of the kind and length of their times."""
    whole = bytearray(joined)
    digits = whole[SERIAL_BYTES + 2 :: ENTRY_BYTES]
    whole[SERIAL_BYTES::ENTRY_BYTES] = digits.translate(_FIRST_OF_CENTURY)
    whole[SERIAL_BYTES + 1 :: ENTRY_BYTES] = digits.translate(_SECOND_OF_CENTURY)
    return [entry for (entry,) in struct.iter_unpack(f"{ENTRY_BYTES}s", whole)]
