"""Leaving for the host that asks for a certificate."""

import pytest
from django.test import Client

from tests.certificates import moces_sign_in as way

pytestmark = pytest.mark.django_db


def test_it_sends_the_browser_away_with_a_state_of_its_own(settings) -> None:
    way.install(settings)
    first, second = way.left(Client()), way.left(Client())
    assert first.startswith("https://moces.adgang.test/log-ind/moces/vis/?state=")
    assert first != second


def test_without_such_a_host_it_leads_to_the_sign_in_page(settings) -> None:
    settings.ADGANG_MOCES_URL = ""
    for page in ("", "vis/", "retur/"):
        assert Client().get(f"/log-ind/moces/{page}").url == "/log-ind/"
    assert "MOCES" not in Client().get("/log-ind/").content.decode()


def test_the_sign_in_page_offers_it(settings) -> None:
    way.install(settings)
    assert "/log-ind/moces/?purpose=sign_in&amp;next=%2Fmig%2F" in Client().get("/log-ind/?next=/mig/").content.decode()
