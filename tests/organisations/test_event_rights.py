"""Who had which role on a day (`event_rights`): the log tells it, and agrees with the roles themselves."""

import csv
import datetime as dt
import io

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st

from organisations import event_rights, events, grants, privileges
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Event, Privilege
from organisations.privileges import Wish
from tests.factories.organisations import Role, client_for, grant, organisation, user, user_with
from tests.factories.systems import system
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db

WHO = Caller.command("test")
START = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ROLES = (Role.READER, Role.CONTACT_ADMINISTRATOR, Role.ORGANISATION_ADMINISTRATOR)


def give(org, person, role, **wish):
    assert not hasattr(
        privileges.grant(caller=WHO, organisation=org, grantee=person, wish=Wish(type=role, **wish)), "code"
    )


def roles_on(org, at):
    return [(one.who, one.role) for one in event_rights.held(org, at=at)]


def test_a_role_stands_from_its_grant_to_its_end():
    org, anna = organisation(), user(name="Anna")
    with freeze_time(START):
        give(org, anna, Role.READER)
    with freeze_time(START + 2 * DAY):
        privileges.revoke(caller=WHO, privilege=Privilege.objects.get(user=anna))
    days = [START - DAY, START + DAY, START + 3 * DAY]
    assert [roles_on(org, day) for day in days] == [[], [("Anna", "READER")], []]


def test_a_role_ends_by_its_date_before_anybody_removes_it():
    org, anna = organisation(), user(name="Anna")
    with freeze_time(START):
        give(org, anna, Role.READER, active_to=START + 2 * DAY)
    assert [roles_on(org, START + DAY), roles_on(org, START + 2 * DAY)] == [[("Anna", "READER")], []]


def test_a_role_for_one_system_is_told_with_its_name():
    org = organisation()
    only = system(organisation=org, name="Postsystem")
    give(org, user(name="Anna"), Role.ORGANISATION_ADMINISTRATOR, system_id=only.pk)
    (one,) = event_rights.held(org, at=timezone.now())
    assert (one.system, one.role_label) == ("Postsystem", "Systemadministrator")


def test_another_organisation_is_told_with_its_number_and_its_people_are_not():
    org, vendor = organisation(), organisation(name="Påfund IT")
    grant_to(org, vendor)
    (one,) = event_rights.held(org, at=timezone.now())
    assert one.who.startswith("Påfund IT (CVR ")
    assert one.kind == "organisation"


def grant_to(org, vendor):
    with transaction.atomic():
        wish = grants.Wish(type=Role.ORGANISATION_ADMINISTRATOR)
        _row, told = grants.put(organisation=org, grantee=vendor, wish=wish, issuer=None)
        events.record_all(WHO, told)


def test_what_was_given_before_the_log_begins_is_known_while_it_is_held():
    org, anna = organisation(), user(name="Anna")
    with freeze_time(START):
        grant(user=anna, role=Role.READER, organisation=org)
    (one,) = event_rights.held(org, at=START + DAY)
    assert (one.who, one.since) == ("Anna", None)
    assert event_rights.held(org, at=START - DAY) == []


STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ROLES), st.booleans()), max_size=12)


@settings(max_examples=25)
@given(STEPS)
def test_the_log_agrees_with_the_roles_of_every_day(steps):
    org, people = organisation(), [user(name=f"P{number}") for number in range(3)]
    snapshots = []
    for number, (who, role, give_it) in enumerate(steps):
        with freeze_time(START + number * DAY):
            held = Privilege.objects.filter(user=people[who], type=role, scope=org).first()
            if give_it and held is None:
                give(org, people[who], role)
            elif not give_it and held is not None:
                privileges.revoke(caller=WHO, privilege=held)
            snapshots.append(sorted(Privilege.objects.filter(scope=org).values_list("user__name", "type")))
    for number, expected in enumerate(snapshots):
        assert sorted(roles_on(org, START + number * DAY + dt.timedelta(hours=1))) == expected


def address(org, query=""):
    return reverse("event_rights", args=[org.cvr_number]) + query


def test_the_page_and_its_file():
    org = organisation()
    with freeze_time(START):
        give(org, user(name="Anna Andersen"), Role.READER)
    client = client_for(user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=org))
    page = text(client.get(address(org, "?day=02-03-2026")))
    assert "Roller den 2. marts 2026" in page
    assert "Anna Andersen Læser" in page
    assert "Ingen havde en rolle" in text(client.get(address(org, "?day=01-02-2026")))
    content = b"".join(client.get(address(org, "?day=02-03-2026&format=csv"))).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content), delimiter=";"))[1][:3] == ["Anna Andersen", "Person", "Læser"]
    assert Event.objects.filter(organisation_id=org.pk, tag=Tag.EVENT_LOG_SEARCHES).count() == 2


def test_reading_it_is_no_reading_of_the_log():
    org = organisation()
    client = client_for(user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=org))
    client.get(address(org))
    client.get(reverse("events", args=[org.cvr_number]))
    assert Event.objects.filter(organisation_id=org.pk, tag=Tag.EVENT_LOG_SEARCHES).count() == 2


def test_nonsense_and_the_future_are_today():
    org = organisation()
    client = client_for(user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=org))
    for query in ("?day=i+morgen", "?day=31-12-2099", "?day="):
        response = client.get(address(org, query))
        assert (response.status_code, response.context["day"]) == (200, timezone.localdate())


def test_who_may():
    org = organisation()
    people = [
        user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=org),
        user_with(Role.SEARCH_LOG_ADMINISTRATOR, organisation=org),
        user_with(Role.ACTION_LOG_ADMINISTRATOR, organisation=organisation()),
    ]
    assert [client_for(one).get(address(org)).status_code for one in people] == [200, 403, 404]
