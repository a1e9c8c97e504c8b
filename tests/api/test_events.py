"""The event log by API."""

import pytest

from organisations import events, registering
from organisations.callers import Caller as Who
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Event
from tests.api.calling import Caller, token_of
from tests.api.registry_client import read
from tests.factories.organisations import Role, organisation, user_with
from tests.factories.systems import system

pytestmark = pytest.mark.django_db

OPERATION = "GET events/"


@pytest.fixture
def own():
    made = organisation()
    made.name = "Nykøbing"
    registering.change(caller=Who.command("test"), organisation=made, version=1)
    of = system(organisation=made)
    entry = Entry(tag=Tag.SYSTEM_CHANGED, obj=of, before={"name": "A"}, after={"name": "B"}, system_id=of.pk)
    events.record(Who.command("test"), made, entry)
    return made


@pytest.fixture
def caller(own):
    return Caller.bearing(token_of(own, Role.ACTION_LOG_ADMINISTRATOR))


def test_tags_of_ours_travel_as_a_property(caller, own):
    changed, renamed = read(OPERATION, caller.get("events/"))["events"]
    assert changed["eventTag"] == "SYSTEM_CHANGED"
    assert changed["system"]["id"]
    assert "eventTag" not in renamed
    assert renamed["eventProperties"]["adgangTag"] == "ORGANISATION_CHANGED"
    assert (renamed["owner"], renamed["message"]) == (own.cvr_number, str(own.pk))


def test_filters(caller, own):
    for query, count in (
        ({"eventTag": "SYSTEM_CHANGED"}, 1),
        ({"eventTag": "MEMO_EXTRACTED"}, 0),
        ({"dateFrom": "2026-01-01T00:00:00.000Z"}, 2),
        ({"dateFrom": "2026-01-01T00:00:00.000+0000"}, 2),
        ({"dateTo": "2026-01-01T00:00:00.000+00:00"}, 0),
        ({"ownerOrActor ": own.cvr_number}, 2),
        ({"ownerOrActor": "99999999"}, 0),
        ({"senderOrRecipient": str(own.pk)}, 1),
        ({"any": "nykøbing"}, 1),
    ):
        assert read(OPERATION, caller.call("GET", "events/", query=query))["totalElements"] == count, query
    for query in ({"eventTag": "NOTHING"}, {"dateFrom": "i går"}, {"senderOrRecipientSystem": "x"}):
        assert caller.call("GET", "events/", query=query).status_code == 400


def test_only_the_parts_that_one_may_read(own):
    assert Caller.bearing(token_of(own, Role.SEARCH_LOG_ADMINISTRATOR)).get("events/").json()["totalElements"] == 0
    assert Caller.bearing(token_of(own, Role.READER)).get("events/").status_code == 403
    other = Caller.bearing(token_of(organisation(), Role.ACTION_LOG_ADMINISTRATOR))
    assert other.get("events/").json()["totalElements"] == 0


def test_employees_of_others_are_told_as_their_organisation(caller, own):
    vendor = organisation()
    person = user_with(Role.READER, organisation=vendor, name="Ib Prøvesen")
    person.employments.create(organisation=vendor)
    who = Who.command("test").become(person)
    events.record(who, own, Entry(tag=Tag.SYSTEM_CHANGED, obj=system(organisation=own)))
    found = read(OPERATION, caller.get("events/", size=1))["events"][0]
    assert found["actor"] == vendor.cvr_number
    assert "actorIdentityId" not in found


def test_reading_is_logged(own):
    person = user_with(Role.ACTION_LOG_ADMINISTRATOR, Role.SEARCH_LOG_ADMINISTRATOR, organisation=own)
    roles = (Role.ACTION_LOG_ADMINISTRATOR, Role.SEARCH_LOG_ADMINISTRATOR)
    caller = Caller.bearing(token_of(own, *roles, user=person))
    ours = Caller.bearing(token_of(own, *roles))
    for one in (caller, caller, ours, ours):
        one.get("events/")
    assert Event.objects.filter(tag="EVENT_LOG_SEARCHES").count() == 2
    assert caller.get("events/", eventTag="EVENT_LOG_SEARCHES").json()["totalElements"] == 2
