"""Danish public holidays and the working days between them, computed for any year."""

import datetime as dt
from functools import cache

FIXED = ((1, 1), (12, 25), (12, 26))
# Days from Easter Sunday: Maundy Thursday, Good Friday, Easter, Easter Monday, Ascension, Whit Sunday, Whit Monday.
MOVEABLE = (-3, -2, 0, 1, 39, 49, 50)
# Store bededag, abolished from 2024 by act no. 214 of 6 March 2023.
GREAT_PRAYER_DAY = 26
LAST_GREAT_PRAYER_DAY = 2023
ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


def easter_sunday(year: int) -> dt.date:
    """Return Easter Sunday of a Gregorian year (the anonymous computus of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    skipped, cycle = divmod(century, 4)
    correction = (century + 8) // 25
    moon = (19 * golden + century - skipped - (century - correction + 1) // 3 + 15) % 30
    weekday = (32 + 2 * cycle + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return dt.date(year, month, day + 1)


@cache
def public_holidays(year: int) -> frozenset[dt.date]:
    """Return the public holidays of a year. Constitution Day, 24 and 31 December are working days before the law."""
    easter = easter_sunday(year)
    offsets = MOVEABLE + ((GREAT_PRAYER_DAY,) if year <= LAST_GREAT_PRAYER_DAY else ())
    return frozenset(
        {dt.date(year, month, day) for month, day in FIXED} | {easter + offset * ONE_DAY for offset in offsets}
    )


def is_working_day(day: dt.date) -> bool:
    """Say whether `day` is neither Saturday, Sunday nor a public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def working_days_before(day: dt.date, count: int) -> dt.date:
    """Return the working day that lies `count` (≥ 1) working days before `day`."""
    while count:
        day -= ONE_DAY
        count -= is_working_day(day)
    return day


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Return how many working days come after `start` up to and including `end`; 0 when `end` is not later."""
    return sum(is_working_day(start + offset * ONE_DAY) for offset in range(1, (end - start).days + 1))
