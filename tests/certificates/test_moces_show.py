"""The certificate is judged in full before it says anything to the portal."""

import datetime as dt

import pytest
from django.utils import timezone

from certificates.kinds import Kind
from tests.certificates import moces_sign_in as way
from tests.factories import certificates as make
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
STATE = "https://moces.adgang.test/log-ind/moces/vis/?state=x"


@pytest.fixture(autouse=True)
def installed(settings) -> None:
    way.install(settings)


def test_a_good_one_goes_back_sealed() -> None:
    response = way.showed(STATE, way.moces().der)
    assert response.url.startswith("https://adgang.test/log-ind/moces/retur/?ticket=")
    assert make.HOLDER_ID not in response.url


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": Kind.FOCES}, "skal bruges et medarbejdercertifikat"),
        ({"until": make.AT.replace(year=2025)}, "udløb"),
    ],
)
def test_what_is_wrong_is_said(options, said) -> None:
    response = way.showed(STATE, way.moces(**options).der)
    assert response.status_code == 403
    assert said in text(response)


def test_a_stranger_made_it() -> None:
    from adgang.demo import pki

    forged = pki.make_pki(at=dt.datetime(2022, 1, 1, tzinfo=dt.UTC))
    assert way.showed(STATE, way.moces(hierarchy=forged).der).status_code == 403


def test_a_revoked_one_is_refused() -> None:
    made = way.moces()
    make.publish_list(made.certificate.serial_number)
    response = way.showed(STATE, made.der)
    assert response.status_code == 403
    assert "tilbagekaldt" in text(response) or "spærret" in text(response)


def test_nobody_comes_in_on_a_list_that_ran_out() -> None:
    from certificates.models import RevocationList

    RevocationList.objects.update(next_update=timezone.now() - dt.timedelta(minutes=1))
    response = way.showed(STATE, way.moces().der)
    assert response.status_code == 403
    assert "Det vides ikke lige nu" in text(response)


@pytest.mark.parametrize("claim", [{"secret": "guessed"}, {"secret": ""}, {"peer": "198.51.100.1"}])
def test_a_forged_header_is_no_certificate(claim) -> None:
    response = way.showed(STATE, way.moces().der, **claim)
    assert response.status_code == 403
    assert "Din browser viste intet medarbejdercertifikat" in text(response)


def test_without_one_it_says_what_to_do() -> None:
    assert "Din browser viste intet medarbejdercertifikat" in text(way.showed(STATE, None))
