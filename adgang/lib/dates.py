"""Dates and times as people read them, in Danish time: "23. november 2026 kl. 14.05"."""

import datetime as dt

from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import get_language

# Beyond these no date is meant, and a day more, or the same moment in another zone, may be no date any more.
YEARS = range(1900, 2200)


def day(value: dt.date | None) -> str:
    """Return a date as "23. november 2026"; of a time, its date in Denmark; "" for None."""
    return "" if value is None else _day(local(value), english=_reads_english())


def moment(value: dt.date | None) -> str:
    """Return a time as "23. november 2026 kl. 14.05" in Danish time; a plain date as `day`; "" for None."""
    if not isinstance(value, dt.datetime):
        return day(value)
    here, english = _clock(value), _reads_english()
    at, between = ("at", ":") if english else ("kl.", ".")
    return f"{_day(here, english=english)} {at} {here.hour:02}{between}{here.minute:02}"


def _day(value: dt.date, *, english: bool) -> str:
    return f"{value.day}{'' if english else '.'} {MONTHS[value.month]!s} {value.year}"


def _reads_english() -> bool:
    """Say whether the reader's language is any English; everything else is Danish here."""
    return (get_language() or "").startswith("en")


def local(value: dt.date) -> dt.date:
    """Return an aware time in Denmark's own; anything else as it is."""
    return _clock(value) if isinstance(value, dt.datetime) else value


def _clock(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
