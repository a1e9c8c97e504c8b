"""Writing an iCalendar file (RFC 5545): escaping, lines of at most 75 octets, all-day events with alarms."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

OCTETS = 75
PRODUCT = "-//Adgang//Digital Post//DA"


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """A day to remember. `uid` stays the same for the same thing; `stamp` is when it last changed (aware).

    `alarms`: how many days before it a reminder is shown.
    """

    uid: str
    day: dt.date
    title: str
    text: str
    url: str
    stamp: dt.datetime
    alarms: tuple[int, ...] = ()


def calendar(name: str, events: Iterable[CalendarEvent]) -> bytes:
    """Return the whole file in UTF-8."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "X-PUBLISHED-TTL:PT12H",
    ]
    for event in events:
        lines += _event(event)
    return b"".join(folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(event: CalendarEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_utc(event.stamp)}"
    yield f"LAST-MODIFIED:{_utc(event.stamp)}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + dt.timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.title)}"
    yield f"DESCRIPTION:{escaped(event.text)}"
    yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    for days in event.alarms:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(event.title)}")
        yield from (f"TRIGGER:-P{days}D" if days else "TRIGGER:PT8H", "END:VALARM")
    yield "END:VEVENT"


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Return a text as a TEXT value (§3.3.11); control characters but line ends are left out."""
    kept = "".join(letter for letter in text.replace("\r\n", "\n") if letter == "\n" or letter.isprintable())
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(plain, written)
    return kept


def folded(line: str) -> bytes:
    """Return a content line with its ends; a long one is folded (§3.1), never inside a character."""
    parts, current = [], b""
    for letter in line:
        octets = letter.encode(errors="replace")
        if len(current) + len(octets) > OCTETS:
            parts.append(current)
            current = b" "
        current += octets
    return b"\r\n".join([*parts, current]) + b"\r\n"
