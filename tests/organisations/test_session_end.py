"""Ending one of one's own sessions."""

import pytest

from organisations.devices import handle_of
from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db


def end(client, session_key):
    return client.post(f"/mig/sessioner/{handle_of(session_key)}/afslut/")


def test_another_session_of_ones_own_ends():
    kim = user()
    here, there = client_for(kim), client_for(kim)
    assert end(here, there.session.session_key).url == "/mig/"
    assert (here.get("/mig/").status_code, there.get("/mig/").status_code) == (200, 302)


def test_nobody_ends_somebody_elses():
    kim, bo = client_for(user()), client_for(user())
    end(kim, bo.session.session_key)
    assert bo.get("/mig/").status_code == 200
