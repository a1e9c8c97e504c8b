"""Danish public holidays against the calendar of the years themselves."""

import datetime as dt

import pytest

from adgang.overview.holidays import (
    easter_sunday,
    is_working_day,
    public_holidays,
    working_days_before,
    working_days_between,
)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1818, 3, 22),
        (1943, 4, 25),
        (2000, 4, 23),
        (2021, 4, 4),
        (2024, 3, 31),
        (2026, 4, 5),
        (2027, 3, 28),
        (2038, 4, 25),
    ],
)
def test_easter_sunday(year, month, day):
    assert easter_sunday(year) == dt.date(year, month, day)


def test_holidays_of_2023_include_great_prayer_day():
    assert sorted(public_holidays(2023)) == [
        dt.date(2023, 1, 1),
        dt.date(2023, 4, 6),
        dt.date(2023, 4, 7),
        dt.date(2023, 4, 9),
        dt.date(2023, 4, 10),
        dt.date(2023, 5, 5),
        dt.date(2023, 5, 18),
        dt.date(2023, 5, 28),
        dt.date(2023, 5, 29),
        dt.date(2023, 12, 25),
        dt.date(2023, 12, 26),
    ]


def test_great_prayer_day_is_a_working_day_from_2024():
    assert is_working_day(dt.date(2024, 4, 26))
    assert len(public_holidays(2024)) == 10


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 11, 20), True),
        (dt.date(2026, 11, 21), False),
        (dt.date(2026, 11, 22), False),
        (dt.date(2026, 6, 5), True),
        (dt.date(2026, 12, 24), True),
        (dt.date(2026, 12, 25), False),
        (dt.date(2027, 1, 1), False),
    ],
)
def test_is_working_day(day, expected):
    assert is_working_day(day) is expected


def test_working_days_before_steps_over_easter():
    # Tuesday after Easter: Monday, Sunday, Saturday, Good Friday and Maundy Thursday do not count.
    assert working_days_before(dt.date(2027, 3, 30), 1) == dt.date(2027, 3, 24)
    assert working_days_before(dt.date(2027, 3, 30), 5) == dt.date(2027, 3, 18)


def test_working_days_between():
    assert working_days_between(dt.date(2026, 12, 23), dt.date(2027, 1, 4)) == 6
    assert working_days_between(dt.date(2026, 12, 23), dt.date(2026, 12, 23)) == 0
    assert working_days_between(dt.date(2026, 12, 23), dt.date(2026, 12, 1)) == 0
