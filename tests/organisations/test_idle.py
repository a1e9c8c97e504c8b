"""Sessions are prolonged by work, written rarely, and end by idleness."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from organisations.models import Session
from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db


def test_a_session_is_written_at_most_every_few_minutes():
    start = timezone.now()
    client = client_for(user())
    client.get(reverse("me"))
    first = Session.objects.get().expire_date
    with freeze_time(start + dt.timedelta(minutes=1)):
        client.get(reverse("me"))
    assert Session.objects.get().expire_date == first
    with freeze_time(start + dt.timedelta(minutes=5)):
        client.get(reverse("me"))
    assert Session.objects.get().expire_date - first > dt.timedelta(minutes=4)


def test_an_idle_session_ends():
    start = timezone.now()
    client = client_for(user())
    client.get(reverse("me"))
    with freeze_time(start + dt.timedelta(minutes=61)):
        assert client.get(reverse("me")).status_code == 302
