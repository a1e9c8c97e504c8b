"""Registering that a person has left."""

import pytest

from adgang.lib import slots
from tests.factories.organisations import Role, client_for, employ, organisation, user_with
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db


def url(org, person):
    return f"/o/{org.cvr_number}/brugere/{person.pk}/fratraed/"


def test_it_tells_what_ends_and_what_needs_a_successor(monkeypatch):
    monkeypatch.setitem(slots._filled, "departures", [lambda person, organisation: ["Teknisk kontakt for Løn"]])
    org = organisation(name="Skovby Kommune")
    client = client_for(user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org))
    bo = user_with(Role.READER, organisation=org, name="Bo")
    employ(user=bo, organisation=org)
    page = text(client.get(url(org, bo)))
    assert "Alle roller hos Skovby Kommune slutter med det samme: Læser." in page
    assert "Mangler en efterfølger: Teknisk kontakt for Løn" in page
    response = client.post(url(org, bo), {"reason": "Nyt job"})
    assert toasts(response) == ["Bo er registreret som fratrådt. Se, hvad der mangler en efterfølger"]
    assert bo.privileges.count() == 0
    assert "Fratrådt" in text(client.get(f"/o/{org.cvr_number}/brugere/{bo.pk}/"))


def test_a_reason_is_needed_and_the_last_administrator_stays():
    org = organisation(name="Skovby Kommune")
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    client = client_for(boss)
    assert faults(client.post(url(org, boss), {"reason": ""})) == ["Udfyld: Begrundelse"]
    assert faults(client.post(url(org, boss), {"reason": "Ferie"})) == [
        "Skovby Kommune ville stå uden en varig brugeradministrator. "
        "Gør først en anden person til brugeradministrator uden slutdato."
    ]
    assert boss.privileges.count() == 1
