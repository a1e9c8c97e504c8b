"""The page of one person."""

import uuid

import pytest
from django.utils import timezone
from django.utils.safestring import mark_safe

from adgang.lib import slots
from organisations import privileges
from organisations.callers import Caller, Channel
from organisations.grants import Wish
from tests.factories.organisations import Role, client_for, employ, grant, organisation, user, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def boss(org):
    return user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Anna")


def url(org, person):
    return f"/o/{org.cvr_number}/brugere/{person.pk}/"


def test_roles_here_and_their_history_are_shown(org, boss):
    person = user(name="Bo", email="bo@example.org")
    employ(user=person, organisation=org)
    grant(user=person, role=Role.STATISTICS_ADMINISTRATOR, organisation=organisation())
    who = Caller(user=boss, channel=Channel.WEB, request_id="r")
    privileges.grant(caller=who, organisation=org, grantee=person, wish=Wish(type=Role.CONTACT_ADMINISTRATOR))
    page = text(client_for(boss).get(url(org, person)))
    assert "Kontaktstrukturadministrator" in page
    assert "Hele organisationen" in page
    assert "Statistikadministrator" not in page
    assert "Rolle tildelt" in page
    assert "Rolle: Kontaktstrukturadministrator" in page


def test_the_rooms_above_add_panels_and_what_the_person_answers_for(org, boss, monkeypatch):
    panel = mark_safe("<section><h2>Certifikat</h2></section>")
    monkeypatch.setitem(slots._filled, "person_panels", [lambda request, person, organisation: panel])
    monkeypatch.setitem(slots._filled, "departures", [lambda person, organisation: ["Teknisk kontakt for Løn"]])
    page = text(client_for(boss).get(url(org, boss)))
    assert "Certifikat" in page
    assert "Ansvarlig for Teknisk kontakt for Løn" in page


def test_somebody_who_left_shows_what_needs_a_successor(org, boss, monkeypatch):
    monkeypatch.setitem(slots._filled, "departures", [lambda person, organisation: ["Teknisk kontakt for Løn"]])
    gone = user(name="Bo")
    employ(user=gone, organisation=org, ended=timezone.now())
    page = text(client_for(boss).get(url(org, gone)))
    assert "Fratrådt" in page
    assert "Mangler en efterfølger Teknisk kontakt for Løn" in page
    assert "Giv en rolle" not in page


def test_a_person_without_anything_to_do_here_is_not_found(org, boss):
    client = client_for(boss)
    assert client.get(url(org, user())).status_code == 404
    assert client.get(f"/o/{org.cvr_number}/brugere/{uuid.uuid4()}/").status_code == 404


def test_a_reader_sees_but_cannot_act(org, boss):
    page = client_for(user_with(Role.READER, organisation=org)).get(url(org, boss)).content.decode()
    assert "/tildel/" not in page
    assert "/fratraed/" not in page
    assert "/fjern/" not in page
