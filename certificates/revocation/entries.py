"""The entries of a revocation list: read value by value, kept in a form in which one is found without reading the rest.

A list of 100,000 entries takes long when each becomes an object. Here each becomes 36 bytes: the serial number, the
time, the reason; sorted (see `packing.py`), so that seventeen comparisons find one.
"""

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass

SERIAL_BYTES = 20  # RFC 5280, 4.1.2.2
ENTRY_BYTES = SERIAL_BYTES + 15 + 1
SEQUENCE, INTEGER, UTC_TIME, GENERALIZED_TIME, OCTET_STRING, BOOLEAN, OID = 0x30, 2, 0x17, 0x18, 4, 1, 6
LONG_FORM = 0x80
REASON_OID, INVALIDITY_OID = b"\x55\x1d\x15", b"\x55\x1d\x18"  # 2.5.29.21 and .24
# An entry's extensions when they say nothing but the reason, as they nearly always do.
ONLY_A_REASON = bytes.fromhex("300c300a0603551d1504030a01")
NO_REASON = b"\xff"
REASONS = {
    1: "keyCompromise",
    2: "cACompromise",
    3: "affiliationChanged",
    4: "superseded",
    5: "cessationOfOperation",
    6: "certificateHold",
    8: "removeFromCRL",
    9: "privilegeWithdrawn",
    10: "aACompromise",
}


class MalformedList(ValueError):
    """The bytes are not the DER of a list of revoked certificates."""


class UnknownExtension(ValueError):
    """A critical extension that is not understood; its dotted name is the argument."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """An entry: when the certificate was revoked (None: unreadable), and why, in RFC 5280's words ("" unsaid)."""

    at: dt.datetime | None
    reason: str


def header(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the content of the DER value at `start` begins and ends. Raises `MalformedList` beyond `end`."""
    if start + 2 > end:
        raise MalformedList("cut off")
    length, begin = data[start + 1], start + 2
    if length >= LONG_FORM:
        size = length & 0x7F
        if not 0 < size <= 4 or begin + size > end:
            raise MalformedList("odd length")
        length, begin = int.from_bytes(data[begin : begin + size], "big"), begin + size
    if begin + length > end:
        raise MalformedList("cut off")
    return begin, begin + length


def expect(data: bytes, start: int, end: int, tag: int) -> tuple[int, int]:
    """Return as `header` does, for a value that must be of the kind. Raises `MalformedList`."""
    if start >= end or data[start] != tag:
        raise MalformedList("something else stands there")
    return header(data, start, end)


def walked(data: bytes, start: int, end: int) -> list[bytes]:
    """Return the entries that stand in `data[start:end]` (the content of revokedCertificates), each in its 36 bytes.

    Raises `MalformedList`, and `UnknownExtension` for a critical extension such as that of an indirect list.
    """
    entries: list[bytes] = []
    position = start
    while position < end:
        # The common shape, spelt out: a call for each value would double the time of the whole.
        length = data[position + 1] if position + 1 < end else LONG_FORM
        if data[position] != SEQUENCE or length >= LONG_FORM or position + 2 + length > end:
            begin, after = expect(data, position, end, SEQUENCE)
        else:
            begin, after = position + 2, position + 2 + length
        entries.append(_entry(data, begin, after))
        position = after
    return entries


def _entry(data: bytes, begin: int, after: int) -> bytes:
    if begin + 2 > after or data[begin] != INTEGER:
        raise MalformedList("an entry without a serial number")
    serial_end = begin + 2 + data[begin + 1]
    serial = data[begin + 2 : serial_end].lstrip(b"\0").rjust(SERIAL_BYTES, b"\0")
    if len(serial) > SERIAL_BYTES or serial_end + 2 > after or data[begin + 1] >= LONG_FORM:
        raise MalformedList("an odd serial number")
    time_end = serial_end + 2 + data[serial_end + 1]
    time = data[serial_end + 2 : time_end]
    if data[serial_end] == UTC_TIME and len(time) == 13 and time_end <= after:
        time = (b"20" if time < b"5" else b"19") + time  # RFC 5280, 4.1.2.5.1
    elif data[serial_end] != GENERALIZED_TIME or len(time) != 15 or time_end > after:
        raise MalformedList("an entry without a time")
    if time_end == after:
        return serial + time + NO_REASON
    if data[time_end : after - 1] == ONLY_A_REASON:
        return serial + time + data[after - 1 : after]
    return serial + time + _reason(data, time_end, after)


def _reason(data: bytes, start: int, end: int) -> bytes:
    reason = NO_REASON
    position, last = expect(data, start, end, SEQUENCE)
    if last != end:
        raise MalformedList("more than extensions")
    while position < last:
        begin, after = expect(data, position, last, SEQUENCE)
        oid, critical, value = extension(data, begin, after)
        if oid == REASON_OID and len(value) == 3:
            reason = value[2:]
        elif critical and oid not in (REASON_OID, INVALIDITY_OID):
            raise UnknownExtension(dotted(oid))
        position = after
    return reason


def extension(data: bytes, begin: int, end: int) -> tuple[bytes, bool, bytes]:
    """Return the name (as encoded), whether it is critical, and the value of an extension. Raises `MalformedList`."""
    first, after = expect(data, begin, end, OID)
    oid, critical = data[first:after], False
    if after < end and data[after] == BOOLEAN:
        first, after = header(data, after, end)
        critical = data[first:after] != b"\0"
    first, after = expect(data, after, end, OCTET_STRING)
    return oid, critical, data[first:after]


def dotted(oid: bytes) -> str:
    """Return an encoded object identifier as people write it."""
    if not oid:
        return ""
    numbers, number = [], 0
    for byte in oid:
        number = number << 7 | byte & 0x7F
        if byte < LONG_FORM:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2) if numbers else 0
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]])) if numbers else ""


def find(entries: bytes, serial_number: int) -> Revoked | None:
    """Return the entry of a serial number in what `packing.packed` returned, or None."""
    if not 0 < serial_number < 1 << 8 * SERIAL_BYTES:
        return None
    wanted = serial_number.to_bytes(SERIAL_BYTES, "big")
    count = len(entries) // ENTRY_BYTES
    place = bisect_left(range(count), wanted, key=lambda n: entries[n * ENTRY_BYTES : n * ENTRY_BYTES + SERIAL_BYTES])
    entry = entries[place * ENTRY_BYTES : (place + 1) * ENTRY_BYTES]
    return _revoked(entry) if entry[:SERIAL_BYTES] == wanted else None


def _revoked(entry: bytes) -> Revoked | None:
    reason = REASONS.get(entry[-1], "")
    if reason == "removeFromCRL":
        return None
    try:
        at = dt.datetime.strptime(entry[SERIAL_BYTES:-1].decode("ascii"), "%Y%m%d%H%M%SZ").replace(tzinfo=dt.UTC)
    except ValueError:
        at = None
    return Revoked(at, reason)
