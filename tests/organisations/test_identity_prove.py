"""Proving anew who one is."""

import pytest

from organisations import proofs
from tests.factories.organisations import client_for, user
from tests.organisations.pages import faults

pytestmark = pytest.mark.django_db
URL = "/mig/login/bekraeft/"
PASSWORD = "korrekt hest batteri"


@pytest.mark.parametrize(
    ("wanted", "onward"), [("/mig/", "/mig/"), ("https://ond.example/", "/mig/login/"), ("", "/mig/login/")]
)
def test_the_password_proves_it_and_leads_on_here_only(wanted, onward) -> None:
    client = client_for(user(password=PASSWORD))
    response = client.post(f"{URL}?next={wanted}", {"password": PASSWORD})
    assert response.url == onward
    assert proofs.KEY in client.session


def test_a_wrong_one_proves_nothing_and_counts() -> None:
    kim = user(password=PASSWORD)
    client = client_for(kim)
    assert "Det er ikke rigtigt" in faults(client.post(URL, {"password": "forkert"}))[0]
    assert proofs.KEY not in client.session
    kim.refresh_from_db()
    assert kim.failed_sign_ins == 1


def test_who_has_no_password_is_told_what_to_do() -> None:
    assert "Log ud og ind igen" in client_for(user()).get(URL).content.decode()


def test_one_can_turn_back() -> None:
    assert (
        'class="button button-tertiary" href="/mig/login/"'
        in client_for(user(password=PASSWORD)).get(URL).content.decode()
    )
