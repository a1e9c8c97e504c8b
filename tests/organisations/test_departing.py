"""A person leaves: everything here ends at once, the account does not."""

import pytest
from django.utils import timezone

from adgang.lib import slots
from organisations import departing
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.models import Event, Invitation, Privilege, Session, User
from tests.factories.organisations import Role, client_for, employ, grant, invitation, organisation, user, user_with

pytestmark = pytest.mark.django_db


def depart(actor, org, person):
    who = Caller(user=actor, channel=Channel.WEB, request_id="r")
    return departing.depart(caller=who, organisation=org, user=person, reason="Nyt job")


def test_roles_employment_sessions_and_invitations_end_at_once():
    org, other = organisation(), organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    person = user_with(Role.READER, Role.CONTACT_ADMINISTRATOR, organisation=org, name="Bo")
    grant(user=person, role=Role.READER, organisation=other)
    employ(user=person, organisation=org)
    invitation(organisation=org, email=person.email)
    client_for(person)
    done = depart(boss, org, person)
    assert (done.roles, done.sessions) == (2, 1)
    assert list(Privilege.objects.filter(user=person).values_list("scope", flat=True)) == [other.pk]
    assert person.employments.get().ended is not None
    assert Session.objects.filter(user=person).count() == 0
    assert Invitation.objects.get().withdrawn is not None
    assert User.objects.get(pk=person.pk).is_active
    tags = list(Event.objects.filter(organisation_id=org.pk).order_by("seq").values_list("tag", flat=True))
    assert tags == [Tag.PRIVILEGES_REVOKED, Tag.PRIVILEGES_REVOKED, Tag.PERSON_DEPARTED]


def test_who_left_before_is_not_logged_out_of_work_for_others():
    org, other = organisation(), organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    person = user_with(Role.READER, organisation=other)
    employ(user=person, organisation=org, ended=timezone.now())
    client_for(person)
    done = depart(boss, org, person)
    assert (done.roles, done.sessions, Session.objects.filter(user=person).count()) == (0, 0, 1)
    assert not Event.objects.filter(organisation_id=org.pk).exists()


def test_the_last_user_administrator_cannot_leave():
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    assert depart(boss, org, boss).code == "privilege.last_user_administrator"
    assert Privilege.objects.filter(user=boss).count() == 1


def test_what_needs_a_successor_comes_from_the_rooms_above(monkeypatch):
    org, person = organisation(), user(name="Bo")
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    monkeypatch.setitem(slots._filled, "departures", [lambda user, organisation: [f"{user} står for løn"]])
    assert depart(boss, org, person).responsibilities == ["Bo står for løn"]
