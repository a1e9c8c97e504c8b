"""Dates and times as people read them, in Danish time: "23. november 2026 kl. 14.05"."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

# Beyond these no date is meant, and a day more, or the same moment in another zone, may be no date any more.
YEARS = range(1900, 2200)
DAY = {"da": "j. F Y", "en": "j F Y"}
MOMENT = {"da": r"j. F Y \k\l. H.i", "en": r"j F Y \a\t H:i"}


def pattern(patterns: dict[str, str]) -> str:
    """Return the reader's one of `patterns`; any English is "en", everything else Danish."""
    return patterns["en" if (get_language() or "").startswith("en") else "da"]


def day(value: dt.date | None) -> str:
    """Return a date as "23. november 2026"; of a time, its date in Denmark; "" for None."""
    if value is None:
        return ""
    return date_format(local(value), pattern(DAY))


def moment(value: dt.date | None) -> str:
    """Return a time as "23. november 2026 kl. 14.05" in Danish time; a plain date as `day`; "" for None."""
    if not isinstance(value, dt.datetime):
        return day(value)
    return date_format(local(value), pattern(MOMENT))


def local(value: dt.date) -> dt.date:
    """Return an aware time in Denmark's own; anything else as it is."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value
