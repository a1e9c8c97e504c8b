"""How long the session still stands, and making it longer."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db

URL = "/mig/session/"


def test_asking_does_not_prolong_but_a_post_does():
    start = timezone.now()
    client = client_for(user())
    with freeze_time(start):
        client.get(reverse("me"))
    with freeze_time(start + dt.timedelta(minutes=50)):
        assert client.get(URL).json() == {"seconds": 600}
        assert client.get(URL).json() == {"seconds": 600}
        assert client.post(URL).json() == {"seconds": 3600}


def test_a_page_tells_when_its_session_ends():
    page = client_for(user()).get(reverse("me")).content.decode()
    assert 'data-extend-url="/mig/session/" data-seconds="3600"' in page
