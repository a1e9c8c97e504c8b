"""Giving and taking roles: the rules that hold whoever asks."""

import datetime as dt
import json
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from adgang.lib import slots
from adgang.lib.findings import Finding
from organisations import expiry, privileges
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.grants import Wish
from organisations.models import Event, Mail, Privilege
from organisations.rights import PrivilegeType, roles
from tests.factories.organisations import Role, accept_terms, grant, organisation, user, user_with

pytestmark = pytest.mark.django_db


def caller(person):
    return Caller(user=person, channel=Channel.WEB, request_id="r")


def code(result):
    assert isinstance(result, Finding)
    return result.code


def give(actor, org, person, type_, **wish):
    return privileges.grant(caller=caller(actor), organisation=org, grantee=person, wish=Wish(type=type_, **wish))


def held(org):
    return sorted(Privilege.objects.filter(scope=org).values_list("type", flat=True))


def events(org):
    return [event.tag for event in Event.objects.filter(organisation_id=org.pk).order_by("seq")]


@pytest.fixture
def system_id(monkeypatch):
    made = uuid.uuid4()
    monkeypatch.setitem(slots._filled, "system_choices", [lambda organisation: [(made, "Lønsystem")]])
    return made


def test_grant_is_written_and_recorded():
    org, person = organisation(), user(name="Bo Skabelon")
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    made = give(boss, org, person, Role.CONTACT_ADMINISTRATOR)
    assert (made.user, made.scope, made.issuer_id) == (person, org, boss.pk)
    event = Event.objects.get(organisation_id=org.pk)
    after = {"role": "CONTACT_ADMINISTRATOR", "system_id": None, "active_to": None}
    assert (event.tag, event.object_id, json.loads(event.payload)["after"]) == (
        Tag.PRIVILEGES_GRANTED,
        person.pk,
        after,
    )


def test_granting_to_oneself_is_allowed_and_marked():
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    give(boss, org, boss, Role.ORGANISATION_ADMINISTRATOR)
    assert json.loads(Event.objects.get(organisation_id=org.pk).payload)["after"]["self_granted"] is True


@pytest.mark.parametrize("role", [role for role in roles().values() if not role.installation], ids=lambda r: r.type)
def test_before_the_terms_only_some_roles_can_be_given(role):
    org = organisation(accepted=False)
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    made = give(boss, org, user(), role.type)
    assert isinstance(made, Privilege) == role.before_terms
    if not role.before_terms:
        assert code(made) == "terms.missing"
        accept_terms(organisation=org)
        assert isinstance(give(boss, org, user(), role.type), Privilege)


@pytest.mark.parametrize("type_", [Role.SYSTEM_MANAGER, Role.SUPPORT])
def test_roles_of_the_installation_are_not_an_organisations_to_give(type_):
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    assert code(give(boss, org, user(), type_)) == "privilege.not_grantable"


def test_one_grants_only_what_one_may():
    org = organisation()
    owner = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    colleague = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org)
    stranger = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation())
    operator = user_with(Role.SYSTEM_MANAGER, organisation=None)
    own = [role.type for role in roles().values() if not role.installation]
    offered = {
        who: [role.type for role in privileges.grantable(caller(person), org)]
        for who, person in {"owner": owner, "colleague": colleague, "stranger": stranger, "operator": operator}.items()
    }
    assert offered == {
        "owner": own,
        "colleague": [],
        "stranger": [],
        "operator": [Role.ORGANISATION_USER_ADMINISTRATOR],
    }
    assert code(give(colleague, org, colleague, Role.READER)) == "privilege.not_grantable"


def test_a_role_is_held_once():
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    person = user_with(Role.READER, organisation=org)
    assert code(give(boss, org, person, Role.READER)) == "privilege.held"


def test_an_expired_role_can_be_given_again():
    org, person = organisation(), user()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    grant(user=person, role=Role.READER, organisation=org, active_to=timezone.now() - dt.timedelta(minutes=1))
    assert isinstance(give(boss, org, person, Role.READER), Privilege)
    assert events(org) == [Tag.PRIVILEGES_EXPIRED, Tag.PRIVILEGES_GRANTED]


def test_a_role_does_not_end_in_the_past():
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    assert code(give(boss, org, user(), Role.READER, active_to=timezone.now())) == "privilege.ended"


def test_a_role_may_be_limited_to_one_system(system_id):
    org, person = organisation(), user()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    assert give(boss, org, person, Role.ORGANISATION_ADMINISTRATOR, system_id=system_id).system_id == system_id
    assert code(give(boss, org, person, Role.CONTACT_ADMINISTRATOR, system_id=system_id)) == "privilege.not_per_system"
    assert code(give(boss, org, person, Role.READER, system_id=uuid.uuid4())) == "privilege.unknown_system"


def test_revoking_is_recorded_and_twice_does_nothing():
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    reader = user_with(Role.READER, organisation=org).privileges.get()
    assert privileges.revoke(caller=caller(boss), privilege=reader, reason="Nyt arbejde") is None
    assert privileges.revoke(caller=caller(boss), privilege=reader) is None
    assert held(org) == [Role.ORGANISATION_USER_ADMINISTRATOR]
    payload = json.loads(Event.objects.get(organisation_id=org.pk).payload)
    assert (payload["tag"], payload["before"]["role"], payload["reason"]) == (
        "PRIVILEGES_REVOKED",
        "READER",
        "Nyt arbejde",
    )


def test_the_last_lasting_user_administrator_stays():
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    temporary = user()
    grant(
        user=temporary,
        role=Role.ORGANISATION_USER_ADMINISTRATOR,
        organisation=org,
        active_to=timezone.now() + dt.timedelta(days=30),
    )
    last = boss.privileges.get()
    assert code(privileges.revoke(caller=caller(boss), privilege=last)) == "privilege.last_user_administrator"
    give(boss, org, user(), Role.ORGANISATION_USER_ADMINISTRATOR)
    assert privileges.revoke(caller=caller(boss), privilege=last) is None


def test_an_administrator_whose_account_is_closed_does_not_count():
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, is_active=False)
    refusal = privileges.revoke(caller=caller(boss), privilege=boss.privileges.get())
    assert code(refusal) == "privilege.last_user_administrator"


def test_expiry_ends_what_is_due_everywhere():
    first, second = organisation(), organisation()
    at = timezone.now()
    grant(user=user(), role=Role.READER, organisation=first, active_to=at - dt.timedelta(hours=1))
    grant(user=user(), role=Role.READER, organisation=second, active_to=at)
    grant(user=user(), role=Role.READER, organisation=second, active_to=at + dt.timedelta(hours=1))
    assert expiry.expire(caller=Caller.task("expire_rights"), at=at) == 2
    assert expiry.expire(caller=Caller.task("expire_rights"), at=at) == 0
    assert (held(first), held(second)) == ([], ["READER"])
    assert events(first) == events(second) == [Tag.PRIVILEGES_EXPIRED]


def test_an_expired_role_counts_no_more_even_before_it_is_removed():
    org, person = organisation(), user()
    grant(user=person, role=Role.READER, organisation=org, active_to=timezone.now() - dt.timedelta(seconds=1))
    assert caller(person).organisations == []


def test_notice_is_given_once_and_only_near_the_end():
    org, at = organisation(), timezone.now()
    near = grant(user=user(), role=Role.READER, organisation=org, active_to=at + dt.timedelta(days=14))
    grant(user=user(), role=Role.READER, organisation=org, active_to=at + dt.timedelta(days=15))
    assert expiry.give_notice(at=at) == 1
    assert expiry.give_notice(at=at) == 0
    mail = Mail.objects.get()
    assert (mail.kind, mail.to, mail.object_id) == ("role_ends_soon", near.user.email, near.pk)


def test_roles_limited_to_a_deleted_system_end(system_id):
    org = organisation()
    limited = user_with(Role.READER, organisation=org, system_id=system_id)
    user_with(Role.READER, organisation=org)
    told = expiry.end_for_system(organisation=org, system_id=system_id)
    assert [(chain, entry.tag, entry.obj) for chain, entry in told] == [(org, Tag.PRIVILEGES_REVOKED, limited)]
    assert held(org) == ["READER"]


def test_a_system_manager_is_appointed_once():
    person = user()
    assert privileges.appoint_system_manager(caller=Caller.command("x"), user=person) is True
    assert privileges.appoint_system_manager(caller=Caller.command("x"), user=person) is False
    assert person.privileges.get().type == PrivilegeType.SYSTEM_MANAGER


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_at_once():
    org = organisation()
    bosses = [user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org) for _ in range(2)]
    start = threading.Barrier(2)

    def remove(actor, victim):
        start.wait()
        privileges.revoke(caller=caller(actor), privilege=victim.privileges.get())
        connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in (bosses, bosses[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held(org) == [Role.ORGANISATION_USER_ADMINISTRATOR]
