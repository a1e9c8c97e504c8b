"""Logging out everywhere else."""

import pytest

from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db
URL = "/mig/sessioner/afslut/"


def test_every_other_session_ends_and_nobody_elses() -> None:
    kim, other = user(), client_for(user())
    here, there = client_for(kim), client_for(kim)
    assert here.get(URL).status_code == 200
    assert there.get("/mig/").status_code == 200
    assert here.post(URL).url == "/mig/login/"
    assert (here.get("/mig/").status_code, other.get("/mig/").status_code) == (200, 200)
    assert there.get("/mig/").status_code == 302
