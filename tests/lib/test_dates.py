"""Dates as people read them, in Danish time."""

import datetime as dt

import pytest
from django.utils import translation

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
