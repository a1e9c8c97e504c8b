"""Signing out."""

import pytest

from organisations.event_tags import Tag
from organisations.models import Event, Session
from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db


def test_it_ends_this_session_only_and_is_recorded():
    kim = user()
    here, there = client_for(kim), client_for(kim)
    assert here.post("/log-ud/").url == "/log-ind/"
    assert here.get("/mig/").status_code == 302
    assert there.get("/mig/").status_code == 200
    assert Session.objects.filter(user=kim).count() == 1
    assert Event.objects.get().tag == Tag.SIGNED_OUT


def test_a_link_does_not_sign_out():
    client = client_for(user())
    assert client.get("/log-ud/").status_code == 405
    assert client.get("/mig/").status_code == 200
