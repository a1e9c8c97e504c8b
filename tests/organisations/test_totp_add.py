"""Adding an app for one-time codes."""

import pytest
from django.utils import timezone

from organisations.models import Totp
from tests.factories.organisations import client_for, user
from tests.organisations.pages import faults, text
from tests.organisations.test_factors import code, with_codes

pytestmark = pytest.mark.django_db
URL = "/mig/login/engangskoder/"


def fresh(person):
    return client_for(person, proven=True)


def test_it_shows_the_secret_takes_a_code_and_shows_the_recovery_codes_once() -> None:
    kim = user()
    client = fresh(kim)
    page = client.get(URL)
    totp = Totp.objects.get()
    assert totp.secret() in page.content.decode()
    assert "<svg" in page.content.decode()
    assert "style=" not in page.content.decode()
    assert "Koden er ikke rigtig" in faults(client.post(URL, {"code": "nej"}))[0]
    done = client.post(URL, {"code": code(totp, timezone.now())})
    assert "Dine nødkoder" in text(done)
    assert "no-store" in done.headers["Cache-Control"]
    assert client.get(URL).url == "/mig/login/"


def test_an_old_session_must_prove_first() -> None:
    assert "/mig/login/bekraeft/" in client_for(user()).get(URL).url
    assert not Totp.objects.exists()


def test_the_proof_asks_for_the_code_too() -> None:
    kim = user(password="korrekt hest batteri")
    _, codes = with_codes(kim)
    client = client_for(kim)
    url = "/mig/login/bekraeft/"
    assert client.post(url, {"password": "korrekt hest batteri", "code": "nej"}).status_code == 200
    assert client.post(url, {"password": "korrekt hest batteri", "code": codes[0]}).status_code == 302
