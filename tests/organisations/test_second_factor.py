"""The second step of signing in."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from freezegun import freeze_time

from organisations.models import Event
from tests.factories.organisations import Role, organisation, user, user_with
from tests.organisations.pages import faults, text
from tests.organisations.test_factors import code, with_codes

pytestmark = pytest.mark.django_db
URL = "/log-ind/kode/"
PASSWORD = "korrekt hest batteri"
LATER = timezone.now() + dt.timedelta(minutes=5)


@pytest.fixture
def kim():
    made = user(password=PASSWORD)
    made.app, made.codes = with_codes(made)
    return made


def password_typed(person, url: str = "/log-ind/?next=/mig/"):
    client = Client()
    response = client.post(url, {"email": person.email, "password": PASSWORD})
    return client, response


@freeze_time(LATER)
def test_the_password_alone_opens_nothing(kim) -> None:
    client, response = password_typed(kim)
    assert response.url == "/log-ind/kode/?next=%2Fmig%2F"
    assert client.get("/mig/").status_code == 302
    assert client.get(URL).status_code == 200
    before = client.session.session_key
    response = client.post(response.url, {"code": code(kim.app, LATER)})
    assert response.url == "/mig/"
    assert client.session.session_key != before
    assert client.get("/mig/").status_code == 200
    assert Event.objects.filter(tag="SIGNED_IN").count() == 1
    assert "Adgangskode og engangskode" in text(client.get("/mig/login/"))


def test_a_recovery_code_does_too(kim) -> None:
    client, response = password_typed(kim)
    assert client.post(response.url, {"code": kim.codes[3]}).url == "/mig/"
    assert "9 nødkoder" in text(client.get("/mig/login/"))


def test_wrong_codes_lock_the_account_whatever_the_password_says(kim, settings) -> None:
    for _ in range(settings.ADGANG_LOCKOUT_FAILURES):
        client, _ = password_typed(kim)  # the right password does not begin the count anew
        assert "Koden er ikke rigtig" in faults(client.post(URL, {"code": "wrong"}))[0]
    kim.refresh_from_db()
    assert kim.locked_until is not None
    assert "låst" in faults(client.post(URL, {"code": kim.codes[0]}))[0]
    assert Event.objects.filter(tag="LOCKED_OUT").count() == 1


def test_without_the_password_there_is_no_second_step(kim) -> None:
    assert Client().post(URL, {"code": kim.codes[0]}).url == "/log-ind/"
    with freeze_time(timezone.now() - dt.timedelta(minutes=11)):
        client, _ = password_typed(kim)
    assert client.post(URL, {"code": kim.codes[0]}).url == "/log-ind/"


def test_an_installation_may_demand_it(settings) -> None:
    settings.ADGANG_REQUIRE_SECOND_FACTOR = "administrators"
    here = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=here, password=PASSWORD)
    reader = user_with(Role.READER, organisation=here, password=PASSWORD)
    assert password_typed(reader)[0].get("/mig/").status_code == 200
    client, _ = password_typed(boss)
    assert client.get(f"/o/{here.cvr_number}/myndighed/").url == "/mig/login/totrin/"
    assert "kræves af dig" in text(client.get("/mig/login/totrin/"))
    assert client.get("/mig/login/engangskoder/").status_code == 200
    app = boss.totp
    client.post("/mig/login/engangskoder/", {"code": code(app, timezone.now())})
    assert client.get(f"/o/{here.cvr_number}/myndighed/").status_code == 200
    assert client.post("/mig/login/engangskoder/fjern/").status_code == 403
