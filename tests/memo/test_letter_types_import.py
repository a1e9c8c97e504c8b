"""Letter types from a file: the dry run, its faults, carrying it out, and the way back."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from memo import letter_import, letter_types
from memo.models import LetterType, Mark
from organisations.models import Event
from tests.contacts import drafting
from tests.contacts.people import authority
from tests.factories import contacts, letters, systems
from tests.memo.people import CHANGE, READ, last_event, owner, queries, statuses, url
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db

HEADER = "navn;ansvarlig;kontaktpunkt;svarfrist i dage;koder;handlinger\r\n"
GOOD = HEADER + "Afgørelse;Ydelse;Boligstøtte;14;KLE:32.03.02;SELVBETJENING Ansøg nu https://example.dk/\r\n"


def plan(org, content):
    return letter_import.dry_run(organisation=org, content=content.encode() if isinstance(content, str) else content)


def codes(org, content):
    return [(one.row, one.column, one.finding.code) for one in plan(org, content).errors]


def apply(org, content):
    seen = plan(org, content).seen
    return letter_import.apply(caller=letters.CALLER, organisation=org, content=content.encode(), seen=seen)


def upload(client, org, content):
    return client.post(url(org, "letter_types_import"), {"file": SimpleUploadedFile("breve.csv", content)})


def exported(client, org):
    return client.get(url(org, "letter_types_export")).content


def full(org):
    """Two letter types in which everything is filled, and one whose contact point is deleted."""
    point = contacts.point("Boligstøtte", organisation=org)
    sender = systems.system(organisation=org, name="Brevsystem", is_sender=True)
    letters.letter_type(
        "=Afgørelse; om |støtte",
        point=point,
        sender_system=sender,
        responsible_name="Vera Holm",
        responsible_email="vera@example.dk",
        reply_days=14,
        post_type="AFG",
        codes=["KLE:32.24.04:2025:Navn: med kolon"],
        actions=["SELVBETJENING | Ansøg  nu | https://example.dk/?a=1", "BETALING | Betal | https://example.dk/"],
        contact_info=["Sagsnummer", "Navn|alias"],
    )
    letters.letter_type("Uden svar", organisation=org, reply_allowed=False)
    letters.letter_type(
        "Slettet punkt", organisation=org, reply_point_id=uuid.uuid4(), reply_point_name="Var her engang"
    )


def test_who_may():
    org = authority()
    assert statuses(org, "letter_types_import") == CHANGE
    assert statuses(org, "letter_types_export") == READ
    assert statuses(org, "letter_types_template") == READ
    assert not LetterType.objects.exists()


def test_from_file_to_letter_types():
    org = authority()
    point = contacts.point("Boligstøtte", organisation=org, recommended_attributes=("Sagsnummer",))
    client = owner(org)
    review = upload(client, org, GOOD.encode("cp1252"))
    said = text(review)
    assert "Hvad filen vil gøre" in said
    assert "Windows-1252" in said
    assert "1 bliver oprettet" in said
    assert not LetterType.objects.exists()
    agreed = {"seen": review.context["plan"].seen, "file_seen": review.context["file_seen"]}
    done = client.post(url(org, "letter_types_import"), agreed, follow=True)
    assert "1 brevtype er importeret." in done.content.decode()
    made = LetterType.objects.get()
    assert (made.name, made.reply_point_id, made.reply_days) == ("Afgørelse", point.pk, 14)
    assert (made.codes, made.contact_info) == (["KLE:32.03.02"], ["Sagsnummer"])
    assert made.actions == ["SELVBETJENING | Ansøg nu | https://example.dk/"]
    tag, before, after = last_event(org)
    assert (tag, before) == ("LETTER_TYPES_IMPORTED", {"responsible": {}})
    assert after[str(made.pk)]["reply_point_name"] == "Boligstøtte"
    assert "Ydelse" not in Event.objects.order_by("-seq")[0].payload  # a person's name can be forgotten


def test_what_was_exported_comes_back_without_a_difference():
    org = authority()
    full(org)
    client = owner(org)
    content = exported(client, org)
    assert content.count(b"\r\n") == 4
    again = plan(org, content)
    assert (again.errors, again.changes) == ([], [])
    assert "Ingen forskel" in text(upload(client, org, content))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=30),
    label=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20),
)
def test_any_text_comes_back_as_it_was(name, label):
    LetterType.objects.all().delete()
    org = authority()
    name = " ".join(name.split()) or "x"
    made = letters.letter_type(name, organisation=org, contact_info=[label], post_type=label)
    content = exported(owner(org), org)
    assert plan(org, content).changes == []
    LetterType.objects.filter(pk=made.pk).update(name="Andet", contact_info=[], post_type="")
    apply(org, content.decode())
    made.refresh_from_db()
    assert (made.name, made.contact_info, made.post_type) == (name, [label], label)


def test_a_row_is_known_by_its_id_or_its_name_and_absent_columns_change_nothing():
    org = authority()
    one = letters.letter_type("Den ene", organisation=org, reply_days=5, post_type="A")
    other = letters.letter_type("Den anden", organisation=org, post_type="B")
    apply(org, f"id;navn;posttype\r\n{one.pk};Nyt navn;\r\n;DEN ANDEN;C\r\n")
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.name, one.post_type, one.reply_days, one.version) == ("Nyt navn", "", 5, 2)
    assert (other.name, other.post_type) == ("DEN ANDEN", "C")


def test_a_contact_point_that_a_draft_makes_can_be_named():
    org = authority()
    coming = drafting.add_point(drafting.begin(org), "Ny indgang")
    drafting.add_point(drafting.begin(authority()), "Fremmed")
    apply(org, f"navn;kontaktpunkt\r\nA;ny indgang\r\nB;{coming}\r\n")
    kept = set(LetterType.objects.values_list("reply_point_id", "reply_point_name"))
    assert kept == {(coming, "Ny indgang")}
    assert {one.mark for one in LetterType.objects.with_point()} == {Mark.PROVISIONAL}
    assert plan(org, exported(owner(org), org)).changes == []
    assert codes(org, "navn;kontaktpunkt\r\nC;Fremmed\r\n") == [(2, "kontaktpunkt", "letter.point.unknown")]


def test_names_can_be_swapped_and_letter_types_deleted_in_one_event():
    org = authority()
    a, b, c = (letters.letter_type(name, organisation=org) for name in "ABC")
    count = Event.objects.count()
    apply(org, f"id;navn;handling\r\n{a.pk};B;\r\n{b.pk};A;\r\n{c.pk};C;slet\r\n")
    assert dict(LetterType.objects.values_list("pk", "name")) == {a.pk: "B", b.pk: "A"}
    assert Event.objects.count() == count + 1


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("navn;farve\r\nA;rød\r\n", (1, "farve", "column.unknown")),
        ("posttype\r\nA\r\n", (1, "navn", "column.missing")),
        ("navn\r\nA\r\n a \r\n", (3, "navn", "letter.name_taken")),
        ("navn\r\nOptaget\r\nOPTAGET\r\n", (3, "navn", "letter.twice")),
        ("navn;posttype\r\n;A\r\n", (2, "navn", "value.missing")),
        (f"navn\r\n{'x' * 201}\r\n", (2, "navn", "value.long")),
        ("navn;kontaktpunkt\r\nA;Findes ikke\r\n", (2, "kontaktpunkt", "letter.point.unknown")),
        ("navn;kontaktpunkt\r\nA;To\r\n", (2, "kontaktpunkt", "letter.point.several")),
        ("navn;afsendersystem\r\nA;Postsystem\r\n", (2, "afsendersystem", "letter.system.unknown")),
        ("navn;svarfrist i dage\r\nA;400\r\n", (2, "svarfrist i dage", "value.number")),
        ("navn;svarfrist i dage\r\nA;#I/T\r\n", (2, "svarfrist i dage", "excel.error")),
        ("navn;koder\r\nA;KLE:3-apr\r\n", (2, "koder", "excel.date")),
        ("navn;koder\r\nA;GLN:5790000000005\r\n", (2, "koder", "letter.code.type")),
        ("navn;handlinger\r\nA;AFTALE Mød op https://a.dk\r\n", (2, "handlinger", "letter.action.code")),
        ("navn;handlinger\r\nA;BETALING Betal http://a.dk\r\n", (2, "handlinger", "letter.action.form")),
        ("navn;ekstra oplysninger\r\nA;a|b|c\r\n", (2, "ekstra oplysninger", "value.many")),
        ("navn;ansvarlig e-mail\r\nA;ingen\r\n", (2, "ansvarlig e-mail", "letter.email")),
        ("navn;obligatorisk\r\nA;ja\r\n", (2, "obligatorisk", "letter.not_allowed")),
        ("navn;forkyndelse\r\nA;måske\r\n", (2, "forkyndelse", "value.yes_no")),
        ("navn;handling\r\nA;slet\r\n", (2, "handling", "letter.handling")),
        ("id;navn\r\n9a3c0f52-94a5-4f0e-8f5e-2d6d3f1b7c44;A\r\n", (2, "id", "letter.id_unknown")),
    ],
)
def test_every_fault_is_named_with_its_place(content, found):
    org = authority()
    contacts.point("To", organisation=org)
    contacts.point("To", organisation=org)
    letters.letter_type("Optaget", organisation=org)
    assert codes(org, content) == [found]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04", "letter.file.not_csv"),
        (b"\0", "file.not_text"),
        (b"navn\r\n" + b"x" * 600_000, "letter.file.large"),
        (b"navn\r\n" + b"a\r\n" * 2_001, "file.rows"),
    ],
)
def test_other_files_are_refused(content, code):
    assert code in [one.finding.code for one in plan(authority(), content).errors]


def test_a_file_with_a_fault_changes_nothing():
    org = authority()
    client = owner(org)
    review = upload(client, org, b"navn;posttype\r\nA;\r\n;B\r\n")
    assert "Der er fejl i filen" in text(review)
    assert "file_seen" not in review.context
    assert not LetterType.objects.exists()


def test_what_changed_meanwhile_is_shown_before_anything_is_written():
    org = authority()
    client = owner(org)
    made = letters.letter_type("A", organisation=org, post_type="1")
    review = upload(client, org, b"navn;posttype\r\nA;2\r\n")
    agreed = {"seen": review.context["plan"].seen, "file_seen": review.context["file_seen"]}
    made.post_type = "3"
    letter_types.change(caller=letters.CALLER, letter_type=made, version=1)
    answer = client.post(url(org, "letter_types_import"), agreed)
    assert "Brevtyperne er ændret imens" in text(answer)
    assert LetterType.objects.get().post_type == "3"


def test_a_file_that_was_agreed_to_elsewhere_is_not_taken():
    org, other = authority(), authority()
    review = upload(owner(other), other, b"navn\r\nA\r\n")
    agreed = {"seen": review.context["plan"].seen, "file_seen": review.context["file_seen"]}
    for sent in (agreed, {"file_seen": "x"}):
        answer = owner(org).post(url(org, "letter_types_import"), sent, follow=True)
        assert "Filen er der ikke længere" in answer.content.decode()
    assert not LetterType.objects.exists()


def test_the_template_can_be_imported_as_it_is():
    org = authority()
    content = owner(org).get(url(org, "letter_types_template")).content
    done = apply(org, content.decode())
    assert [one.name for one in done.changes] == ["Afgørelse om boligstøtte"]


def test_a_dry_run_costs_the_same_whatever_the_number_of_rows(django_assert_num_queries):
    org = authority()
    contacts.point("Boligstøtte", organisation=org)
    for count in (1, 30):
        content = HEADER + "".join(f"Brev {count} {number};;Boligstøtte;;;\r\n" for number in range(count))
        with django_assert_num_queries(5):
            assert len(plan(org, content).changes) == count
        apply(org, content)


def test_the_export_costs_the_same_whatever_the_number_of_letter_types():
    org = authority()
    client, page = owner(org), url(org, "letter_types_export")
    full(org)
    few = queries(client, page)
    for number in range(5):
        letters.letter_type(f"Flere {number}", organisation=org)
    assert queries(client, page) == few
