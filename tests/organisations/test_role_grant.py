"""The form that gives a role."""

import datetime as dt

import pytest
from django.utils import timezone
from freezegun import freeze_time

from adgang.lib import slots
from organisations.models import Privilege
from tests.factories.organisations import Role, client_for, employ, organisation, user, user_with
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def boss(org):
    return user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)


@pytest.fixture
def person(org):
    made = user(name="Bo")
    employ(user=made, organisation=org)
    return made


def url(org, person):
    return f"/o/{org.cvr_number}/brugere/{person.pk}/tildel/"


def test_a_role_is_given(org, boss, person):
    response = client_for(boss).post(url(org, person), {"role": "CONTACT_ADMINISTRATOR"})
    assert response.url == f"/o/{org.cvr_number}/brugere/{person.pk}/"
    assert toasts(response) == ["Bo er nu Kontaktstrukturadministrator. Se alles roller"]
    assert person.privileges.get().type == "CONTACT_ADMINISTRATOR"


@freeze_time("2026-11-23T12:00:00Z")
def test_the_last_day_counts_whole_in_danish_time(org, boss, person):
    client_for(boss).post(url(org, person), {"role": "READER", "ends": "24-12-2026"})
    assert person.privileges.get().active_to == dt.datetime(2026, 12, 24, 23, tzinfo=dt.UTC)


@freeze_time("2026-11-23T12:00:00Z")
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"role": ""}, ["Vælg: Rolle"]),
        (
            {"role": "READER", "ends": "22-11-2026"},
            ["Rollen ville slutte, før den begynder. Vælg en dato i fremtiden."],
        ),
        ({"role": "READER", "ends": "i morgen"}, ["Skriv datoen som dd-mm-åååå, for eksempel 23-11-2026"]),
        ({"role": "READER", "ends": "31-12-9999"}, ["Skriv et årstal fra 1900 til 2199"]),
    ],
)
def test_what_is_wrong_is_said(org, boss, person, values, expected):
    assert faults(client_for(boss).post(url(org, person), values)) == expected
    assert Privilege.objects.filter(user=person).count() == 0


def test_it_may_be_limited_to_a_system(org, boss, person, monkeypatch):
    system_id = org.pk
    monkeypatch.setitem(slots._filled, "system_choices", [lambda organisation: [(system_id, "Lønsystem")]])
    client = client_for(boss)
    assert "Lønsystem" in text(client.get(url(org, person)))
    client.post(url(org, person), {"role": "ORGANISATION_ADMINISTRATOR", "system": system_id})
    assert person.privileges.get().system_id == system_id
    refused = client.post(url(org, person), {"role": "CONTACT_ADMINISTRATOR", "system": system_id})
    assert faults(refused) == [
        "Rollen Kontaktstrukturadministrator kan ikke begrænses til ét system. Giv den for hele organisationen."
    ]


def test_giving_to_oneself_is_said_to_be_highlighted(org, boss):
    assert "Hændelsesloggen fremhæver det." in text(client_for(boss).get(url(org, boss)))


def test_nobody_is_given_a_role_who_has_nothing_to_do_with_the_organisation(org, boss):
    assert client_for(boss).post(url(org, user()), {"role": "READER"}).status_code == 404
    left = user()
    employ(user=left, organisation=org, ended=timezone.now())
    assert client_for(boss).get(url(org, left)).status_code == 200
