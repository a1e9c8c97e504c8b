"""The event log's chain: appended under a lock, personal values apart, never changed."""

import json

import pytest
from django.db import DatabaseError, transaction

from organisations import event_guard, events
from organisations.callers import Caller
from organisations.event_tags import TAGS, Tag
from organisations.models import Event, EventDetail
from tests.factories.organisations import organisation, user

pytestmark = pytest.mark.django_db


def entry(org, **fields):
    return events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org, **fields)


def test_chain_links_each_event_to_the_one_before():
    org = organisation()
    first = events.record(Caller.command("test"), org, entry(org, before={"name": "A"}, after={"name": "B"}))
    second = events.record(Caller.command("test"), org, entry(org, before={"name": "B"}, after={"name": "C"}))
    assert (first.seq, second.seq) == (1, 2)
    assert first.previous_hash == ""
    assert second.previous_hash == first.hash == events.chain_hash(first.payload)


def test_personal_values_stand_outside_the_chain():
    org = organisation()
    event = events.record(
        Caller.command("test"), org, entry(org, after={"legal_contact_name": "Kim Prøvesen", "name": "B"})
    )
    detail = EventDetail.objects.get(event_id=event.pk)
    assert "Prøvesen" not in event.payload
    assert json.loads(event.payload)["after"] == {"legal_contact_name": {"digest": detail.digest}, "name": "B"}
    assert detail.value == '"Kim Prøvesen"'


def test_an_unchanged_personal_value_reads_as_unchanged_and_a_changed_one_does_not():
    org = organisation()
    both = {"legal_contact_name": "Kim", "legal_contact_email": "kim@example.org"}
    before, after = dict(both), {**both, "legal_contact_email": "bo@example.org"}
    event = events.record(Caller.command("test"), org, entry(org, before=before, after=after))
    payload = json.loads(event.payload)
    assert payload["before"]["legal_contact_name"] == payload["after"]["legal_contact_name"]
    assert payload["before"]["legal_contact_email"] != payload["after"]["legal_contact_email"]
    assert EventDetail.objects.filter(event_id=event.pk).count() == 3


def test_cpr_numbers_are_masked():
    org = organisation()
    event = events.record(Caller.command("test"), org, entry(org, reason="Vedr. 010190-1234"))
    assert json.loads(event.payload)["reason"] == "Vedr. 010190-xxxx"


@pytest.mark.parametrize("act", ["update", "delete"])
def test_events_are_neither_changed_nor_deleted(act):
    org = organisation()
    event = events.record(Caller.command("test"), org, entry(org))
    rows = Event.objects.filter(pk=event.pk)
    with pytest.raises(DatabaseError, match="neither changed nor deleted"), transaction.atomic():
        rows.update(tag="X") if act == "update" else rows.delete()


def test_guard_comes_back_after_unlocking():
    assert event_guard.missing() == []
    with event_guard.unlocked():
        assert event_guard.missing() != []
    assert event_guard.missing() == []


def test_every_tag_has_its_row():
    assert set(TAGS) == set(Tag)


def test_actor_is_kept_as_id_with_the_name_apart():
    org, person = organisation(), user(name="Bo Skabelon")
    event = events.record(Caller(user=person, channel="WEB", request_id="r"), org, entry(org))
    assert event.actor_id == person.pk
    assert "Bo Skabelon" not in event.payload
