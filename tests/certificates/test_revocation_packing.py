"""The sweep over the entries of a revocation list says what walking from value to value says, whatever stands there."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from certificates.revocation import packing
from certificates.revocation.entries import ENTRY_BYTES, ONLY_A_REASON, MalformedList, UnknownExtension, walked
from certificates.revocation.packing import packed


def value(tag: int, content: bytes) -> bytes:
    """A value in DER; up to 16 KiB."""
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2)
    return bytes([tag]) + length + content


def entry(serial: bytes = b"\x07" * 20, time: bytes = b"261122120000Z", *further: bytes, kind: int = 0x17) -> bytes:
    return value(0x30, value(2, serial) + value(kind, time) + b"".join(further))


def critical(oid: bytes, content: bytes = b"") -> bytes:
    return value(0x30, value(0x30, value(6, oid) + b"\x01\x01\xff" + value(4, content)))


REASON, INVALIDITY, UNKNOWN = ONLY_A_REASON + b"\4", critical(b"\x55\x1d\x18"), critical(b"\x2a\x03")
HIDING = entry(b"\1", b"261122120000Z", critical(b"\x55\x1d\x18", entry() * 3))  # regular ones inside an odd one


def walked_and_sorted(data: bytes, start: int, end: int) -> bytes:
    return b"".join(sorted(walked(data, start, end)))


def outcome(read, data: bytes, start: int = 0, end: int | None = None) -> object:
    try:
        return read(data, start, len(data) if end is None else end)
    except (MalformedList, UnknownExtension) as refused:
        return type(refused), str(refused)


def assert_same(data: bytes, *place: int) -> None:
    assert outcome(packed, data, *place) == outcome(walked_and_sorted, data, *place)


TIMES = st.one_of(st.from_regex(rb"[0-9]{12}Z", fullmatch=True), st.binary(min_size=13, max_size=13))
SERIALS = st.one_of(st.binary(min_size=20, max_size=20), st.just(b"\7" * 20), st.binary(max_size=23))
SERIALS |= SERIALS.map(lambda serial: b"\0" + serial)
REASONS = st.binary(min_size=1, max_size=1).map(lambda reason: ONLY_A_REASON + reason)
REGULAR = st.builds(entry, SERIALS, TIMES) | st.builds(entry, SERIALS, TIMES, REASONS)
ODD = st.one_of(
    st.sampled_from([entry(kind=0x18, time=b"20511122120000Z"), HIDING, b"\x30\x81\x00", b""]),
    st.builds(entry, SERIALS, TIMES, st.sampled_from([INVALIDITY, REASON + b"\0", b"\x30\x00"])),
    st.builds(entry, SERIALS, TIMES, st.sampled_from([UNKNOWN, INVALIDITY + REASON])),
    st.binary(max_size=40),
)


@given(st.lists(REGULAR | REGULAR | st.just(HIDING), max_size=40).map(b"".join))
def test_lists_of_any_entries_are_packed_as_walking_does(data: bytes) -> None:
    assert_same(data)


@given(st.lists(REGULAR | ODD, max_size=30).map(b"".join), st.data())
@example(entry() + HIDING + entry(), None)
@example(entry() + HIDING[:-40] + entry(), None)
@example(entry(time=b"991122120000Z") + entry() + entry(b"\7" * 20, b"261122120000Z", REASON), None)
def test_malformed_entries_are_refused_as_walking_does(data: bytes, choice: st.DataObject | None) -> None:
    assert_same(data)
    if choice is not None and data:
        changed = bytearray(data)
        for place in choice.draw(st.lists(st.integers(0, len(data) - 1), max_size=4)):
            changed[place] = choice.draw(st.sampled_from([0, 1, 2, 0x14, 0x17, 0x25, 0x30, 0x33, 0x7F, 0x80, 0xFF]))
        start = choice.draw(st.integers(0, len(data)))
        assert_same(bytes(changed))
        assert_same(bytes(changed), start, choice.draw(st.integers(start, len(data))))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_as_walking_does(data: bytes) -> None:
    assert_same(data)


@pytest.mark.parametrize("length", range(1, 21))
@pytest.mark.parametrize("zero", [b"", b"\0"], ids=["", "zero before"])
@pytest.mark.parametrize("extensions", [(), (REASON,)], ids=["silent", "reason"])
def test_regular_entries_are_walked_through_by_nobody(
    length: int, zero: bytes, extensions: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = (b"261122120000Z", b"491231235959Z", b"500101000000Z", b"990506000000Z")
    data = b"".join(entry(zero + bytes([n]) * length, time, *extensions) for n in (200, 3, 90) for time in times)
    expected = walked_and_sorted(data, 0, len(data))
    monkeypatch.setattr(packing, "walked", lambda *_: pytest.fail("walked"))
    assert packed(data, 0, len(data)) == expected
    assert len(expected) == 12 * ENTRY_BYTES


def test_an_odd_entry_alone_is_walked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = entry(b"\5" * 20, b"20511122120000Z", kind=0x18)
    data, seen = entry() * 3 + odd + entry() * 3, []
    monkeypatch.setattr(packing, "walked", lambda *place: seen.append(place) or walked(*place))
    assert packed(data, 0, len(data)) == walked_and_sorted(data, 0, len(data))
    assert seen == [(odd, 0, len(odd))]
