"""Dates as people read them, in Danish time."""

import datetime as dt

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from adgang.lib import dates

WINTER = dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC)
SUMMER_NIGHT = dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "value", "read"),
    [
        ("da", WINTER, "23. november 2026 kl. 14.05"),
        ("en", WINTER, "23 November 2026 at 14:05"),
        ("da", SUMMER_NIGHT, "2. juli 2026 kl. 00.30"),
        ("da", dt.date(2026, 11, 23), "23. november 2026"),
        ("da", dt.date(2026, 5, 3), "3. maj 2026"),
        ("da", None, ""),
    ],
)
def test_moment(language, value, read):
    with translation.override(language):
        assert dates.moment(value) == read


@pytest.mark.parametrize(
    ("language", "value", "read"),
    [
        ("da", SUMMER_NIGHT, "2. juli 2026"),
        ("en", dt.date(2026, 11, 23), "23 November 2026"),
        ("en", None, ""),
    ],
)
def test_day(language, value, read):
    with translation.override(language):
        assert dates.day(value) == read


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("da", "j. F Y", r"j. F Y \k\l. H.i"), ("en", "j F Y", r"j F Y \a\t H:i"), ("en-gb", "j F Y", r"j F Y \a\t H:i")],
)
@given(date=st.dates(dt.date(1000, 1, 2), dt.date(9999, 12, 30)), time=st.times())
def test_written_as_django_writes_such_a_pattern(language, day, moment, date, time):
    value = dt.datetime.combine(date, time, tzinfo=dt.UTC)
    here = timezone.localtime(value)
    with translation.override(language):
        assert dates.day(value) == date_format(here, day)
        assert dates.moment(value) == date_format(here, moment)
