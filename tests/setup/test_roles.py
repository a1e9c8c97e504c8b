"""Roles in the set-up file: user groups, people and invitations, given and taken like everything else in it."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from adgang.setup import documents
from adgang.setup.applying import SetupRefused
from adgang.setup.changes import Act
from adgang.setup.documents import Section
from organisations import inviting, verifying
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Event, GroupMember, Invitation, Mail, Privilege, UserGroup
from organisations.rights import PrivilegeType as Role
from tests.factories import organisations
from tests.setup.conftest import Authority

pytestmark = pytest.mark.django_db

END = dt.datetime(2031, 5, 1, 22, tzinfo=dt.UTC)


@pytest.fixture
def staffed(authority):
    """An authority with a user administrator, a group, a role with a limit, a vendor and somebody invited."""
    organisation = authority.organisation

    def person(name, *roles, **limits):
        made = organisations.user(email=f"{name.lower()}@proeve.example", name=f"{name} Prøve")
        organisations.employ(user=made, organisation=organisation)
        for role in roles:
            organisations.grant(role=role, organisation=organisation, user=made, **limits)
        return made

    person("Olga", Role.ORGANISATION_USER_ADMINISTRATOR)
    person("Sigurd", Role.ORGANISATION_ADMINISTRATOR, system_id=authority.system("Post").pk, active_to=END)
    group = UserGroup.objects.create(organisation=organisation, name="Driften", description="Drift og vagt")
    GroupMember.objects.create(group=group, user=person("Greta"))
    organisations.grant(role=Role.LETTER_ADMINISTRATOR, organisation=organisation, group=group)
    vendor = organisations.organisation(name="Påfund", cvr_number="99000014")
    organisations.grant(role=Role.READER, organisation=organisation, delegate=vendor)
    organisations.invitation(organisation=organisation, email="nynne@proeve.example", name="Nynne Ny")
    return authority


def section(authority):
    return documents.export(authority.organisation, [Section.ROLES])


def held(authority):
    rows = Privilege.objects.filter(scope=authority.organisation, delegate=None)
    return {(str(row.grantee), row.type, row.system_id, row.active_to) for row in rows}


def codes(plan):
    return [(one.finding.code, one.key) for one in plan.findings]


def told(plan):
    return {
        (one.act, one.kind, one.name, tuple((f.key, f.before, f.after) for f in one.fields)) for one in plan.changes
    }


def test_how_it_is_written(staffed):
    text = section(staffed)
    group = UserGroup.objects.get()
    assert text[text.index("roles:\n") :] == (
        "roles:\n"
        "- userGroup: Driften\n"
        f"  id: {group.pk}\n"
        "  description: Drift og vagt\n"
        "  members:\n  - greta@proeve.example\n"
        "  roles:\n  - LETTER_ADMINISTRATOR\n"
        "- person: greta@proeve.example\n  name: Greta Prøve\n"
        "- person: nynne@proeve.example\n  name: Nynne Ny  # inviteret\n  roles:\n  - READER\n"
        "- person: olga@proeve.example\n  name: Olga Prøve\n  roles:\n  - ORGANISATION_USER_ADMINISTRATOR\n"
        "- person: sigurd@proeve.example\n  name: Sigurd Prøve\n  roles:\n"
        "  - role: ORGANISATION_ADMINISTRATOR\n    system: Post\n    activeToDateTime: 2031-05-01T22:00:00Z\n"
        '- organisation: "99000014"\n  name: Påfund\n  roles:\n  - READER\n'
    )
    assert staffed.plan(text).changes == []
    assert staffed.plan(text).findings == []


def test_wiped_and_applied_everything_is_as_it_was(staffed):
    text, before = staffed.text, held(staffed)
    Privilege.objects.filter(delegate=None).delete()
    UserGroup.objects.all().delete()
    Invitation.objects.all().delete()
    staffed.apply(text)
    assert held(staffed) == before
    assert staffed.text == text
    assert staffed.plan(text).changes == []
    assert verifying.verify(staffed.organisation.pk).broken is None
    # Who works here has it back at once; who does not is asked by mail.
    assert list(Mail.objects.values_list("kind", "to")) == [("invitation", "nynne@proeve.example")]


def test_what_is_taken_out_is_taken_away(staffed):
    text = section(staffed)
    start, end = text.index("- userGroup"), text.index("- person: olga")
    plan = staffed.plan(text[:start] + text[end:])
    assert told(plan) == {
        (Act.REMOVED, "userGroup", "Driften", ()),
        (Act.REMOVED, "invitation", "Nynne Ny (nynne@proeve.example)", (("roles", "READER", ""),)),
    }
    staffed.apply(text[:start] + text[end:], reason="Ny organisation")
    assert not UserGroup.objects.exists()
    assert Invitation.objects.get().withdrawn
    tags = list(Event.objects.order_by("seq").values_list("tag", flat=True))
    assert tags[-5:] == [
        Tag.PRIVILEGES_REVOKED,
        Tag.GROUP_LEFT,
        Tag.GROUP_DELETED,
        Tag.INVITATION_WITHDRAWN,
        Tag.SETUP_APPLIED,
    ]
    assert json.loads(Event.objects.filter(tag=Tag.PRIVILEGES_REVOKED).get().payload)["reason"] == "Ny organisation"


def test_roles_ends_members_and_names_change(staffed):
    text = section(staffed)
    text = text.replace("  - LETTER_ADMINISTRATOR", "  - READER")
    text = text.replace("  - greta@proeve.example", "  - OLGA@proeve.example")
    text = text.replace("2031-05-01T22:00:00Z", "2032-05-01T22:00:00Z").replace(
        "userGroup: Driften", "userGroup: Vagten"
    )
    plan = staffed.plan(text)
    limited = "ORGANISATION_ADMINISTRATOR (Post, activeToDateTime {}-05-01T22:00:00Z)"
    assert told(plan) == {
        (
            Act.CHANGED,
            "userGroup",
            "Vagten",
            (
                ("userGroup", "Driften", "Vagten"),
                ("members", "greta@proeve.example", ""),
                ("members", "", "olga@proeve.example"),
                ("roles", "LETTER_ADMINISTRATOR", ""),
                ("roles", "", "READER"),
            ),
        ),
        (
            Act.CHANGED,
            "person",
            "Sigurd Prøve (sigurd@proeve.example)",
            (("roles", limited.format(2031), limited.format(2032)),),
        ),
    }
    staffed.apply(text)
    assert section(staffed) == text.replace("OLGA", "olga").replace(
        "- person: greta@proeve.example\n  name: Greta Prøve\n", ""
    )


def test_groups_may_swap_their_names(staffed):
    other = UserGroup.objects.create(organisation=staffed.organisation, name="Vagten")
    text = (
        section(staffed)
        .replace("userGroup: Driften", "userGroup: X")
        .replace("userGroup: Vagten", "userGroup: Driften")
    )
    staffed.apply(text.replace("userGroup: X", "userGroup: Vagten"))
    assert UserGroup.objects.get(name="Driften") == other


NEW = """\
- person: ny@andet.example
  name: Ny Person
  roles:
  - READER
  - role: ORGANISATION_ADMINISTRATOR
    system: Post
    activeToDateTime: 2031-05-01T22:00:00Z
"""


def test_who_is_unknown_is_invited_to_all_of_it(staffed):
    """An account elsewhere in the installation is no reason to give somebody a role unasked."""
    account = organisations.user(email="ny@andet.example")
    text = section(staffed).replace("- greta@", "- ny@andet.example\n  - greta@") + NEW
    plan = staffed.plan(text)
    assert {(one.act, one.kind, one.name) for one in plan.changes} == {
        (Act.CHANGED, "userGroup", "Driften"),
        (Act.ADDED, "invitation", "Ny Person (ny@andet.example)"),
    }
    staffed.apply(text)
    assert not Privilege.objects.filter(user=account).exists()
    # It stands in the file as what it is, and is not sent again.
    assert "name: Ny Person  # inviteret" in section(staffed)
    assert staffed.plan(text).changes == []
    waiting = Invitation.objects.get(email=account.email)
    Invitation.objects.filter(pk=waiting.pk).update(token_hash=inviting.secrets.token_hash("t"))
    inviting.accept_as(caller=Caller.task("test"), token="t", user=account)
    assert set(account.privileges.values_list("type", "active_to")) == {
        ("READER", None),
        (Role.ORGANISATION_ADMINISTRATOR, END),
    }
    assert account.memberships.get().group.name == "Driften"
    assert staffed.plan(text).changes == []


def test_an_invitation_that_ran_out_is_sent_anew(staffed):
    text = section(staffed)
    Invitation.objects.update(expires=timezone.now() - dt.timedelta(days=1))
    plan = staffed.plan(text)
    assert {(one.act, one.kind) for one in plan.changes} == {(Act.ADDED, "invitation")}
    staffed.apply(text)
    assert Invitation.objects.filter(withdrawn=None).get().expires > timezone.now()


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("- ORGANISATION_USER_ADMINISTRATOR", "- CHEF", ("setup.choice", "roles")),
        ("- ORGANISATION_USER_ADMINISTRATOR", "- SYSTEM_MANAGER", ("setup.choice", "roles")),
        ("- ORGANISATION_USER_ADMINISTRATOR", "- [READER]", ("setup.role_form", "roles")),
        ("- ORGANISATION_USER_ADMINISTRATOR", "- READER", ("privilege.last_user_administrator", "roles")),
        ("  - ORGANISATION_USER_ADMINISTRATOR\n", "", ("privilege.last_user_administrator", "roles")),
        ("- LETTER_ADMINISTRATOR", "- LETTER_ADMINISTRATOR\n  - LETTER_ADMINISTRATOR", ("setup.role_twice", "roles")),
        (
            "- LETTER_ADMINISTRATOR",
            "- {role: LETTER_ADMINISTRATOR, system: Post}",
            ("privilege.not_per_system", "roles"),
        ),
        ("- LETTER_ADMINISTRATOR", "- {role: READER, system: Fax}", ("setup.system_unknown", "roles")),
        ("- LETTER_ADMINISTRATOR", "- {role: READER, ends: x}", ("setup.key_unknown", "ends")),
        ("2031-05-01T22", "2021-05-01T22", ("privilege.ended", "roles")),
        ("2031-05-01T22:00:00Z", "snart", ("setup.time", "roles")),
        ("- greta@proeve.example", "- ukendt@proeve.example", ("setup.member_unknown", "members")),
        ("members:\n  - greta@proeve.example", "members: greta", ("setup.list_wanted", "members")),
        ("person: greta@proeve.example", "person: olga@proeve.example", ("setup.person_twice", "person")),
        ("person: greta@proeve.example", "person: greta", ("email.invalid", "person")),
        ("person: greta@proeve.example\n  name: Greta Prøve", "person: x@y.example", ("setup.person_name", "name")),
        ("userGroup: Driften", "gruppe: Driften", ("setup.role_what", "")),
        ("  description: Drift", "  beskrivelse: Drift", ("setup.key_unknown", "beskrivelse")),
        ("- userGroup: Driften", "- userGroup: Driften\n- userGroup: Driften", ("setup.group_twice", "userGroup")),
        ("description: Drift", f"description: {'D' * 500}", ("value.long", "description")),
    ],
)
def test_every_fault_is_named(staffed, old, new, found):
    text = section(staffed)
    assert old in text
    plan = staffed.plan(text.replace(old, new, 1))
    assert plan.refused
    assert found in codes(plan)
    one = next(one for one in plan.findings if (one.finding.code, one.key) == found)
    assert one.finding.message
    assert one.finding.remedy


def test_before_the_terms_are_accepted_few_roles_can_be_given(empty):
    unbound = Authority(organisations.organisation(accepted=False))
    head = unbound.text[: unbound.text.index("roles:")]
    given = "roles:\n- person: a@b.example\n  name: A\n  roles:\n  - {}\n"
    assert codes(unbound.plan(head + given.format("CONTACT_ADMINISTRATOR"))) == [("terms.missing", "roles")]
    assert codes(unbound.plan(head + given.format("READER"))) == []


def test_delegations_are_told_and_left_alone(staffed):
    text = section(staffed)
    cut = text[: text.index("- organisation")]
    plan = staffed.plan(cut)
    assert plan.changes == []
    assert codes(plan) == [("setup.delegations_left", "organisation")]
    assert plan.findings[0].finding.params == {"organisations": ["99000014"]}
    staffed.apply(cut)
    assert Privilege.objects.filter(delegate__cvr_number="99000014").exists()


def test_a_group_that_acts_elsewhere_is_kept(staffed):
    other = organisations.organisation()
    given = organisations.grant(role=Role.READER, organisation=other, delegate=staffed.organisation)
    organisations.grant(role=Role.READER, organisation=other, group=UserGroup.objects.get(), parent=given)
    text = section(staffed)
    assert staffed.plan(text).changes == []
    text = text[: text.index("- userGroup")] + text[text.index("- person: olga") :]
    assert ("setup.group_passed_on", "roles") in codes(staffed.plan(text))


def test_only_who_gives_roles_gives_them_by_file(staffed):
    text = section(staffed).replace("- LETTER_ADMINISTRATOR", "- READER")
    reader = organisations.user_with(Role.READER, Role.LETTER_ADMINISTRATOR, organisation=staffed.organisation)
    staffed.caller = Caller.command("test").become(reader)
    with pytest.raises(SetupRefused) as refused:
        staffed.apply(text)
    assert ("setup.not_yours", "roles") in codes(refused.value.plan)
    blind = organisations.user_with(Role.CONTACT_ADMINISTRATOR, organisation=staffed.organisation)
    staffed.caller = Caller.command("test").become(blind)
    plan = staffed.apply(text)
    assert (plan.changes, codes(plan)) == ([], [("setup.not_seen", "roles")])


def test_queries_do_not_grow_with_the_people(staffed, django_assert_max_num_queries):
    group = UserGroup.objects.get()
    for number in range(12):
        one = organisations.user_with(Role.READER, organisation=staffed.organisation, email=f"p{number}@proeve.example")
        GroupMember.objects.create(group=group, user=one)
        organisations.invitation(organisation=staffed.organisation, email=f"i{number}@proeve.example")
    text = section(staffed).replace("  - READER", "  - STATISTICS_ADMINISTRATOR")
    with django_assert_max_num_queries(24):
        plan = staffed.plan(text)
    assert plan.counts[Act.CHANGED] == 25
