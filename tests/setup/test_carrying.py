"""A set-up carried from test to production by the rules that stand in the file."""

import uuid

import pytest

from adgang.setup import carrying, documents
from adgang.setup.changes import Act
from contacts.models import ContactPoint
from organisations.models import GroupMember, Invitation, UserGroup
from organisations.rights import PrivilegeType
from systems.models import System
from tests.factories import certificates, contacts, systems
from tests.factories.organisations import user_with
from tests.setup.conftest import furnish

pytestmark = pytest.mark.django_db


def codes(plan):
    return [one.finding.code for one in plan.findings]


@pytest.fixture
def carried(authority):
    return documents.export(authority.organisation, carry=True)


@pytest.fixture
def production(empty, settings):
    made = empty(name="Prøveby Kommune i drift")
    settings.ADGANG_ENVIRONMENT = "production"
    return made


def test_rules_are_proposed_for_everything_that_may_differ(carried):
    assert "  hosts:\n    proeve.example: proeve.example\n" in carried
    assert "    sftp.proeve.example: sftp.proeve.example\n" in carried
    assert "    www.proeve.example: www.proeve.example\n" in carried
    assert '    "192.0.2.0/28": "192.0.2.0/28"\n' in carried
    assert "  service: leave\n" in carried


def test_to_an_empty_installation(authority, carried, production):
    plan = production.plan(carried)
    assert codes(plan) == ["setup.hosts_kept"]
    assert plan.counts[Act.ADDED] == len(plan.changes) == 2 + 6 + 2
    # The ids that it makes are others each time, and yet it is the plan that was agreed to.
    assert {one.key for change in plan.changes for one in change.fields} >= {"replyPoint", "replacedBy"}
    production.apply(carried, seen=plan.digest)
    # Another installation's ids are never taken over, but what they hold together stays together.
    assert production.point("Boligstøtte").pk != authority.point("Boligstøtte").pk
    assert production.point("Lukket").replaced_by == production.point("Boligstøtte").pk
    assert (
        production.organisation.letter_types.get(name="Afgørelse").reply_point_id == production.point("Boligstøtte").pk
    )
    assert production.plan(carried).changes == []


def test_the_rules_decide_what_becomes_of_addresses(carried, production):
    text = (
        carried.replace("    proeve.example: proeve.example", "    proeve.example: drift.example")
        .replace("    www.proeve.example: www.proeve.example", "    www.proeve.example: borger.drift.example")
        .replace("    sftp.proeve.example: sftp.proeve.example", "    sftp.proeve.example:")
        .replace('    "192.0.2.0/28": "192.0.2.0/28"', '    "192.0.2.0/28": "198.51.100.0/28"')
        .replace('    "192.0.2.77": "192.0.2.77"', '    "192.0.2.77":')
    )
    production.apply(text)
    assert production.system("Post").endpoint == "post@drift.example"
    assert production.system("Breve").sftp_host == ""
    assert list(production.system("Post").allowed_ips.values_list("network", flat=True)) == ["198.51.100.0/28"]
    assert production.point("Boligstøtte").report_link_url == "https://borger.drift.example/bolig?a=1"


def test_a_whole_address_goes_before_its_host(carried, production):
    text = carried.replace("  addresses: {}", "  addresses:\n    post@proeve.example: postmodtagelse@andet.example")
    production.apply(text)
    assert production.system("Post").endpoint == "postmodtagelse@andet.example"


def test_what_is_there_already_is_known_by_its_name_and_keeps_what_is_its_own(carried, production, settings):
    settings.ADGANG_ENVIRONMENT = "test"  # where the demo's hierarchy is trusted
    own = certificates.certificate(organisation=production.organisation)
    there = systems.system(
        organisation=production.organisation, name="Post", active=True, certificate=own, registry_id=uuid.uuid4()
    )
    group = contacts.group("Borger", organisation=production.organisation)
    point = contacts.point("Hovedpostkasse", organisation=production.organisation, system=there)
    production.apply(carried)
    kept = System.objects.get(pk=there.pk)
    assert (kept.certificate, kept.registry_id, kept.active_from) == (own, there.registry_id, there.active_from)
    assert kept.endpoint == "post@proeve.example"
    assert ContactPoint.objects.get(pk=point.pk).internal_description == "nej"
    assert production.organisation.contact_groups.get(name="Borger").pk == group.pk


def test_an_id_may_be_given_to_what_bears_another_name(authority, carried, production):
    group = contacts.group("Privat", organisation=production.organisation)
    old = authority.organisation.contact_groups.get(name="Borger").pk
    text = carried.replace("  ids: {}", f"  ids:\n    {old}: {group.pk}")
    plan = production.plan(text)
    assert (Act.CHANGED, "Borger", group.pk) in {(one.act, one.name, one.id) for one in plan.changes}


def test_credentials_by_their_fingerprints(authority, production, settings):
    settings.ADGANG_ENVIRONMENT = "test"
    old = certificates.certificate(organisation=authority.organisation)
    System.objects.filter(name="Post").update(certificate=old)
    text = documents.export(authority.organisation, carry=True)
    new = certificates.certificate(organisation=production.organisation)
    assert f"{old.sha256}" in text
    line = next(line for line in text.splitlines() if old.sha256 in line)
    production.apply(text.replace(line, line.replace('""', f'"{new.sha256}"'), 1))
    assert production.system("Post").certificate == new


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("  service: leave", "  service: måske", "setup.choice"),
        ("  ids: {}", "  ids:\n    x: y", "value.uuid"),
        ("  ids: {}", "  ider: {}", "setup.key_unknown"),
        ("  addresses: {}", "  addresses: [a]", "setup.map_wanted"),
        ("  addresses: {}", "  addresses:\n    a: [b]", "setup.text_wanted"),
    ],
)
def test_rules_that_cannot_be_read_are_refused(carried, production, old, new, found):
    assert old in carried
    plan = production.plan(carried.replace(old, new))
    assert plan.refused
    assert codes(plan) == [found]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://www.example.dk:8443/x", "www.example.dk"),
        ("post@Example.dk", "example.dk"),
        ("sftp.example.dk", "sftp.example.dk"),
        ("https://[x", ""),
    ],
)
def test_the_host_of_an_address(text, host):
    assert carrying.host_of(text) == host


def test_people_are_carried_by_their_addresses_and_invited(authority, production):
    group = UserGroup.objects.create(organisation=authority.organisation, name="Driften")
    for name in ("anna", "bo"):
        one = user_with(PrivilegeType.READER, organisation=authority.organisation, email=f"{name}@test.example")
        GroupMember.objects.create(group=group, user=one)
    text = documents.export(authority.organisation, carry=True)
    assert "    test.example: test.example\n" in text
    text = text.replace("    test.example: test.example", "    test.example: drift.example")
    production.apply(text.replace("  addresses: {}", "  addresses:\n    bo@test.example:"))
    invited = Invitation.objects.get(organisation=production.organisation)
    there = UserGroup.objects.get(organisation=production.organisation)
    assert (invited.email, invited.roles, invited.groups) == ("anna@drift.example", ["READER"], [str(there.pk)])
    assert there.pk != group.pk


def test_a_second_installation_with_everything(authority, empty, settings):
    other = empty()
    furnish(other.organisation)
    plan = other.plan(documents.export(authority.organisation, carry=True))
    # Only names count, and they are all there.
    assert plan.changes == []
