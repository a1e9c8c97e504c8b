"""One event of the log."""

import pytest

from organisations import events, registering
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.models import Event, EventDetail
from tests.factories.organisations import Role, client_for, employ, organisation, user, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation(name="Skovby Kommune", legal_contact_name="Åse Jurist")


def page(org, event, role=Role.ACTION_LOG_ADMINISTRATOR):
    return client_for(user_with(role, organisation=org)).get(f"/o/{org.cvr_number}/log/{event.pk}/")


def test_before_and_after_stand_side_by_side_with_labels(org):
    admin = user(name="Søren")
    org.legal_contact_name, org.authority_type = "Bo Jurist", "REGION"
    who = Caller(user=admin, channel=Channel.WEB, request_id="anmodning-7")
    registering.change(caller=who, organisation=org, version=1, reason="Ny jurist")
    response = page(org, Event.objects.filter(organisation_id=org.pk).get())
    shown = text(response)
    assert "Organisation ændret Tidspunkt" in shown
    assert "Hvem Søren Organisation Skovby Kommune Begrundelse Ny jurist" in shown
    assert "Juridisk kontakts navn Åse Jurist Bo Jurist" in shown
    assert "Myndighedstype Kommune Region" in shown
    assert "anmodning-7" in shown
    assert f'<a href="/o/{org.cvr_number}/myndighed/">' in response.content.decode()


def test_a_person_is_called_by_the_name_of_today_and_linked(org):
    bo = user(name="Bo Før")
    employ(user=bo, organisation=org)
    entry = events.Entry(
        tag=Tag.PRIVILEGES_GRANTED, obj=bo, after={"role": "READER", "active_to": "2026-12-24T23:00:00Z"}
    )
    event = events.record(Caller.command("x"), org, entry)
    type(bo).objects.filter(pk=bo.pk).update(name="Bo Efter")
    response = page(org, event)
    assert "Person Bo Efter" in text(response)
    assert "Rolle – Læser" in text(response)
    assert "Slutter – 25. december 2026 kl. 00.00" in text(response)
    assert f"/brugere/{bo.pk}/" in response.content.decode()


def test_an_erased_value_says_so(org):
    entry = events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org, after={"legal_contact_name": "Åse"})
    event = events.record(Caller.command("x"), org, entry)
    EventDetail.objects.filter(event_id=event.pk).delete()
    assert "Juridisk kontakts navn – (slettet)" in text(page(org, event))


def test_an_event_of_another_part_or_organisation_is_not_found(org):
    event = events.record(Caller.command("x"), org, events.Entry(tag=Tag.LIST_EXPORTED, obj=org))
    assert page(org, event, role=Role.SEARCH_LOG_ADMINISTRATOR).status_code == 200
    assert page(org, event).status_code == 404
    other = organisation()
    theirs = events.record(Caller.command("x"), other, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=other))
    assert page(org, theirs).status_code == 404


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "'; DROP TABLE", "\u202e", "x" * 5000])
def test_hostile_values_are_shown_as_text(org, value):
    entry = events.Entry(
        tag=Tag.ORGANISATION_CHANGED, obj=org, after={"name": value, "unknown": {"a": [value, None, 1]}}
    )
    response = page(org, events.record(Caller.command("x"), org, entry))
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
