"""Counting attempts."""

import datetime as dt

import pytest
from django.utils import timezone

from organisations.models import Throttle
from organisations.throttling import allow

pytestmark = pytest.mark.django_db

WINDOW = dt.timedelta(minutes=10)


def test_the_limit_holds_for_a_window_that_begins_with_the_first_attempt():
    at = timezone.now()
    assert [allow("a", limit=2, window=WINDOW, at=at) for _ in range(3)] == [True, True, False]
    assert allow("a", limit=2, window=WINDOW, at=at + WINDOW - dt.timedelta(seconds=1)) is False
    assert allow("a", limit=2, window=WINDOW, at=at + WINDOW) is True


def test_keys_are_counted_apart_and_kept_as_hashes():
    at = timezone.now()
    assert allow("192.0.2.1", limit=1, window=WINDOW, at=at)
    assert allow("192.0.2.2", limit=1, window=WINDOW, at=at)
    assert [len(key) for key in Throttle.objects.values_list("key", flat=True)] == [64, 64]
