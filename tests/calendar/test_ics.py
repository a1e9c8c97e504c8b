"""Writing iCalendar: escaping, folding and the shape of an event (RFC 5545)."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from adgang.calendar import ics

STAMP = dt.datetime(2026, 11, 28, 9, 30, tzinfo=dt.UTC)


def event(**fields) -> ics.CalendarEvent:
    given = {"uid": "a@b", "day": dt.date(2026, 12, 31), "title": "T", "text": "", "url": "https://x/", "stamp": STAMP}
    return ics.CalendarEvent(**(given | fields))


def unfolded(content: bytes) -> list[str]:
    return content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def plain(written: str) -> str:
    """Read a TEXT value back, as a calendar does."""
    read, letters = [], iter(written)
    for letter in letters:
        read.append({"n": "\n"}.get(following := next(letters), following) if letter == "\\" else letter)
    return "".join(read)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_every_text_survives_and_no_line_is_too_long_or_broken_in_a_letter(text):
    content = ics.calendar("K", [event(title=text)])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    [written] = [line for line in unfolded(content) if line.startswith("SUMMARY:")]
    kept = "".join(one for one in text.replace("\r\n", "\n") if one == "\n" or one.isprintable())
    assert plain(written.removeprefix("SUMMARY:")) == kept


def test_the_shape_of_a_calendar():
    lines = unfolded(ics.calendar("Klit; By", [event(alarms=(30, 1))]))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert lines[-1] == "END:VCALENDAR"
    assert {"X-WR-CALNAME:Klit\\; By", "UID:a@b", "DTSTAMP:20261128T093000Z"} <= set(lines)
    assert {"DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101"} <= set(lines)
    assert [line for line in lines if line.startswith("TRIGGER")] == ["TRIGGER:-P30D", "TRIGGER:-P1D"]
    assert lines.count("BEGIN:VALARM") == lines.count("END:VALARM") == 2


def test_a_text_cannot_add_a_line():
    content = ics.calendar("K", [event(title="x\r\nBEGIN:VEVENT\nUID:y\x00\x1b")])
    assert content.count(b"\r\nBEGIN:VEVENT") == 1
    assert b"\x00" not in content
