"""Choosing a second factor."""

import pytest

from tests.factories.organisations import client_for, user
from tests.factories.passkeys import use_here
from tests.organisations.pages import text
from tests.organisations.test_factors import with_codes

pytestmark = pytest.mark.django_db
URL = "/mig/login/totrin/"


def test_it_offers_what_there_is(settings) -> None:
    use_here(settings)
    kim = user()
    page = client_for(kim).get(URL)
    assert 'href="/mig/login/adgangsnoegle/"' in page.content.decode()
    assert 'href="/mig/login/engangskoder/"' in page.content.decode()
    assert "kræves af dig" not in text(page)
    with_codes(kim)
    assert 'href="/mig/login/engangskoder/"' not in client_for(kim).get(URL).content.decode()
