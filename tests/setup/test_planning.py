"""What a set-up file would do: nothing when it was just exported, else exactly what was edited, and every fault."""

import uuid

import pytest

from adgang.setup.changes import Act
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def told(plan):
    return {(change.act, change.kind, change.name) for change in plan.changes}


def fields(plan):
    return {one.key: (one.before, one.after) for change in plan.changes for one in change.fields}


def faults(plan):
    return [(one.finding.code, one.key) for one in plan.findings]


def test_what_was_exported_changes_nothing(authority):
    plan = authority.plan(authority.text)
    assert plan.findings == []
    assert plan.changes == []


def test_the_file_is_the_same_every_time(authority):
    assert authority.text == authority.text


@pytest.mark.parametrize(
    ("old", "new", "act", "key", "before", "after"),
    [
        ("Tina Teknisk", "Tove Teknisk", Act.CHANGED, "technicalContact.name", "Tina Teknisk", "Tove Teknisk"),
        ("- 192.0.2.77\n", "", Act.CHANGED, "allowedIps", "192.0.2.0/28, 192.0.2.77", "192.0.2.0/28"),
        ("group: Ydelser", "group: Penge", Act.CHANGED, "name", "Ydelser", "Penge"),
        ("organisationalUnit: true", "organisationalUnit: false", Act.CHANGED, "organisationalUnit", "true", "false"),
        ("[CITIZEN, COMPANY]", "[CITIZEN]", Act.CHANGED, "targets", "CITIZEN, COMPANY", "CITIZEN"),
        ("memoSizeThresholdMB: 12.5", "memoSizeThresholdMB: 3", Act.CHANGED, "memoSizeThresholdMB", "12.5", "3"),
        ("allowedNumberOfAttachments: 0", "", Act.CHANGED, "allowedNumberOfAttachments", "0", ""),
        ("replyDays: 14", "replyDays: 21", Act.CHANGED, "replyDays", "14", "21"),
        ("  senderSystem: Breve\n", "", Act.CHANGED, "senderSystem", "Breve", ""),
    ],
)
def test_one_change_is_one_change(authority, old, new, act, key, before, after):
    text = authority.edited((old, new)) if old.startswith(" ") or "192" not in old else authority.text
    if "192" in old:
        text = text.replace('  - "192.0.2.77"\n', new)
    plan = authority.plan(text)
    assert plan.findings == []
    assert [change.act for change in plan.changes] == [act]
    assert fields(plan) == {key: (before, after)}


def test_the_order_of_the_file_is_the_order_of_the_structure(authority):
    third = contacts.group("Tredje", organisation=authority.organisation)
    text = authority.text
    start, end = text.index("- group: Tredje"), text.index("- point: Hovedpostkasse")
    block = text[start:end]
    text = text[:start] + text[end:]
    plan = authority.plan(text.replace("- group: Borger", f"{block}- group: Borger"))
    assert told(plan) == {(Act.MOVED, "group", "Tredje")}
    assert fields(plan) == {"order": ("3/3", "1/3")}
    assert plan.changes[0].id == third.pk


def test_a_point_that_stands_in_another_group_is_moved(authority):
    text = authority.text
    start = text.index("- point: Hovedpostkasse")
    block, text = text[start : text.index("\n\n#", start)], text[:start] + text[text.index("\n\n#", start) :]
    inner = "".join(f"  {line}\n" for line in block.splitlines())
    plan = authority.plan(
        text.replace("  organisationalUnit: true\n  contents:\n", f"  organisationalUnit: true\n  contents:\n{inner}")
    )
    assert told(plan) == {(Act.MOVED, "point", "Hovedpostkasse")}
    assert fields(plan) == {"place": ("", "Erhverv")}


def test_a_place_that_is_left_out_is_a_move(authority):
    text = authority.text
    line = next(line for line in text.splitlines() if "also:" in line)
    text = text.replace(f"  contents:\n{line}\n", "")
    assert told(authority.plan(text)) == {(Act.MOVED, "point", "Boligstøtte")}


def test_a_section_that_is_left_out_is_left_alone(authority):
    text = authority.text
    assert authority.plan(text[: text.index("letterTypes:")]).changes == []


def test_an_empty_section_takes_everything_away_unless_something_needs_it(authority):
    text = authority.text
    head = text[: text.index("systems:")]
    plan = authority.plan(f"{head}systems: []\ncontactStructure: []\nletterTypes: []\n")
    assert plan.findings == []
    assert {change.act for change in plan.changes} == {Act.REMOVED}
    assert len(plan.changes) == 2 + 6 + 2
    plan = authority.plan(f"{head}systems: []\n")
    assert faults(plan) == [("setup.system_used", "systems")]
    plan = authority.plan(f"{head}contactStructure: []\n")
    assert faults(plan) == [("setup.point_used", "contactStructure")]


def test_what_receives_no_more_may_not_be_used(authority):
    plan = authority.plan(authority.edited(("[RECIPIENT_DEFAULT]", "[SENDER]")))
    assert "setup.system_used" in {code for code, _key in faults(plan)}


def test_new_things_are_made_with_the_ids_of_the_file(authority):
    pk = uuid.uuid4()
    text = authority.edited(
        ("- point: Hovedpostkasse", f"- point: Ny\n  id: {pk}\n  system: Ny post\n- point: Hovedpostkasse")
    )
    text = text.replace(
        "systems:\n", "systems:\n- system: Ny post\n  systemTypes: [RECIPIENT]\n  serviceProtocol: REST_PULL\n", 1
    )
    plan = authority.plan(text)
    assert plan.findings == []
    assert told(plan) == {(Act.ADDED, "system", "Ny post"), (Act.ADDED, "point", "Ny")}
    authority.apply(text)
    assert authority.point("Ny").pk == pk
    assert authority.point("Ny").system == authority.system("Ny post")
    assert authority.plan(text).changes == []


def test_systems_may_swap_their_names(authority):
    ids = {name: authority.system(name).pk for name in ("Post", "Breve")}
    text = authority.edited(("system: Post", "system: X"), ("system: Breve", "system: Y"))
    text = text.replace("system: X", "system: Breve").replace("system: Y", "system: Post")
    text = text.replace("senderSystem: Post", "senderSystem: Breve")
    # The names of the systems in points and letter types are swapped with them.
    plan = authority.plan(text.replace("senderSystem: Breve", "senderSystem: Post"))
    assert plan.findings == []
    authority.apply(text.replace("senderSystem: Breve", "senderSystem: Post"))
    assert authority.system("Post").pk == ids["Breve"]
    assert authority.system("Breve").pk == ids["Post"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("system: Post\n  targets", "system: Fax\n  targets", ("setup.system_unknown", "system")),
        ("replyDays: 14", "replyDays: mange", ("value.number", "replyDays")),
        ("active: false", "active: måske", ("setup.switch", "active")),
        ("searchTerms:", "searchTerm:", ("setup.key_unknown", "searchTerm")),
        ("targets: [CITIZEN]", "targets: CITIZEN", ("setup.list_wanted", "targets")),
        ("targets: [CITIZEN]", "targets: [DYR]", ("value.audience", "targets")),
        ("serviceProtocol: SFTP", "serviceProtocol: FAX", ("setup.choice", "serviceProtocol")),
        ("endpoint: post@proeve.example", "endpoint: post", ("setup.system_value", "endpoint")),
        ("- 192.0.2.0/28", "- 192.0.2.1/28", ("setup.address", "allowedIps")),
        ("reportLink:\n", "reportLink: x\n  y:\n", ("setup.yaml", "")),
        ("- group: Erhverv", "- gruppe: Erhverv", ("setup.what", "")),
        ("externalLink: https", "externalLink: ftp", ("value.url", "reportLink.externalLink")),
        ('"KLE:32.03.02"\n      - ', '"KLE:32"\n      - ', ("code.form", "contactPointCodes")),
    ],
)
def test_every_fault_is_named_with_its_line_and_key(authority, old, new, found):
    text = authority.text
    if old not in text:
        old, new = old.replace("- 192.0.2.0/28", '- "192.0.2.0/28"'), new.replace("- 192.0.2.1/28", '- "192.0.2.1/28"')
    assert old in text
    plan = authority.plan(text.replace(old, new, 1))
    assert plan.refused
    assert found in faults(plan)
    one = next(one for one in plan.findings if (one.finding.code, one.key) == found)
    assert one.line
    assert one.finding.message
    assert one.finding.remedy


def test_the_ids_of_others_are_refused(authority, empty):
    other = empty()
    foreign = contacts.point("Fremmed", organisation=other.organisation)
    text = authority.edited(
        ("- point: Hovedpostkasse", f"- point: Ny\n  id: {foreign.pk}\n  system: Post\n- point: Hovedpostkasse")
    )
    assert faults(authority.plan(text)) == [("setup.id_taken", "id")]
    text = authority.edited((str(authority.point("Hovedpostkasse").pk), str(foreign.pk)))
    assert faults(authority.plan(text)) == [("setup.id_taken", "id")]


def test_an_id_may_stand_once(authority):
    first, second = authority.point("Hovedpostkasse").pk, authority.point("Lukket").pk
    assert ("setup.id_twice", "id") in faults(authority.plan(authority.edited((str(first), str(second)))))


def test_a_group_is_no_point(authority):
    text = authority.edited(("point: Hovedpostkasse", "group: Hovedpostkasse"))
    assert ("row.id_other_kind", "id") in faults(authority.plan(text))


def test_successors_in_a_circle_are_refused(authority):
    bolig, closed = authority.point("Boligstøtte").pk, authority.point("Lukket").pk
    text = authority.edited(("      translations:", f"      replacedBy: {closed}\n      translations:"))
    assert ("successor.circle", "replacedBy") in faults(authority.plan(text))
    assert str(bolig) in text


def test_another_organisation_or_environment_is_refused(authority, empty, settings):
    text = authority.text
    assert faults(empty().plan(text)) == [("setup.other_organisation", "cvrNumber")]
    settings.ADGANG_ENVIRONMENT = "production"
    assert faults(authority.plan(text)) == [("setup.other_environment", "environment")]


def test_without_ids_everything_is_known_by_its_name(authority):
    text = "\n".join(line for line in authority.text.splitlines() if not line.strip().startswith("id:"))
    also = next(line for line in authority.text.splitlines() if "also:" in line)
    plan = authority.plan(text)
    # Only a point in several places must have its id.
    assert faults(plan) == [("setup.also_unknown", "also")]
    plan = authority.plan(text.replace(f"  contents:\n{also}", ""))
    assert told(plan) == {(Act.MOVED, "point", "Boligstøtte")}


def test_queries_do_not_grow_with_the_structure(authority, django_assert_max_num_queries):
    for number in range(30):
        contacts.point(f"Punkt {number}", organisation=authority.organisation, system=authority.system("Post"))
    text = authority.text.replace("Her kan du skrive til os.", "Skriv til os.")
    with django_assert_max_num_queries(24):
        plan = authority.plan(text)
    assert plan.counts[Act.CHANGED] > 30


def test_the_plan_for_programs(authority):
    plan = authority.plan(authority.edited(("replyDays: 14", "replyDays: 21"))).as_json()
    assert plan["refused"] is False
    assert plan["counts"] == {"added": 0, "changed": 1, "moved": 0, "removed": 0}
    (change,) = plan["changes"]
    assert change["fields"] == [{"key": "replyDays", "before": "14", "after": "21"}]
    assert change["line"]
    assert len(plan["digest"]) == 64
