"""Roles given, taken, delegated, grouped, expired at random: nobody is locked out, nobody raises their own rights.

After every step: each organisation keeps a lasting administrator, chains give no more than their parents, the log
accounts for every row, and nobody gained what the person who acted could not have given.
"""

import datetime as dt
import uuid

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from adgang.lib import slots
from adgang.lib.findings import Finding
from organisations import bulk_grants, departing, events, expiry, groups, privileges
from organisations.bulk_grants import Addition
from organisations.callers import Caller, Channel
from organisations.grants import Wish, related
from organisations.models import Event, GroupMember, Privilege, UserGroup
from organisations.rights import Right, rights_of
from tests.factories.organisations import Role, employ, organisation, user, user_with

pytestmark = pytest.mark.django_db
SYSTEMS = [uuid.UUID(int=1), uuid.UUID(int=2)]
TYPES = st.sampled_from(
    [Role.ORGANISATION_USER_ADMINISTRATOR, Role.ORGANISATION_ADMINISTRATOR, Role.READER, Role.CONTACT_ADMINISTRATOR]
)
PERSON, PLACE, NUMBER = st.integers(0, 3), st.integers(0, 1), st.integers(0, 30)
LIMIT, DAYS = st.sampled_from([None, *SYSTEMS]), st.sampled_from([None, None, 1, 3])


class Rights(RuleBasedStateMachine):
    """Two organisations with a group each, four people of whom some work at each, and whatever they try."""

    @initialize()
    def begin(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.places = [organisation(), organisation()]
        self.people = [
            user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=self.places[0]),
            user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=self.places[1]),
            *(user() for _ in range(2)),
        ]
        for number, person in enumerate(self.people):
            employ(user=person, organisation=self.places[number % 2])
        self.teams = [UserGroup.objects.create(organisation=place, name="Hold") for place in self.places]
        self.at = timezone.now()
        self.nobody_acts()

    def teardown(self):
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # --- What people try ---

    def acting(self, number):
        """Return the caller, and remember all rights and what the caller could give to anybody now."""
        caller = Caller(user=self.people[number], channel=Channel.WEB, request_id="r")
        self.before, self.allowed = self.rights(), [self.could_give(caller, place) for place in self.places]
        return caller

    def nobody_acts(self):
        self.before, self.allowed = self.rights(), [frozenset(), frozenset()]

    def could_give(self, caller, place):
        types = {role.type for role in privileges.grantable(caller, place)}
        for parent in Privilege.objects.filter(scope=place, delegate__isnull=False).select_related("delegate"):
            types |= {role.type for role in privileges.grantable(caller, place, parent=parent)}
        return rights_of(types)

    def wish(self, type_, limit, days, parent=None):
        until = self.at + dt.timedelta(days=days) if days else None
        return Wish(type=type_, system_id=limit, active_to=until, parent=parent)

    def grantee(self, kind, number, place):
        return {
            "person": self.people[number % 4],
            "team": self.teams[place],
            "place": self.places[place],
        }[kind]

    def some(self, rows, number):
        found = list(rows.order_by("created", "pk"))
        return found[number % len(found)] if found else None

    @rule(who=PERSON, scope=PLACE, kind=st.sampled_from(["person", "team", "place"]), to=NUMBER, type_=TYPES)
    def grant_for_good(self, who, scope, kind, to, type_):
        self.grant(who, scope, kind, to, type_, None, None)

    @rule(
        who=PERSON,
        scope=PLACE,
        kind=st.sampled_from(["person", "team", "place"]),
        to=NUMBER,
        type_=TYPES,
        limit=LIMIT,
        days=DAYS,
    )
    def grant(self, who, scope, kind, to, type_, limit, days):
        privileges.grant(
            caller=self.acting(who),
            organisation=self.places[scope],
            grantee=self.grantee(kind, to, to % 2),
            wish=self.wish(type_, limit, days),
        )

    @rule(who=PERSON, parent=NUMBER, kind=st.sampled_from(["person", "team"]), to=NUMBER, limit=LIMIT, days=DAYS)
    def pass_on(self, who, parent, kind, to, limit, days):
        found = self.some(Privilege.objects.filter(delegate__isnull=False).select_related("scope"), parent)
        if found is not None:
            privileges.grant(
                caller=self.acting(who),
                organisation=found.scope,
                grantee=self.grantee(kind, to, to % 2),
                wish=self.wish(Role(found.type), limit, days, found),
            )

    @rule(who=PERSON, which=NUMBER)
    def revoke(self, who, which):
        caller, found = self.acting(who), self.some(related(), which)
        if found is not None and privileges.may_revoke(caller, found):
            privileges.revoke(caller=caller, privilege=found)

    @rule(who=PERSON, team=PLACE, whom=PERSON)
    def join(self, who, team, whom):
        caller = self.acting(who)
        if caller.may(Right.PEOPLE_CHANGE, self.places[team]):
            groups.add(caller=caller, group=self.teams[team], user=self.people[whom])

    @rule(who=PERSON, which=NUMBER)
    def leave(self, who, which):
        caller, found = self.acting(who), self.some(GroupMember.objects.select_related("group"), which)
        if found is not None and caller.may(Right.PEOPLE_CHANGE, self.places[self.teams.index(found.group)]):
            groups.remove(caller=caller, member=found)

    @rule(who=PERSON, place=PLACE, whom=PERSON)
    def depart(self, who, place, whom):
        caller = self.acting(who)
        if caller.may(Right.PEOPLE_CHANGE, self.places[place]):
            departing.depart(caller=caller, organisation=self.places[place], user=self.people[whom])

    @rule(who=PERSON, scope=PLACE, to=NUMBER, type_=TYPES, gone=st.lists(NUMBER, max_size=3))
    def bulk(self, who, scope, to, type_, gone):
        removals = {one.pk: one for one in (self.some(related(), number) for number in gone) if one is not None}
        bulk_grants.change(
            caller=self.acting(who),
            additions=[
                Addition(
                    organisation=self.places[scope],
                    grantee=self.grantee("person", to, 0),
                    wish=self.wish(type_, None, None),
                )
            ],
            removals=list(removals.values()),
        )

    @rule(days=st.sampled_from([2, 4]))
    def expire(self, days):
        self.nobody_acts()
        expiry.expire(caller=Caller.task("expire_rights"), at=self.at + dt.timedelta(days=days))

    @rule(system=st.sampled_from(SYSTEMS), place=PLACE)
    def delete_system(self, system, place):
        self.nobody_acts()
        told = expiry.end_for_system(organisation=self.places[place], system_id=system)
        if told:
            events.record_all(Caller.task("delete"), told)

    # --- What always holds ---

    def rights(self):
        return {
            (person, place): self.rights_of(self.people[person], self.places[place])
            for person in range(4)
            for place in range(2)
        }

    def rights_of(self, person, place):
        grants = Caller(user=person, channel=Channel.WEB, request_id="r").grants(place)
        return grants.everywhere.union(*grants.per_system.values())

    @invariant()
    def nobody_is_locked_out(self):
        for place in self.places:
            assert privileges.lasting_administrators(place).exists()

    @invariant()
    def chains_give_no_more_than_their_parents(self):
        for child in related().filter(parent__isnull=False):
            parent = child.parent
            assert (child.type, child.scope) == (parent.type, parent.scope)
            assert parent.system_id in (None, child.system_id)
            assert parent.active_to is None or child.active_to <= parent.active_to

    @invariant()
    def nobody_gains_what_the_actor_could_not_give(self):
        for (person, place), rights in self.rights().items():
            assert rights - self.before[person, place] <= self.allowed[place]

    @invariant()
    def the_log_accounts_for_every_row(self):
        for number, place in enumerate(self.places):
            tags = list(Event.objects.filter(organisation_id=place.pk).values_list("tag", flat=True))
            count = tags.count
            rows = Privilege.objects.filter(scope=place).count()
            passed_on = Privilege.objects.filter(parent__delegate=place).count()
            given = count("PRIVILEGES_GRANTED") - count("PRIVILEGES_REVOKED") - count("PRIVILEGES_EXPIRED")
            assert given == rows + passed_on - 1  # the administrator each began with
            got = count("DELEGATION_RECEIVED") - count("DELEGATION_ENDED")
            assert got == Privilege.objects.filter(delegate=place).count()
            assert count("GROUP_JOINED") - count("GROUP_LEFT") == self.teams[number].members.count()


def test_rights_at_random(monkeypatch):
    monkeypatch.setitem(slots._filled, "system_choices", [lambda place: [(id_, str(id_)) for id_ in SYSTEMS]])
    few = settings(
        max_examples=8,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(Rights, settings=few)


def test_the_machine_sees_a_lock_out(monkeypatch):
    """The machine itself is tested: without the rule it must fail."""
    monkeypatch.setattr(privileges, "keeps_a_lasting_administrator", lambda organisation, without: True)
    with transaction.atomic():
        place = organisation()
        boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=place)
        machine = Rights()
        machine.begin()
        machine.places = [place]
        refusal = privileges.revoke(caller=Caller.command("x"), privilege=boss.privileges.get())
        assert not isinstance(refusal, Finding)
        with pytest.raises(AssertionError):
            machine.nobody_is_locked_out()
        machine.teardown()
