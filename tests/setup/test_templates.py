"""Standard systems in the set-up file: an organisation's own, and from which one a system was made."""

import datetime as dt

import pytest
from django.utils import timezone

from adgang.setup import documents
from adgang.setup.changes import Act
from adgang.setup.documents import Section
from organisations.event_tags import Tag
from organisations.models import Event
from systems.models import SystemTemplate, TemplateEdition, TemplateUse
from systems.standard import publishing
from tests.factories import organisations
from tests.setup.conftest import CALLER, wipe

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LETTERS = {
    "service_protocol": "SFTP",
    "is_sender": True,
    "is_recipient": False,
    "sftp_port": 22,
    "sftp_folder": "ind",
    "technical_contact_email": "drift@proeve.example",
    "networks": ["198.51.100.32/28"],
}


@pytest.fixture
def vendor(authority):
    """The authority offers a standard system in two editions, is at work on another, and uses the first edition."""
    made = SystemTemplate(organisation=authority.organisation, name="Brevflet", description="Danner breve.\r\nOg mere.")
    made.values, made.to_fill = dict(LETTERS), ["sftp_host", "business_contact_email"]
    publishing.create(caller=CALLER, template=made)
    publishing.publish(caller=CALLER, template=made, version=made.version, note="", at=AT)
    TemplateUse.objects.create(system=authority.system("Breve"), template=made, edition=1)
    made.values = {**LETTERS, "networks": ["198.51.100.48/28"]}
    publishing.change(caller=CALLER, template=made, version=made.version)
    publishing.publish(caller=CALLER, template=made, version=made.version, note="Vi flytter", at=AT)
    draft = SystemTemplate(organisation=authority.organisation, name="Underskrift")
    draft.values = {"service_protocol": "REST_PULL", "is_sender": False, "is_recipient": True}
    publishing.create(caller=CALLER, template=draft)
    return authority


def section(authority):
    text = documents.export(authority.organisation, [Section.TEMPLATES])
    return text[text.index("standardSystems:") :]


def made_from(vendor, edition):
    owner = f'name: Brevflet\n    cvrNumber: "{vendor.organisation.cvr_number}"'
    return f"  standardSystemTemplate:\n    {owner}\n    edition: {edition}\n"


def codes(plan):
    return [(one.finding.code, one.key) for one in plan.findings]


def fields(plan):
    return [(one.act, one.name, [(f.key, f.before, f.after) for f in one.fields]) for one in plan.changes]


def test_how_they_are_written(vendor):
    made, draft = SystemTemplate.objects.order_by("name")
    edition = (
        "    systemTypes: [SENDER]\n    serviceProtocol: SFTP\n"
        "    technicalContact:\n      email: drift@proeve.example\n"
        '    allowedIps:\n    - "198.51.100.{}/28"\n    sftp:\n      folder: ind\n'
        "    toFill: [sftp.host, businessContactEmail]\n"
    )
    top = "\n".join(line[2:] for line in edition.format(48).splitlines()) + "\n"
    assert section(vendor) == (
        f'standardSystems:\n- standardSystem: Brevflet\n  id: {made.pk}\n  description: "Danner breve.\\r\\nOg mere."\n'
        + top
        + "  editions:\n  - edition: 1\n    published: 2026-03-01T12:00:00Z\n"
        + edition.format(32)
        + "  - edition: 2\n    published: 2026-03-01T12:00:00Z\n    note: Vi flytter\n"
        + edition.format(48)
        + f"- standardSystem: Underskrift\n  id: {draft.pk}\n  systemTypes: [RECIPIENT]\n  serviceProtocol: REST_PULL\n"
    )
    assert made_from(vendor, 1) in vendor.text
    assert (vendor.plan(vendor.text).changes, codes(vendor.plan(vendor.text))) == ([], [])


def test_wiped_and_applied_everything_is_as_it_was(vendor):
    text = vendor.text
    before = list(TemplateEdition.objects.values_list("number", "values", "to_fill", "note", "published"))
    wipe(vendor.organisation)
    SystemTemplate.objects.all().delete()
    vendor.apply(text)
    assert vendor.text == text
    assert list(TemplateEdition.objects.values_list("number", "values", "to_fill", "note", "published")) == before
    made = SystemTemplate.objects.get(name="Brevflet")
    assert (made.edition, made.published) == (2, AT)
    assert vendor.system("Breve").template_use.edition == 1


def test_a_new_edition_is_published_by_adding_it(vendor):
    text = vendor.text
    start = text.index("  - edition: 2")
    added = text[start : text.index("- standardSystem: Underskrift")].replace("edition: 2", "edition: 3")
    added = added.replace("    published: 2026-03-01T12:00:00Z\n", "").replace("folder: ind", "folder: ud")
    text = text.replace("- standardSystem: Underskrift", f"{added}- standardSystem: Underskrift")
    assert fields(vendor.plan(text)) == [(Act.CHANGED, "Brevflet", [("editions", "", "3")])]
    vendor.apply(text)
    newest = TemplateEdition.objects.get(number=3)
    assert newest.values == {**LETTERS, "networks": ["198.51.100.48/28"], "sftp_folder": "ud"}
    assert newest.published > timezone.now() - dt.timedelta(minutes=1)
    assert SystemTemplate.objects.get(name="Brevflet").edition == 3
    assert Event.objects.order_by("-seq")[1].tag == Tag.TEMPLATE_PUBLISHED


def test_changed_retired_renamed_and_deleted(vendor):
    text = section(vendor)
    text = text[: text.index("- standardSystem: Underskrift")].replace("System: Brevflet", "System: Brevfletter")
    text = text.replace("  toFill: [sftp.host, businessContactEmail]\n  edi", "  retired: 2026-05-01T00:00:00Z\n  edi")
    head = vendor.text[: vendor.text.index("systems:")]
    assert fields(vendor.plan(head + text)) == [
        (
            Act.CHANGED,
            "Brevfletter",
            [
                ("standardSystem", "Brevflet", "Brevfletter"),
                ("retired", "", "2026-05-01T00:00:00Z"),
                ("toFill", "sftp.host, businessContactEmail", ""),
            ],
        ),
        (Act.REMOVED, "Underskrift", []),
    ]
    vendor.apply(head + text)
    left = SystemTemplate.objects.get()
    assert (left.name, left.to_fill, left.retired.month, left.edition) == ("Brevfletter", [], 5, 2)
    tags = list(Event.objects.order_by("seq").values_list("tag", flat=True))
    assert tags[-4:] == [Tag.TEMPLATE_DELETED, Tag.TEMPLATE_CHANGED, Tag.TEMPLATE_RETIRED, Tag.SETUP_APPLIED]
    # What is retired stays so.
    back = section(vendor).replace("  retired: 2026-05-01T00:00:00Z\n", "")
    assert ("template.is_retired", "retired") in codes(vendor.plan(head + back))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("- standardSystem: Under", "- system: Under", ("setup.template_what", "standardSystem")),
        ("  serviceProtocol: REST_PULL\n", "", ("setup.template_protocol", "serviceProtocol")),
        ("serviceProtocol: REST_PULL", "serviceProtocol: FAX", ("setup.choice", "serviceProtocol")),
        ("System: Underskrift", "System: brevflet", ("setup.template_twice", "standardSystem")),
        ("systemTypes: [RECIPIENT]", "systemTypes: []", ("setup.template_value", "systemTypes")),
        ("toFill: [sftp.host", "toFill: [sftp.hest", ("setup.choice", "toFill")),
        ("toFill: [sftp.host", "toFill: [smtpRelay.host", ("setup.template_value", "toFill")),
        ("- edition: 1", "- udgave: 1", ("setup.edition_what", "editions")),
        ("- edition: 1", "- edition: x", ("value.number", "edition")),
        ("- edition: 2", "- edition: 4", ("setup.editions_in_order", "editions")),
        ("note: Vi flytter", "note: Vi bliver", ("setup.edition_fixed", "edition")),
        ("  editions:\n", "  udgaver:\n", ("setup.editions_in_order", "editions")),
        ("standardSystem: Brevflet\n", "standardSystem: Flet\n  x: y\n", ("setup.key_unknown", "x")),
        (
            "  systemTypes: [SENDER]\n  serviceProtocol: SFTP",
            "  systemTypes: [SENDER]\n  serviceProtocol: AS4",
            ("template.protocol_fixed", "serviceProtocol"),
        ),
        ("standardSystem: Underskrift", f"standardSystem: {'U' * 101}", ("value.long", "standardSystem")),
    ],
)
def test_every_fault_is_named(vendor, old, new, found):
    text = section(vendor)
    assert old in text
    plan = vendor.plan(vendor.text[: vendor.text.index("systems:")] + text.replace(old, new, 1))
    assert found in codes(plan)
    one = next(one for one in plan.findings if (one.finding.code, one.key) == found)
    assert one.finding.message
    assert one.finding.remedy


def test_what_is_published_is_not_deleted(vendor):
    head = vendor.text[: vendor.text.index("systems:")]
    assert codes(vendor.plan(f"{head}standardSystems: []\n")) == [("template.published_already", "standardSystems")]


def test_a_system_is_made_from_what_others_offer(vendor, empty):
    other = empty()
    used = made_from(vendor, 2)
    head = other.text[: other.text.index("systems:")]
    text = f"{head}systems:\n- system: Breve\n  systemTypes: [SENDER]\n  serviceProtocol: REST_PULL\n{used}"
    other.apply(text)
    assert other.system("Breve").template_use.edition == 2
    for unknown in (text.replace("edition: 2", "edition: 3"), text.replace("name: Brevflet", "name: Underskrift")):
        plan = other.plan(unknown)
        assert codes(plan) == [("setup.template_unknown", "standardSystemTemplate")]
        assert plan.changes == []
    plan = other.plan(text.replace(used, ""))
    assert fields(plan)[0][2][0] == ("standardSystemTemplate.name", "Brevflet", "")
    other.apply(text.replace(used, ""))
    assert not TemplateUse.objects.filter(system=other.system("Breve")).exists()
    assert '"standard_system"' in Event.objects.filter(tag=Tag.SYSTEM_CHANGED).order_by("-id").first().payload


def test_carried_with_its_own_standard_systems(vendor, empty, settings):
    text = documents.export(vendor.organisation, carry=True)
    settings.ADGANG_ENVIRONMENT = "production"
    production = empty()
    text = text.replace("    proeve.example: proeve.example", "    proeve.example: drift.example")
    text = text.replace('    "198.51.100.32/28": "198.51.100.32/28"', '    "198.51.100.32/28": "203.0.113.32/28"')
    production.apply(text)
    made = SystemTemplate.objects.get(organisation=production.organisation, name="Brevflet")
    first = made.editions.get(number=1)
    assert first.values["technical_contact_email"] == "drift@drift.example"
    assert first.values["networks"] == ["203.0.113.32/28"]
    assert production.system("Breve").template_use.template == made
    assert production.plan(text).changes == []


def test_queries_do_not_grow_with_the_standard_systems(vendor, django_assert_max_num_queries):
    for number in range(6):
        one = SystemTemplate(organisation=vendor.organisation, name=f"Nr. {number}", values=dict(LETTERS))
        publishing.create(caller=CALLER, template=one)
        publishing.publish(caller=CALLER, template=one, version=1, note="", at=AT)
    text = vendor.text.replace("folder: ind", "folder: ud")
    with django_assert_max_num_queries(30):
        vendor.plan(text)


def test_only_who_may_change_systems_does(vendor):
    person = organisations.user_with(organisations.Role.CONTACT_ADMINISTRATOR, organisation=vendor.organisation)
    vendor.caller = CALLER.become(person)
    text = vendor.text.replace('description: "Danner', 'description: "Laver')
    with pytest.raises(Exception, match="faults"):
        vendor.apply(text)
