"""What the log's keys and values are called."""

import re
import uuid
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from organisations.event_changes import Change, Difference
from organisations.event_names import CHOICES_OF, LIST_NAMES, NESTED_KINDS
from organisations.event_words import field_name, field_of, kind_name, model_of, value_text
from organisations.exporting import TOLD_ELSEWHERE
from tests.factories.organisations import organisation, user

SYSTEM = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def difference(before=None, after=None, kind="organisation", **more):
    return Difference(kind=kind, before=before or {}, after=after or {}, **more)


@pytest.mark.parametrize(
    ("kind", "name", "value", "text"),
    [
        ("organisation", "authority_type", "MUNICIPALITY", "Kommune"),
        ("organisation", "contactable", False, "Nej"),
        ("organisation", "name", None, ""),
        ("user", "role", "READER", "Læser"),
        ("invitation", "roles", ["READER", "CONTACT_ADMINISTRATOR"], "Læser, Kontaktstrukturadministrator"),
        ("invitation", "expires", "2026-11-23T13:05:00Z", "23. november 2026 kl. 14.05"),
        ("system", "ends", "2026-11-23T13:05:00.123456Z", "23. november 2026 kl. 14.05"),
        ("mail", "kind", "password_reset", "Ny adgangskode"),
        ("deadline", "date", "2026-11-23", "23. november 2026"),
        ("user", "system_id", SYSTEM, "Lønsystem"),
        (
            "organisation",
            "filter",
            {"q": "Hansen", "tag": "ORGANISATION_CHANGED"},
            "fritekst: Hansen; hændelse: Organisation ændret",
        ),
        ("system", "status", "PASSED", "Bestået"),
        ("no_such_kind", "no_such_key", "x", "x"),
    ],
)
def test_values_are_told_in_words(kind, name, value, text):
    assert value_text(kind, name, value, known={SYSTEM: "Lønsystem"}) == text


def test_findings_are_told_by_their_own_text():
    stored = {"code": "terms.none", "severity": "error", "params": {}}
    assert value_text("certificate", "findings", [stored], known={}) == "Der er ikke udgivet nogen vilkår."
    unknown = {**stored, "code": "no.such.code"}
    assert value_text("certificate", "findings", [unknown], known={}) == "no.such.code"


def test_names_follow_the_reader():
    with translation.override("en"):
        assert (kind_name("organisation"), field_name("organisation", "cvr_number")) == ("Organisation", "CVR number")
    assert field_name("organisation", "cvr_number") == "CVR-nummer"


def test_the_tables_name_what_there_is():
    assert all(model_of(kind) for kind in NESTED_KINDS)
    assert all(field_of(*target) and field_of(*target).choices for target in CHOICES_OF.values())


def test_only_what_differs_is_told_and_nothing_equals_empty():
    made = difference({"name": "A", "industry_code": ""}, {"name": "A", "industry_code": None, "contactable": False})
    assert made.changes() == [Change("Vil kunne kontaktes", "", "Nej")]


def test_many_differences_are_told_in_short():
    after = {"name": "A", "industry_code": "1", "contactable": True, "uses_systems": True, "sessions": 2, "list": "x"}
    assert difference(after=after).in_short() == (
        "Navn: A, Branchekode: 1, Vil kunne kontaktes: Ja, Bruger egne systemer: Ja, og 2 til"
    )


def test_an_event_about_many_objects_names_each_and_what_changed_in_it():
    one, group = str(uuid.uuid4()), str(uuid.uuid4())
    before = {one: {"name": "Pas", "visible": True, "groups": []}}
    after = {one: {"name": "Pas", "visible": False, "groups": [group]}, group: {"name": "Borgerservice"}}
    made = difference(before, after, known={group: "Borgerservice"})
    assert made.changes() == [
        Change("Pas", "Synlig: Ja", "Synlig: Nej; Grupper: Borgerservice"),
        Change("Borgerservice", "", "Navn: Borgerservice"),
    ]


@pytest.mark.django_db
def test_ids_of_other_objects_are_looked_up():
    org, kim = organisation(name="Skovby"), user(name="Kim")
    made = difference(after={"accepted_by": str(kim.pk)}, kind="termsacceptance")
    assert [change.after for change in made.changes()] == ["Kim"]
    gone = difference(after={"accepted_by": str(org.pk)}, kind="termsacceptance")
    assert [change.after for change in gone.changes()] == [str(org.pk)]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
SIDES = st.dictionaries(st.sampled_from(["name", "roles", "expires", "filter", "x", SYSTEM]), ANY)


@given(SIDES, SIDES)
def test_whatever_was_logged_can_be_told(before, after):
    made = difference(before, after, details={}, known={})
    assert isinstance(made.in_short(), str)
    assert all(isinstance(change.before + change.after, str) for change in made.changes())


def test_a_maintenance_window_is_named_in_the_log_of_its_system():
    names = [field_name("system", name) for name in ("starts", "ends", "reason", "cancelled")]
    assert names == ["Fra", "Indtil", "Begrundelse", "Aflyst"]


def test_every_list_that_leaves_as_a_file_has_a_name():
    named = re.compile(
        r'(?:ListSpec\(\s*(?:name=)?|note_export\(request, |note\(request, |\.file\(request, )"([\w-]+)"'
    )
    root = Path(__file__).resolve().parents[2]
    rooms = ("adgang", "organisations", "certificates", "systems", "contacts", "memo")
    files = [path.read_text(encoding="utf-8") for room in rooms for path in (root / room).rglob("*.py")]
    found = {name for text in files for name in named.findall(text)}
    assert len(found) > 20
    assert found - TOLD_ELSEWHERE - LIST_NAMES.keys() == set()
    assert value_text("organisation", "list", "maalgrupper", known={}) == "Hvad hver målgruppe ser"
