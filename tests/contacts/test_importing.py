"""Import and export of CSV: every fault named, all or nothing, and a round trip without a difference."""

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from adgang.lib.findings import Severity
from contacts import differences, exporting, importing
from contacts.csv_columns import COLUMNS, EXCEL_ERRORS
from contacts.csv_places import Places
from contacts.exporting import Format
from contacts.importing import ImportRefused, StructureChanged
from contacts.models import CodeType, ContactGroup, ContactPoint, ContactPointCode, SearchTerm
from contacts.texts import one_line, paragraphs
from contacts.values import Code, Mailbox
from organisations.models import Event
from systems.models import System
from tests.factories import contacts, systems
from tests.factories.contacts import CALLER, names_below
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db


def authority():
    """An organisation whose one system is the default recipient."""
    org = organisation()
    systems.system(organisation=org, name="Postsystem", active=True, is_default_recipient=True)
    return org


def csv(*lines, encoding="utf-8"):
    return "\r\n".join(lines).encode(encoding)


def exported(org):
    return b"".join(exporting.export(org, Format.CSV))


def codes(plan, severity=Severity.ERROR):
    """(row, column, code) of the findings of a severity."""
    return [(found.row, found.column, found.finding.code) for found in plan.found(severity)]


def told(plan):
    """What a plan would do, in short."""
    return [(str(change.act), str(change.kind), change.path, change.name) for change in differences.changes(plan)]


HEAD = "gruppe;navn;målgrupper"


def test_groups_are_made_by_their_paths():
    org = authority()
    content = csv(
        HEAD, "Borger / Ydelser;Kontanthjælp;borger", "Borger;Spørg os;borger|virksomhed", ";Hovedpostkasse;borger"
    )
    plan = importing.apply(caller=CALLER, organisation=org, content=content)
    assert codes(plan) == []
    assert told(plan) == [
        ("create", "gruppe", "", "Borger"),
        ("create", "gruppe", "Borger", "Ydelser"),
        ("create", "punkt", "Borger / Ydelser", "Kontanthjælp"),
        ("create", "punkt", "Borger", "Spørg os"),
        ("create", "punkt", "", "Hovedpostkasse"),
    ]
    borger = ContactGroup.objects.get(name="Borger")
    assert names_below(org) == ["Borger", "Hovedpostkasse"]
    assert names_below(org, borger) == ["Ydelser", "Spørg os"]
    point = ContactPoint.objects.get(name="Spørg os")
    assert (point.for_citizens, point.for_companies, point.for_authorities) == (True, True, False)
    assert point.system == System.objects.get(organisation=org)
    assert point.search_text == "spoerg os"


def test_a_dry_run_writes_nothing():
    org = authority()
    plan = importing.dry_run(organisation=org, content=csv(HEAD, "Borger;Pas;borger"))
    assert len(differences.changes(plan)) == 2
    assert not ContactGroup.objects.exists()
    assert not ContactPoint.objects.exists()
    assert not Event.objects.filter(tag="CONTACTS_IMPORTED").exists()


def test_an_import_is_one_event_with_every_object():
    org = authority()
    importing.apply(caller=CALLER, organisation=org, content=csv(HEAD, "Borger;Pas;borger"))
    event = Event.objects.get(tag="CONTACTS_IMPORTED")
    payload = json.loads(event.payload)
    group, point = ContactGroup.objects.get(), ContactPoint.objects.get()
    assert payload["before"] == {}
    assert set(payload["after"]) == {str(group.pk), str(point.pk)}
    assert payload["after"][str(group.pk)] == {"name": "Borger", "organisational_unit": False, "parent": None}
    assert payload["after"][str(point.pk)]["groups"] == ["Borger"]
    assert payload["after"][str(point.pk)]["group_ids"] == [str(group.pk)]


def full_structure(org):
    """A structure that uses every field, and names that need every escape."""
    system = System.objects.filter(organisation=org).first()
    top = contacts.group("Ind/ud | \\ her", organisation=org, description="=1+1", postkasse_ids=(1, 2))
    below = contacts.group("Ydelser", parent=top, organisational_unit=True)
    contacts.group("Tom", organisation=org)
    point = contacts.point(
        '-Pas;"kørekort"',
        groups=[below, None],
        system=system,
        description="Første linje\nAnden linje",
        internal_description="'@team",
        for_companies=True,
        active=True,
        visible=False,
        search_terms=("pas", "rejse|ferie", "a\\b"),
        codes=(
            Code(type="KLE", code="32.24.04 G01", code_version="2024", name="Kontant: hjælp"),
            Code(type="CUSTOM", code="B|12", type_name="Afd. \\"),
        ),
        recommended_attributes=("Sagsnummer", "Ejendom / matrikel"),
        translations=(Mailbox(1234, 56),),
        report_link_label="Selvbetjening",
        report_link_url="https://example.dk/?a=1",
        memo_size_threshold_mb="12.5",
        allowed_number_of_attachments=0,
    )
    contacts.point("Pas", groups=[top], system=system, replaced_by=point.pk)
    return point


def test_an_export_imported_again_is_no_difference():
    org = authority()
    full_structure(org)
    plan = importing.apply(caller=CALLER, organisation=org, content=exported(org))
    assert (codes(plan), codes(plan, Severity.WARNING), told(plan)) == ([], [], [])
    assert not Event.objects.filter(tag="CONTACTS_IMPORTED").exists()
    assert set(ContactPoint.objects.values_list("version", flat=True)) == {1}


def test_an_export_without_ids_makes_the_same_structure_elsewhere():
    org, other = authority(), authority()
    full_structure(org)
    lines = exported(org).decode("utf-8-sig")
    import csv as csv_module
    import io

    rows = list(csv_module.reader(io.StringIO(lines, newline=""), delimiter=";"))
    dropped = {rows[0].index("id"), rows[0].index("erstattes af")}
    out = io.StringIO()
    kept = [[cell for index, cell in enumerate(row) if index not in dropped] for row in rows]
    csv_module.writer(out, delimiter=";").writerows(kept)
    importing.apply(caller=CALLER, organisation=other, content=out.getvalue().encode())
    again = list(csv_module.reader(io.StringIO(exported(other).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [[cell for index, cell in enumerate(row) if index not in dropped] for row in again] == kept


def test_a_row_with_an_id_changes_only_what_it_states():
    org = authority()
    point = full_structure(org)
    before = SearchTerm.objects.filter(point=point).count()
    plan = importing.apply(
        caller=CALLER, organisation=org, content=csv("id;navn;synlig", f"{point.pk};Pas og kørekort;ja")
    )
    assert [(change.column, change.before, change.after) for change in differences.changes(plan)[0].fields] == [
        ("navn", '-Pas;"kørekort"', "Pas og kørekort"),
        ("synlig", "nej", "ja"),
    ]
    point.refresh_from_db()
    assert (point.name, point.visible, point.version) == ("Pas og kørekort", True, 2)
    assert SearchTerm.objects.filter(point=point).count() == before


def test_a_registry_id_names_an_object_too():
    org = authority()
    registry_id = "2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20"
    point = contacts.point("Pas", organisation=org, registry_id=registry_id)
    importing.apply(caller=CALLER, organisation=org, content=csv("id;navn", f"{registry_id};Kørekort"))
    point.refresh_from_db()
    assert point.name == "Kørekort"


def test_lists_are_replaced_as_a_whole():
    org = authority()
    point = full_structure(org)
    importing.apply(
        caller=CALLER,
        organisation=org,
        content=csv("id;navn;søgeord;koder", f"{point.pk};Pas;ferie|pas;GLN:5790000000005"),
    )
    assert [term.term for term in point.search_terms.all()] == ["ferie", "pas"]
    assert [(code.type, code.code) for code in ContactPointCode.objects.all()] == [("GLN", "5790000000005")]


def test_moving_by_path_and_by_id():
    org = authority()
    one, other = contacts.group("Et", organisation=org), contacts.group("To", organisation=org)
    first, second = contacts.point("A", groups=[one]), contacts.point("B", groups=[one])
    content = csv("id;gruppe;navn", f"{first.pk};To | Et;A", f"{second.pk};{other.pk};B")
    plan = importing.apply(caller=CALLER, organisation=org, content=content)
    assert told(plan) == [("change", "punkt", "To | Et", "A"), ("change", "punkt", "To", "B")]
    assert names_below(org, one) == ["A"]
    assert names_below(org, other) == ["A", "B"]


def test_a_group_is_renamed_and_moved_while_paths_still_use_its_old_name():
    org = authority()
    old, goal = contacts.group("Gammel", organisation=org), contacts.group("Mål", organisation=org)
    point = contacts.point("A", groups=[old])
    content = csv(
        "type;id;gruppe;navn;målgrupper",
        f"gruppe;{old.pk};Mål;Ny;",
        f"punkt;{point.pk};Gammel;A;borger",
        "punkt;;Mål / Ny;B;borger",
        "punkt;;Gammel;C;borger",
    )
    plan = importing.apply(caller=CALLER, organisation=org, content=content)
    assert codes(plan) == []
    assert names_below(org) == ["Mål"]
    assert names_below(org, goal) == ["Ny"]
    assert names_below(org, old) == ["A", "B", "C"]


def test_a_group_row_describes_the_group_that_a_path_made():
    org = authority()
    content = csv(
        "type;gruppe;navn;beskrivelse;målgrupper",
        "punkt;Borger / Ydelser;Pas;;borger",
        "gruppe;Borger;Ydelser;Penge;",
        "gruppe;;Borger;For borgere;",
    )
    plan = importing.apply(caller=CALLER, organisation=org, content=content)
    assert codes(plan) == []
    assert dict(ContactGroup.objects.values_list("name", "description")) == {
        "Borger": "For borgere",
        "Ydelser": "Penge",
    }


def test_absence_never_deletes_and_the_handling_column_does():
    org = authority()
    group = contacts.group("Væk", organisation=org)
    for name in ("Slet", "Skjul", "Retursvar", "Urørt"):
        contacts.point(name, groups=[group], active=name != "Retursvar")
    ids = dict(ContactPoint.objects.values_list("name", "pk"))
    content = csv(
        "id;navn;handling",
        f"{ids['Slet']};Slet;slet",
        f"{ids['Skjul']};Skjul;SKJUL",
        f"{ids['Retursvar']};Retursvar;Kun  retursvar",
    )
    plan = importing.apply(caller=CALLER, organisation=org, content=content)
    assert ("delete", "punkt", "Væk", "Slet") in told(plan)
    assert names_below(org, group) == ["Skjul", "Retursvar", "Urørt"]
    assert list(ContactPoint.objects.order_by("name").values_list("name", "active", "visible")) == [
        ("Retursvar", True, False),
        ("Skjul", True, False),
        ("Urørt", True, True),
    ]


def test_a_group_is_deleted_only_when_nothing_is_left_in_it():
    org = authority()
    group = contacts.group("Væk", organisation=org)
    point = contacts.point("Pas", groups=[group])
    alone = csv("type;id;navn;handling", f"gruppe;{group.pk};Væk;slet")
    assert codes(importing.dry_run(organisation=org, content=alone)) == [(2, "handling", "handling.not_empty")]
    both = alone + csv("", f"punkt;{point.pk};Pas;slet")
    assert codes(importing.apply(caller=CALLER, organisation=org, content=both)) == []
    assert (ContactGroup.objects.count(), ContactPoint.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("content", "encoding", "separator"),
    [
        (csv("navn;målgrupper", "Børn;borger"), "UTF-8", ";"),
        (b"\xef\xbb\xbf" + csv("navn,målgrupper", "Børn,borger"), "UTF-8 (BOM)", ","),
        (csv("navn;målgrupper", "Børn;borger", encoding="cp1252"), "Windows-1252", ";"),
        (csv("sep=,", "navn,målgrupper", "Børn,borger"), "UTF-8", ","),
        (csv("navn\tmålgrupper", "Børn\tborger"), "UTF-8", "\t"),
    ],
)
def test_encoding_and_separator_are_recognised_and_said(content, encoding, separator):
    org = authority()
    plan = importing.apply(caller=CALLER, organisation=org, content=content)
    assert (plan.sheet.encoding, plan.sheet.separator) == (encoding, separator)
    assert names_below(org) == ["Børn"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["navn;farve", "Pas;blå"], [(1, "farve", "column.unknown")]),
        (["navn;Navn", "Pas;Pas"], [(1, "navn", "column.twice")]),
        (["gruppe", "Borger"], [(1, "navn", "column.missing")]),
        (["navn;beskrivelse", "Pas"], [(2, "", "row.cells")]),
        (["navn;beskrivelse", "Pas;a;b"], [(2, "", "row.cells")]),
        (["navn;beskrivelse", 'Pas;"a'], [(2, "", "file.quotes")]),
        (["type;navn", "ting;Pas"], [(2, "type", "row.type")]),
        (["id;navn", "123;Pas"], [(2, "id", "value.uuid")]),
        (["id;navn", "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11;Pas"], [(2, "id", "row.id_unknown")]),
        (["navn;beskrivelse", ";Uden navn"], [(2, "navn", "value.missing")]),
        (["gruppe;navn", "A / / B;Pas"], [(2, "gruppe", "path.empty_name")]),
        (["gruppe;navn", "A|A;Pas"], [(2, "gruppe", "path.twice")]),
        (["type;gruppe;navn", "gruppe;A|B;C"], [(2, "gruppe", "path.one")]),
        (["navn;aktiv", "Pas;måske"], [(2, "aktiv", "value.yes_no")]),
        (["navn;målgrupper", "Pas;alle"], [(2, "målgrupper", "value.audience")]),
        (["navn;modtagersystem", "Pas;Ukendt"], [(2, "modtagersystem", "system.unknown")]),
        (["navn;antal vedhæftninger", "Pas;mange"], [(2, "antal vedhæftninger", "value.number")]),
        (["navn;største besked i MB", "Pas;0"], [(2, "største besked i mb", "value.size")]),
        (["navn;postkasse og emne", "Pas;12"], [(2, "postkasse og emne", "value.mailbox")]),
        (["navn;link", "Pas;javascript:alert(1)"], [(2, "link", "value.url")]),
        (["navn;søgeord", "Pas;pas|Pas"], [(2, "søgeord", "value.twice")]),
        (["navn;handling", "Pas;brænd"], [(2, "handling", "handling.unknown")]),
        (["navn;handling", "Pas;slet"], [(2, "handling", "handling.new")]),
        (["type;navn;søgeord", "gruppe;Pas;ord"], [(2, "søgeord", "row.not_for_groups")]),
        (["navn;postkasser", "Pas;12"], [(2, "postkasser", "row.not_for_points")]),
        (["navn;koder", "Pas;KLE:27.3.8"], [(2, "koder", "excel.zeros")]),
        (["navn;koder", "Pas;GLN:5,79E+12"], [(2, "koder", "excel.scientific")]),
        (["navn;koder", "Pas;KLE:03-apr"], [(2, "koder", "excel.date")]),
        (["navn;koder", "Pas;3-4"], [(2, "koder", "code.type")]),
        (["navn;koder", "Pas;GLN:5790000000006"], [(2, "koder", "code.gln")]),
        (["navn;koder", "Pas;FORM:12.34"], [(2, "koder", "code.form")]),
        (["navn;koder", "Pas;CUSTOM:12"], [(2, "koder", "code.label")]),
        (["navn;beskrivelse", "Pas;#NAVN?"], [(2, "beskrivelse", "excel.error")]),
        (["gruppe;navn", "#REF!;Pas"], [(2, "gruppe", "excel.error")]),
        (["navn;erstattes af", "Pas;6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"], [(2, "erstattes af", "successor.unknown")]),
        (["gruppe;navn", "A;Pas", "A;Pas"], [(3, "navn", "row.twice")]),
        (["navn", "x" * 201], [(2, "navn", "value.long")]),
    ],
)
def test_every_fault_is_named_with_its_row_and_column(lines, expected):
    org = authority()
    plan = importing.dry_run(organisation=org, content=csv(*lines))
    assert codes(plan) == expected
    with pytest.raises(ImportRefused):
        importing.apply(caller=CALLER, organisation=org, content=csv(*lines))
    assert not ContactPoint.objects.exists()


def chained(org, *names, **fields):
    """Points of these names, of which none has a successor; returns their ids by name."""
    return {name: contacts.point(name, organisation=org, system=org.systems.get(), **fields).pk for name in names}


def test_a_circle_of_successors_is_refused_with_each_row_and_a_cure():
    org = authority()
    ids = chained(org, "A", "B", "C", "D")
    lines = [f"{ids[name]};{name};{ids[by]}" for name, by in ("AB", "BC", "CB", "DA")]
    plan = importing.dry_run(organisation=org, content=csv("id;navn;erstattes af", *lines))
    assert codes(plan) == [(3, "erstattes af", "successor.circle"), (4, "erstattes af", "successor.circle")]
    assert "B → C → B" in plan.found(Severity.ERROR)[0].finding.message
    assert "Tøm kolonnen" in plan.found(Severity.ERROR)[0].finding.remedy
    with pytest.raises(ImportRefused):
        importing.apply(caller=CALLER, organisation=org, content=csv("id;navn;erstattes af", *lines))


def test_a_row_that_closes_a_circle_with_what_stands_there_is_refused():
    org = authority()
    ids = chained(org, "A", "B")
    ContactPoint.objects.filter(pk=ids["B"]).update(replaced_by=ids["A"])
    plan = importing.dry_run(organisation=org, content=csv("id;navn;erstattes af", f"{ids['A']};A;{ids['B']}"))
    assert codes(plan) == [(2, "erstattes af", "successor.circle")]


def test_a_circle_that_stands_there_already_is_not_the_file_s():
    org = authority()
    ids = chained(org, "A", "B")
    for name, by in ("AB", "BA"):
        ContactPoint.objects.filter(pk=ids[name]).update(replaced_by=ids[by])
    assert codes(importing.dry_run(organisation=org, content=exported(org))) == []


def test_a_long_circle_is_shown_in_part():
    org = authority()
    names = [f"P{number}" for number in range(9)]
    ids = chained(org, *names)
    lines = [f"{ids[name]};{name};{ids[names[number - 1]]}" for number, name in enumerate(names)]
    plan = importing.dry_run(organisation=org, content=csv("id;navn;erstattes af", *lines))
    assert "P0 → P8 → P7 → P6 → P5 → … → P0." in plan.found(Severity.ERROR)[0].finding.message
    assert len(codes(plan)) == 9


def test_all_faults_of_a_file_are_named_at_once():
    org = authority()
    plan = importing.dry_run(organisation=org, content=csv("navn;farve;aktiv", "A;;måske", "B", ";;ja"))
    assert codes(plan) == [
        (1, "farve", "column.unknown"),
        (2, "aktiv", "value.yes_no"),
        (3, "", "row.cells"),
        (4, "navn", "value.missing"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"navn;beskrivelse\r\n", "file.empty"),
        (b"PK\x03\x04 and so on", "file.damaged"),
        (b"\xd0\xcf\x11\xe0 and so on", "file.old_excel"),
        (b"navn\r\nA\x00B", "file.not_text"),
        (b"navn\r\nA\x81\x8d", "file.not_text"),
    ],
)
def test_what_is_no_csv_is_said(content, code):
    assert [
        found.finding.code
        for found in importing.dry_run(organisation=authority(), content=content).found(Severity.ERROR)
    ] == [code]


def test_without_a_default_recipient_a_system_must_be_named():
    org = organisation()
    assert codes(importing.dry_run(organisation=org, content=csv("navn", "Pas"))) == [
        (2, "modtagersystem", "system.missing")
    ]


def test_a_sender_system_receives_nothing():
    org = authority()
    systems.system(organisation=org, name="Afsender", is_sender=True, is_recipient=False)
    assert codes(importing.dry_run(organisation=org, content=csv("navn;modtagersystem", "Pas;afsender"))) == [
        (2, "modtagersystem", "system.not_recipient")
    ]


def test_the_default_recipient_is_used_and_that_is_said():
    plan = importing.dry_run(organisation=authority(), content=csv("navn", "Pas"))
    assert codes(plan, Severity.INFO) == [(None, "modtagersystem", "system.default_used")]
    assert codes(plan, Severity.WARNING) == [(None, "målgrupper", "row.no_audience")]


def test_what_exists_is_made_once_more_only_when_asked_for():
    org = authority()
    group = contacts.group("Borger", organisation=org)
    contacts.point("Pas", groups=[group])
    content = csv("type;gruppe;navn;målgrupper", "punkt;Borger;Pas;borger", "gruppe;;Borger;")
    assert codes(importing.dry_run(organisation=org, content=content)) == [
        (2, "navn", "row.exists"),
        (3, "navn", "row.exists"),
    ]
    importing.apply(caller=CALLER, organisation=org, content=content, create_anyway=True)
    assert names_below(org) == ["Borger", "Borger"]
    assert names_below(org, group) == ["Pas", "Pas"]


def test_the_same_id_twice_is_refused():
    org = authority()
    point = contacts.point(organisation=org)
    plan = importing.dry_run(organisation=org, content=csv("id;navn", f"{point.pk};A", f"{point.pk};B"))
    assert codes(plan) == [(3, "id", "row.id_twice")]


def test_an_id_of_another_organisation_is_unknown():
    point = contacts.point()
    assert codes(importing.dry_run(organisation=authority(), content=csv("id;navn", f"{point.pk};A"))) == [
        (2, "id", "row.id_unknown")
    ]


def test_a_path_that_several_groups_have_is_refused_for_what_is_new_and_kept_for_what_stands_there():
    org = authority()
    one, _other = contacts.group("Twin", organisation=org), contacts.group("Twin", organisation=org)
    point = contacts.point("A", groups=[one])
    content = csv("id;gruppe;navn;målgrupper", f"{point.pk};Twin;A;borger", ";Twin;B;borger")
    assert codes(importing.dry_run(organisation=org, content=content)) == [(3, "gruppe", "path.several")]


def test_a_group_moved_below_itself_is_refused():
    org = authority()
    top = contacts.group("Top", organisation=org)
    below = contacts.group("Under", parent=top)
    content = csv("type;id;gruppe;navn", f"gruppe;{top.pk};{below.pk};Top")
    assert codes(importing.dry_run(organisation=org, content=content)) == [(2, "gruppe", "path.cycle")]


def test_two_groups_moved_below_each_other_are_refused():
    org = authority()
    one, other = contacts.group("En", organisation=org), contacts.group("To", organisation=org)
    content = csv("type;id;gruppe;navn", f"gruppe;{one.pk};{other.pk};En", f"gruppe;{other.pk};{one.pk};To")
    assert [code for _row, _column, code in codes(importing.dry_run(organisation=org, content=content))] == [
        "path.cycle"
    ]


def test_a_name_that_resembles_another_is_remarked_upon():
    org = authority()
    contacts.group("Borgerservice", organisation=org)
    plan = importing.dry_run(organisation=org, content=csv(HEAD, "Borgerservise;Pas;borger"))
    assert codes(plan, Severity.WARNING) == [(2, "gruppe", "path.similar")]
    assert not plan.refused


def test_an_id_in_digital_post_belongs_to_one_object():
    org = authority()
    registry_id = "2f7b9c1e-7b1d-4a53-8f0c-6b0c6d1f9a20"
    contacts.point("Pas", organisation=org, registry_id=registry_id)
    plan = importing.dry_run(organisation=org, content=csv("navn;id i digital post", f"Kørekort;{registry_id}"))
    assert codes(plan) == [(2, "id i digital post", "row.registry_id_taken")]


def test_what_changed_since_the_dry_run_is_shown_before_anything_is_written():
    org = authority()
    point = contacts.point("Pas", organisation=org)
    content = csv("id;navn", f"{point.pk};Kørekort")
    seen = differences.digest(importing.dry_run(organisation=org, content=content))
    ContactPoint.objects.filter(pk=point.pk).update(name="Rejsepas")
    with pytest.raises(StructureChanged):
        importing.apply(caller=CALLER, organisation=org, content=content, seen=seen)
    seen = differences.digest(importing.dry_run(organisation=org, content=content))
    importing.apply(caller=CALLER, organisation=org, content=content, seen=seen)
    assert ContactPoint.objects.get().name == "Kørekort"


def test_a_file_that_makes_groups_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr("contacts.csv_places.MOST_NEW", 3)
    org = authority()
    content = csv("type;gruppe;navn;målgrupper", "punkt;A / B / C / D;Pas;borger", "gruppe;;E;")
    assert codes(importing.dry_run(organisation=org, content=content)) == [(2, "gruppe", "file.groups")]
    monkeypatch.setattr("contacts.csv_places.MOST_NEW", 0)
    assert (3, "navn", "file.groups") in codes(importing.dry_run(organisation=org, content=content))


@pytest.mark.parametrize("seed", range(20))
def test_no_file_is_a_fault_of_ours(seed):
    """Broken anywhere, a file is read or refused; never an exception."""
    chance = random.Random(seed)
    org = authority()
    full_structure(org)
    content = bytearray(exported(org))
    for _ in range(40):
        content[chance.randrange(len(content))] = chance.choice(b';"|/\\,\n\r=+:\xe6\xc3')
    plan = importing.dry_run(organisation=org, content=bytes(content))
    assert differences.digest(plan)


def test_the_template_can_be_imported():
    org = authority()
    plan = importing.dry_run(organisation=org, content=b"".join(exporting.template(Format.CSV)))
    assert (codes(plan), codes(plan, Severity.WARNING)) == ([], [])
    assert len(plan.sheet.columns) == len(COLUMNS)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["type;navn;postkasser", f"gruppe;Borger;{'9' * 5000}"], [(2, "postkasser", "value.number")]),
        (["navn;antal vedhæftninger", f"Pas;{'9' * 5000}"], [(2, "antal vedhæftninger", "value.number")]),
        (["navn;gruppe", f"Pas;{'/'.join('a' * 2000)}"], [(2, "gruppe", "path.deep")]),
        (["navn;søgeord", f"Pas;{'|'.join(map(str, range(1001)))}"], [(2, "søgeord", "value.many")]),
        ([";".join(["navn", *map(str, range(1000))])], [(1, str(n), "column.unknown") for n in range(100)]),
    ],
    ids=["digits", "digits of a smaller number", "depth", "entries", "columns"],
)
def test_too_much_of_something_is_refused_in_words(lines, expected):
    plan = importing.dry_run(organisation=authority(), content=csv(*lines))
    assert codes(plan) == expected


def test_a_new_group_is_not_compared_with_every_other_of_the_file(monkeypatch):
    asked = []
    existing = Places.existing

    def counted(places, parent_id, name):
        asked.append(name)
        return existing(places, parent_id, name)

    monkeypatch.setattr(Places, "existing", counted)
    rows = [f"gruppe;Gruppe {number};" for number in range(300)]
    plan = importing.dry_run(organisation=authority(), content=csv("type;navn;gruppe", *rows))
    assert (codes(plan), len(plan.after.groups), len(asked)) == ([], 300, 300)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
NAMES = WORDS.map(one_line).filter(bool)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30).map(paragraphs)
TERMS = st.lists(NAMES, max_size=3, unique_by=str.casefold).map(tuple)
CODES = st.builds(
    Code,
    type=st.just(CodeType.CUSTOM.value),
    code=NAMES,
    code_version=NAMES | st.just(""),
    name=NAMES | st.just(""),
    type_name=NAMES,
)


class RoundTrip(TestCase):
    """Whatever the texts hold, what is exported comes back as it was."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        groups=st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=4),
        name=NAMES,
        description=TEXTS,
        terms=TERMS,
        attributes=TERMS,
        codes=st.lists(CODES, max_size=2, unique_by=lambda code: code.key).map(tuple),
        at_top=st.booleans(),
    )
    def test_round_trip(self, groups, name, description, terms, attributes, codes, at_top):
        org = authority()
        made = []
        for group_name, text in groups:
            made.append(
                contacts.group(group_name, organisation=org, parent=made[-1] if made else None, description=text)
            )
        contacts.point(
            name,
            organisation=org,
            groups=[made[-1], *([None] if at_top else [])],
            system=System.objects.get(organisation=org),
            description=description,
            search_terms=terms,
            recommended_attributes=attributes,
            codes=codes,
        )
        content = exported(org)
        plan = importing.dry_run(organisation=org, content=content)
        assert [(found.row, found.column, found.finding) for found in plan.findings.found] == []
        assert differences.changes(plan) == []
        # And what was changed by hand in between is put back by the file, unless Excel may have made it.
        ContactPoint.objects.filter(organisation=org).update(name="andet", description="andet")
        if (name, description) != ("andet", "andet") and not {name, description} & EXCEL_ERRORS:
            importing.apply(caller=CALLER, organisation=org, content=content)
            assert ContactPoint.objects.get(organisation=org).name == name
            assert exported(org) == content
