"""Asking for a link to a new password."""

import pytest
from django.test import Client

from organisations.models import Mail
from tests.factories.organisations import user
from tests.organisations.pages import faults

pytestmark = pytest.mark.django_db

URL = "/ny-adgangskode/"


@pytest.mark.parametrize("email", ["kim@example.org", "ingen@example.org", "ikke en adresse"])
def test_the_answer_is_the_same_for_every_address(email):
    user(email="kim@example.org")
    response = Client().post(URL, {"email": email})
    assert (response.status_code, response.url) == (302, "/ny-adgangskode/sendt/")
    assert Mail.objects.count() == (email == "kim@example.org")


def test_an_empty_address_is_named():
    assert faults(Client().post(URL, {"email": ""})) == ["Udfyld: E-mail"]
