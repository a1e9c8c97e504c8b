"""Removing the app."""

import pytest

from organisations import factors
from tests.factories.organisations import client_for, user
from tests.organisations.test_factors import with_codes
from tests.organisations.test_totp_add import fresh

pytestmark = pytest.mark.django_db
URL = "/mig/login/engangskoder/fjern/"


def test_it_asks_and_removes() -> None:
    kim = user()
    with_codes(kim)
    client = fresh(kim)
    assert client.get(URL).status_code == 200
    assert factors.has_app(kim)
    assert client.post(URL).url == "/mig/login/"
    assert not factors.has_app(kim)


def test_an_old_session_must_prove_first() -> None:
    kim = user()
    with_codes(kim)
    assert "/mig/login/bekraeft/" in client_for(kim).post(URL).url
    assert factors.has_app(kim)
