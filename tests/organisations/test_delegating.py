"""Roles given to another organisation and passed on there: what may be given, and that chains end with their parent."""

import datetime as dt
import json
import uuid

import pytest
from django.core import mail as outbox
from django.utils import timezone

from adgang.lib import slots
from adgang.lib.findings import Finding
from organisations import departing, expiry, groups, mail, privileges
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.grants import Wish
from organisations.models import Event, Mail, Privilege
from organisations.rights import Right, roles
from tests.factories.organisations import Role, employ, organisation, user, user_with

pytestmark = pytest.mark.django_db
BOSS, SYSTEMS = Role.ORGANISATION_USER_ADMINISTRATOR, Role.ORGANISATION_ADMINISTRATOR
SYSTEM = uuid.uuid4()


@pytest.fixture(autouse=True)
def a_system(monkeypatch):
    monkeypatch.setitem(slots._filled, "system_choices", [lambda organisation: [(SYSTEM, "Lønsystem")]])


class Pair:
    """An authority and its vendor, each with a user administrator, and one of the vendor's people."""

    def __init__(self):
        self.authority, self.vendor = organisation(), organisation(type="COMPANY", authority_type="")
        self.boss = user_with(BOSS, organisation=self.authority)
        self.theirs = user_with(BOSS, organisation=self.vendor)
        self.person = user()
        employ(user=self.person, organisation=self.vendor)

    def delegate(self, type_=SYSTEMS, by=None, to=None, **wish):
        wish = Wish(type=type_, **wish)
        return privileges.grant(
            caller=caller(by or self.boss), organisation=self.authority, grantee=to or self.vendor, wish=wish
        )

    def pass_on(self, parent, by=None, to=None, type_=SYSTEMS, **wish):
        wish = Wish(type=type_, parent=parent, **wish)
        return privileges.grant(
            caller=caller(by or self.theirs), organisation=self.authority, grantee=to or self.person, wish=wish
        )


def caller(person):
    return Caller(user=person, channel=Channel.WEB, request_id="r")


def may(person, right, org, **system):
    return caller(person).may(right, org, **system)


def told(org):
    return [event.tag for event in Event.objects.filter(organisation_id=org.pk).order_by("seq")]


def payloads(org):
    return [json.loads(event.payload) for event in Event.objects.filter(organisation_id=org.pk).order_by("seq")]


def test_a_delegation_gives_nobody_anything_before_it_is_passed_on():
    pair = Pair()
    parent = pair.delegate()
    assert (parent.source, parent.delegate) == (Privilege.Source.APPOINTED, pair.vendor)
    assert not may(pair.theirs, Right.SYSTEMS_VIEW, pair.authority)
    child = pair.pass_on(parent)
    assert (child.parent, child.scope, child.issuer_id) == (parent, pair.authority, pair.theirs.pk)
    assert may(pair.person, Right.SYSTEMS_CHANGE, pair.authority)
    assert not may(pair.person, Right.SYSTEMS_CHANGE, pair.vendor)


def test_both_organisations_are_told_and_the_vendors_people_are_named_to_the_vendor_alone():
    pair = Pair()
    parent = pair.delegate()
    pair.pass_on(parent)
    assert privileges.revoke(caller=caller(pair.boss), privilege=parent, reason="Aftalen er slut") is None
    assert told(pair.authority) == [Tag.PRIVILEGES_GRANTED] * 2 + [Tag.PRIVILEGES_REVOKED] * 2
    assert told(pair.vendor) == [
        Tag.DELEGATION_RECEIVED,
        Tag.PRIVILEGES_GRANTED,
        Tag.PRIVILEGES_REVOKED,
        Tag.DELEGATION_ENDED,
    ]
    objects = {tuple(payload["object"][:2]) for payload in payloads(pair.authority)}
    assert objects == {("organisation", str(pair.vendor.pk))}
    assert payloads(pair.vendor)[1]["object"][1] == str(pair.person.pk)
    assert payloads(pair.vendor)[1]["after"]["acts_for"] == pair.authority.name
    assert {payload["reason"] for payload in payloads(pair.vendor)[2:]} == {"Aftalen er slut"}


@pytest.mark.parametrize("role", [role for role in roles().values() if not role.installation], ids=lambda r: r.type)
def test_only_some_roles_leave_the_organisation(role):
    given = Pair().delegate(role.type)
    assert isinstance(given, Privilege) == role.delegable
    assert role.delegable or given.code == "privilege.not_delegable"
    assert role.delegable == (role.type not in (BOSS, Role.ACCESS_REQUEST_ADMINISTRATOR))


def test_a_chain_gives_no_more_than_its_parent():
    pair, at = Pair(), timezone.now()
    soon, later = at + dt.timedelta(days=5), at + dt.timedelta(days=9)
    limited = pair.delegate(system_id=SYSTEM, active_to=soon)
    for wish in (
        {"type_": Role.READER, "system_id": SYSTEM},
        {"system_id": None},
        {"system_id": SYSTEM, "active_to": later},
    ):
        assert pair.pass_on(limited, **wish).code == "privilege.beyond_parent"
    assert pair.pass_on(limited, system_id=SYSTEM).active_to == soon
    assert may(pair.person, Right.SYSTEMS_CHANGE, pair.authority, system_id=SYSTEM)
    assert not may(pair.person, Right.SYSTEMS_CHANGE, pair.authority)
    whole = pair.delegate()
    assert pair.pass_on(whole, to=pair.theirs, system_id=SYSTEM, active_to=soon).system_id == SYSTEM


def test_only_the_vendors_user_administrator_passes_on_and_only_to_its_own():
    pair = Pair()
    parent = pair.delegate()
    assert pair.pass_on(parent, by=pair.boss).code == "privilege.not_grantable"
    assert pair.pass_on(parent, by=pair.person).code == "privilege.not_grantable"
    assert pair.pass_on(parent, to=user()).code == "privilege.not_a_colleague"
    assert pair.pass_on(parent, to=organisation()).code == "privilege.not_onward"
    assert pair.delegate(to=pair.authority).code == "privilege.not_onward"
    assert pair.delegate(by=pair.theirs).code == "privilege.not_grantable"
    foreign = groups.create(caller=caller(pair.boss), organisation=pair.authority, name="Vores")
    assert pair.pass_on(parent, to=foreign).code == "privilege.not_a_colleague"


def test_a_group_of_the_vendor_acts_and_its_members_change_there():
    pair = Pair()
    parent = pair.delegate()
    group = groups.create(caller=caller(pair.theirs), organisation=pair.vendor, name="Vagthold")
    assert isinstance(pair.pass_on(parent, to=group), Privilege)
    assert not may(pair.person, Right.SYSTEMS_VIEW, pair.authority)
    groups.add(caller=caller(pair.theirs), group=group, user=pair.person)
    assert may(pair.person, Right.SYSTEMS_VIEW, pair.authority)
    groups.delete(caller=caller(pair.theirs), group=group, version=group.version)
    assert not may(pair.person, Right.SYSTEMS_VIEW, pair.authority)
    assert Privilege.objects.filter(scope=pair.authority).exclude(user=pair.boss).get() == parent


def test_a_parent_that_is_gone_is_passed_on_no_more():
    pair = Pair()
    parent = pair.delegate()
    privileges.revoke(caller=caller(pair.boss), privilege=parent)
    assert pair.pass_on(parent).code == "privilege.chain_ended"


def test_expiry_and_the_end_of_the_system_end_the_whole_chain():
    pair, at = Pair(), timezone.now()
    pair.pass_on(pair.delegate(active_to=at + dt.timedelta(days=1)))
    assert expiry.expire(caller=Caller.task("x"), at=at + dt.timedelta(days=2)) == 2
    pair.pass_on(pair.delegate(system_id=SYSTEM), system_id=SYSTEM)
    assert len(expiry.end_for_system(organisation=pair.authority, system_id=SYSTEM)) == 4
    assert Privilege.objects.filter(scope=pair.authority).get().user == pair.boss
    assert expiry.expire(caller=Caller.task("x"), at=at + dt.timedelta(days=2)) == 0


def test_whoever_leaves_the_vendor_leaves_what_was_passed_on_and_its_groups():
    pair = Pair()
    pair.pass_on(pair.delegate())
    group = groups.create(caller=caller(pair.theirs), organisation=pair.vendor, name="Vagthold")
    groups.add(caller=caller(pair.theirs), group=group, user=pair.person)
    departing.depart(caller=caller(pair.theirs), organisation=pair.vendor, user=pair.person)
    assert not may(pair.person, Right.SYSTEMS_VIEW, pair.authority)
    assert not group.members.exists()
    assert told(pair.vendor)[-3:] == [Tag.PRIVILEGES_REVOKED, Tag.GROUP_LEFT, Tag.PERSON_DEPARTED]
    assert told(pair.authority)[-1] == Tag.PRIVILEGES_REVOKED


def test_notice_goes_to_whoever_can_act():
    pair, at = Pair(), timezone.now()
    pair.pass_on(pair.delegate(active_to=at + dt.timedelta(days=3)))
    assert expiry.give_notice(at=at) == 2
    notices = Mail.objects.filter(kind="role_ends_soon").values_list("to", flat=True)
    assert sorted(notices) == sorted([pair.theirs.email, pair.person.email])


def mails():
    """Send what waits and return to whom, with subject and text."""
    mail.send_waiting(at=timezone.now())
    sent = [(one.to[0], one.subject, one.body) for one in outbox.outbox]
    outbox.outbox.clear()
    return sent


def test_the_other_organisation_is_told_of_what_it_got_and_lost():
    pair = Pair()
    given = pair.delegate()
    [(to, subject, text)] = mails()
    assert (to, subject) == (pair.theirs.email, f"I har fået en rolle – {pair.authority.name} – TEST")
    assert "Systemadministrator" in text
    assert f"/o/{pair.vendor.cvr_number}/brugere/delegering/" in text
    privileges.revoke(caller=caller(pair.boss), privilege=given)
    [(to, subject, text)] = mails()
    assert (to, subject) == (pair.theirs.email, f"En rolle er ophørt – {pair.authority.name} – TEST")
    assert f"{pair.authority.name} har afsluttet" in text


def test_who_gives_a_role_back_tells_the_authority():
    pair = Pair()
    given = pair.delegate()
    mails()
    privileges.revoke(caller=caller(pair.theirs), privilege=given)
    [(to, _, text)] = mails()
    assert to == pair.boss.email
    assert f"{pair.vendor.name} har afsluttet" in text


def test_nothing_is_told_of_a_role_that_was_taken_back_at_once_and_of_what_is_passed_on():
    pair = Pair()
    given = pair.delegate()
    pair.pass_on(given)
    privileges.revoke(caller=caller(pair.boss), privilege=given)
    assert [subject for _, subject, _ in mails()] == [f"En rolle er ophørt – {pair.authority.name} – TEST"]


def test_a_delegated_or_grouped_role_keeps_no_organisation_alive():
    pair = Pair()
    group = groups.create(caller=caller(pair.boss), organisation=pair.authority, name="Ledelse")
    given = privileges.grant(caller=caller(pair.boss), organisation=pair.authority, grantee=group, wish=Wish(type=BOSS))
    groups.add(caller=caller(pair.boss), group=group, user=pair.person)
    assert isinstance(given, Privilege)
    assert may(pair.person, Right.PEOPLE_CHANGE, pair.authority)
    refusal = privileges.revoke(caller=caller(pair.person), privilege=pair.boss.privileges.get())
    assert isinstance(refusal, Finding)
    assert refusal.code == "privilege.last_user_administrator"


def test_who_may_take_a_role_away():
    pair = Pair()
    parent = pair.delegate()
    child = pair.pass_on(parent)
    stranger = user_with(BOSS, organisation=organisation())
    answers = {
        name: [privileges.may_revoke(caller(person), privilege) for privilege in (parent, child)]
        for name, person in {
            "authority": pair.boss,
            "vendor": pair.theirs,
            "person": pair.person,
            "stranger": stranger,
        }.items()
    }
    yes, no = [True, True], [False, False]
    assert answers == {"authority": yes, "vendor": yes, "person": no, "stranger": no}


def test_rights_cost_one_query_however_they_were_given(django_assert_num_queries):
    pair = Pair()
    pair.pass_on(pair.delegate())
    for number in range(3):
        group = groups.create(caller=caller(pair.theirs), organisation=pair.vendor, name=f"Hold {number}")
        groups.add(caller=caller(pair.theirs), group=group, user=pair.person)
        pair.pass_on(pair.delegate(list(Role)[number + 2]), to=group, type_=list(Role)[number + 2])
    who = caller(pair.person)
    with django_assert_num_queries(1):
        assert len(who.privileges) == 4
        assert who.organisations == [pair.authority]
