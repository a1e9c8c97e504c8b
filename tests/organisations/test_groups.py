"""Groups: their members have the group's roles, and every change is recorded."""

import json

import pytest

from adgang.lib.findings import Finding
from adgang.lib.registered import StaleVersion
from organisations import erasing, groups, privileges
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.grants import Wish
from organisations.models import Event, GroupMember, UserGroup
from organisations.rights import Right
from tests.factories.organisations import Role, organisation, user, user_with

pytestmark = pytest.mark.django_db


def caller(person):
    return Caller(user=person, channel=Channel.WEB, request_id="r")


def world():
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    group = groups.create(caller=caller(boss), organisation=org, name="Driften")
    assert isinstance(group, UserGroup)
    return org, caller(boss), group


def told(org):
    return [event.tag for event in Event.objects.filter(organisation_id=org.pk).order_by("seq")]


def edit(who, group, members, *, name="Driften", description=""):
    return groups.edit(
        caller=who, group=group, version=group.version, name=name, description=description, members=members
    )


def test_members_have_the_groups_roles_for_as_long_as_they_are_members():
    org, boss, group = world()
    person, other = user(), user()
    privileges.grant(caller=boss, organisation=org, grantee=group, wish=Wish(type=Role.CONTACT_ADMINISTRATOR))
    edit(boss, group, [person, other])
    assert caller(person).may(Right.CONTACTS_CHANGE, org)
    edit(boss, UserGroup.objects.get(), [other])
    assert not caller(person).may(Right.CONTACTS_CHANGE, org)
    assert told(org) == [
        Tag.GROUP_CHANGED,
        Tag.PRIVILEGES_GRANTED,
        Tag.GROUP_JOINED,
        Tag.GROUP_JOINED,
        Tag.GROUP_LEFT,
    ]


def test_a_name_is_given_once_in_an_organisation():
    org, boss, _group = world()
    again = groups.create(caller=boss, organisation=org, name="Driften")
    assert isinstance(again, Finding)
    other = groups.create(caller=boss, organisation=org, name="Andet")
    assert isinstance(other, UserGroup)
    assert edit(boss, other, [], name="Driften").code == "group.name_taken"
    assert isinstance(groups.create(caller=boss, organisation=organisation(), name="Driften"), UserGroup)


def test_an_old_version_changes_nothing():
    _org, boss, group = world()
    edit(boss, group, [], name="Drift og vagt")
    with pytest.raises(StaleVersion):
        edit(boss, group, [user()], name="Noget andet")
    assert (UserGroup.objects.get().name, GroupMember.objects.count()) == ("Drift og vagt", 0)


def test_nothing_changed_is_nothing_told():
    org, boss, group = world()
    edit(boss, group, [])
    assert told(org) == [Tag.GROUP_CHANGED]


def test_joining_by_ones_own_hand_is_marked():
    org, boss, group = world()
    groups.add(caller=boss, group=group, user=boss.user)
    assert (
        json.loads(Event.objects.filter(organisation_id=org.pk).order_by("seq").last().payload)["after"]["self_granted"]
        is True
    )
    assert groups.add(caller=boss, group=group, user=boss.user).code == "group.member"
    member = GroupMember.objects.get()
    groups.remove(caller=boss, member=member)
    groups.remove(caller=boss, member=member)
    assert told(org)[1:] == [Tag.GROUP_JOINED, Tag.GROUP_LEFT]


def test_deleting_takes_the_roles_and_members_with_it():
    org, boss, group = world()
    person = user()
    privileges.grant(caller=boss, organisation=org, grantee=group, wish=Wish(type=Role.READER))
    groups.add(caller=boss, group=group, user=person)
    groups.delete(caller=boss, group=group, version=group.version)
    assert caller(person).organisations == []
    assert told(org)[-3:] == [Tag.PRIVILEGES_REVOKED, Tag.GROUP_LEFT, Tag.GROUP_DELETED]


def test_a_member_is_not_forgotten_before_they_leave():
    _org, boss, group = world()
    person = user()
    groups.add(caller=boss, group=group, user=person)
    with pytest.raises(erasing.StillActive):
        erasing.erase(caller=boss, user=person)


def test_colleagues_are_who_works_here():
    org, boss, _group = world()
    assert groups.colleagues(org, at=group_time()) == [boss.user]


def group_time():
    return UserGroup.objects.get().created
