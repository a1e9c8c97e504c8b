"""The search: one table of cases that both databases answer alike; who sees what, pages, ids, and keeping in step."""

from importlib import import_module

import hypothesis
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import strategies as st

from contacts import registering, search_words, searching
from contacts.highlighting import highlighted
from contacts.models import ContactGroup, ContactPoint, SearchWord
from contacts.values import Code, GroupValues, Mailbox, PointValues
from tests.contacts.people import authority
from tests.factories import contacts

pytestmark = pytest.mark.django_db

STRUCTURE = {
    "Skilsmisse": (("separation", "gå fra hinanden"), "Når ægteskabet er slut."),
    "Pas": (("rejse", "fornyelse af pas"), ""),
    "Pasning af børn": (("dagpleje",), "Vuggestue og børnehave."),
    "Aflevering af pas": ((), "Gamle dokumenter afleveres her."),
    "Sygedagpenge": (("sygemelding",), "Når du er syg fra arbejde."),
    "Børnepenge": ((), "Ydelsen udbetales hvert kvartal."),
    "Borgerservice": (("hjælp",), "Alle spørgsmål om pas og kørekort."),
    "Kørekort": (("førerret",), ""),
    "Affald og genbrug": (("storskrald", "skraldespand"), "Tømning af spande ved boligen."),
    "Boligstøtte": (("husleje",), ""),
    "Pladsanvisning": ((), "Dagtilbud til børn."),
    "Aabenraa": ((), "Breve til byen."),
    "Café og restaurant": (("næringsbrev",), ""),
}

CASES = [
    # (what is typed, what is found, in order; … tells that the rest does not matter)
    ("skilsmisse", ["Skilsmisse"]),
    ("SKILSMISSER", ["Skilsmisse"]),
    ("skilsmissen", ["Skilsmisse"]),
    ("pas", ["Pas", "Aflevering af pas", "Pasning af børn", "Borgerservice"]),
    ("Fornyelse af pas", ["Pas"]),
    ("hvordan fornyer jeg mit pas", ["Pas"]),
    ("hvor får jeg pas", ["Pas", "Aflevering af pas", "Pasning af børn", "Borgerservice"]),
    ("penge", ["Børnepenge", "Sygedagpenge"]),
    ("dagpenge", ["Sygedagpenge"]),
    ("borgerservise", ["Borgerservice"]),
    ("brogerservice", ["Borgerservice"]),
    ("skilsmise", ["Skilsmisse"]),
    ("korekort", ["Kørekort", "Borgerservice"]),
    ("kørekort", ["Kørekort", "Borgerservice"]),
    ("koerekort", ["Kørekort", "Borgerservice"]),
    ("KØREKORT", ["Kørekort", "Borgerservice"]),
    ("åbenrå", ["Aabenraa"]),
    ("aabenrå", ["Aabenraa"]),
    ("cafe", ["Café og restaurant"]),
    ("boligstotte", ["Boligstøtte"]),
    ("bolig", ["Boligstøtte", "Affald og genbrug"]),
    ("støtte", ["Boligstøtte"]),
    ("syge dagpenge", ["Sygedagpenge"]),
    ("skrald", ["Affald og genbrug"]),
    ("spand", ["Affald og genbrug"]),
    ("børn pasning", ["Pasning af børn"]),
    ("rejse", ["Pas"]),
    ("hinanden gå", ["Skilsmisse"]),
    ("hjælp til pas", ["Borgerservice"]),
    ("næringsbreve", ["Café og restaurant"]),
    ("32.24.04", ["Skilsmisse"]),
    ("32.24", ["Skilsmisse"]),
    ("5790000000005", ["Borgerservice"]),
    ("579000000000", ["Borgerservice"]),
    ("ægteskabets opløsning", ["Skilsmisse"]),
    ("xyzzyx", []),
    ("%", []),
    ("' OR \"", []),
    ("pas NOT AND (", ["Pas", "Aflevering af pas", "Pasning af børn", "Borgerservice"]),
    ("", []),
]
CODES = {
    "Skilsmisse": (Code(type="KLE", code="32.24.04", name="Ægteskabets opløsning"),),
    "Borgerservice": (Code(type="GLN", code="5790000000005"),),
}


@pytest.fixture
def org():
    made = authority()
    for name, (terms, description) in STRUCTURE.items():
        contacts.point(
            name,
            organisation=made,
            system=made.systems.get(),
            search_terms=terms,
            description=description,
            codes=CODES.get(name, ()),
        )
    return made


def names(org, text, **more):
    return [point.name for point in searching.search_points(text, points(), organisation=org, **more).points]


def points():
    return ContactPoint.objects.all()


def test_every_case(org):
    assert {text: names(org, text) for text, _ in CASES} == dict(CASES)


def test_the_search_text_is_folded_words_with_the_description_apart(org):
    text = ContactPoint.objects.get(name="Skilsmisse").search_text
    assert text == (
        "skilsmisse\nseparation\ngaa fra hinanden\n32.24.04\naegteskabets oploesning\n\nnaar aegteskabet er slut"
    )


def test_only_what_one_may_see(org):
    foreign = authority()
    contacts.point("Pas i det fremmede", organisation=foreign, system=foreign.systems.get())
    hidden = contacts.point("Pas uden for døren", organisation=foreign, system=foreign.systems.get(), visible=False)
    everybodys = searching.search_points("pas", ContactPoint.objects.open())
    assert "Pas i det fremmede" in [point.name for point in everybodys.points]
    assert hidden not in everybodys.points
    assert "Pas i det fremmede" not in names(org, "pas")


def test_pages_follow_each_other_without_gap_or_repetition(org):
    system = org.systems.get()
    for number in range(12):
        contacts.point(f"Vejhjælp {number:02}", organisation=org, system=system)
    whole = names(org, "vejhjælp", limit=20)
    assert len(whole) == 12
    assert [name for offset in (0, 5, 10) for name in names(org, "vejhjælp", limit=5, offset=offset)] == whole
    found = searching.search_points("vejhjælp", points(), organisation=org, offset=5, limit=5)
    assert found.count == 12


def test_ids_and_former_mailboxes_in_ones_own_organisation_alone(org):
    registry_id = "0f8fad5b-d9cb-469f-a165-70867728950e"
    point = contacts.point(
        "Flyttet", organisation=org, registry_id=registry_id, translations=(Mailbox(4711, 12), Mailbox(4711, 13))
    )
    for text in (str(point.pk), registry_id.upper(), "4711:12", " 4711 / 13", "4711"):
        assert names(org, text) == ["Flyttet"], text
    assert names(org, "4711:99") == []
    assert names(authority(), "4711:12") == []
    assert searching.search_points("4711:12", points()).points == []


def test_a_group_by_the_former_mailbox_it_took_over(org):
    contacts.group("Overtaget", organisation=org, postkasse_ids=(4712,))
    assert [group.name for group in searching.search(org, "4712").groups] == ["Overtaget"]


def test_lists_find_what_the_search_finds(org):
    found = searching.narrowed(ContactPoint.objects.filter(visible=True), "borgerservise", organisation=org)
    assert [point.name for point in found] == ["Borgerservice"]
    assert not searching.narrowed(points(), "%", organisation=org).exists()
    assert not searching.narrowed(points(), "hundetegn", organisation=org).exists()


def test_what_is_changed_or_deleted_is_not_found_any_more(org):
    point = ContactPoint.objects.get(name="Boligstøtte")
    values = PointValues.of(point)
    changed = PointValues(**(vars(values) | {"name": "Huslejetilskud", "search_terms": ()}))
    registering.change_point(caller=contacts.CALLER, point=point, values=changed, version=point.version)
    assert (names(org, "boligstøtte"), names(org, "huslejetilskud")) == ([], ["Huslejetilskud"])
    point.delete()
    assert names(org, "huslejetilskud") == []


def test_rows_written_in_bulk_are_found(org):
    group = ContactGroup(organisation=org, name="A", position=1, search_text="alfa")
    ContactGroup.objects.bulk_create([group])
    ContactGroup.objects.bulk_create(
        [ContactGroup(pk=group.pk, organisation=org, name="A", position=1, search_text="omegahus")],
        update_conflicts=True,
        update_fields=["search_text"],
        unique_fields=["id"],
    )
    assert [found.pk for found in searching.search(org, "mega").groups] == [group.pk]
    assert searching.search(org, "alfa").groups == []


def test_the_index_is_made_again_from_the_texts(org):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM contacts_searchword")
    assert names(org, "penge") == []
    SearchWord.objects.create(word="forsvundet")
    call_command("rebuild_search")
    assert names(org, "penge") == ["Børnepenge", "Sygedagpenge"]
    assert not SearchWord.objects.filter(word="forsvundet").exists()


def test_the_number_of_questions_does_not_grow(org):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            names(org, "pas")
        return len(captured)

    assert asked() <= 8
    for number in range(20):
        contacts.point(f"Rejsepas {number}", organisation=org, system=org.systems.get())
    assert asked() <= 8


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("pas", "pas", 0),
        ("kat", "kart", 1),
        ("brogerservice", "borgerservice", 1),
        ("ab", "abcd", 2),
        ("abc", "xyz", 3),
    ],
)
def test_distance(one, other, far):
    assert search_words.distance(one, other, most=3) == search_words.distance(other, one, most=3) == far
    assert search_words.distance(one, other, most=0) == min(far, 1)


def test_a_stem_begins_its_word():
    for word in ("skilsmisser", "boernene", "bestemmelser", "vej", "ansoegningerne", "32.24.04"):
        assert word.startswith(search_words.stem(word))


def test_group_and_point_texts():
    group = GroupValues(name="Børn & Unge", description="Åbent 8–16", postkasse_ids=(12,))
    assert searching.group_text(group) == "boern unge\n12\n\naabent 8 16"


def test_highlights_follow_the_words_that_were_found(org):
    found = searching.search_points("penge", points(), organisation=org)
    text = highlighted("Sygedagpenge & <b>", found.question.all_words)
    assert text == "<mark>Sygedagpenge</mark> &amp; &lt;b&gt;"
    assert highlighted("Intet her", {}) == "Intet her"


@hypothesis.settings(max_examples=60, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture])
@hypothesis.given(
    text=st.text(max_size=40) | st.sampled_from(["AND", "NEAR(a b)", 'a" OR "b', "a:*", "head:pas", "& | !", "\x00"])
)
def test_whatever_is_typed_is_only_text(org, text):
    found = searching.search_points(text, points(), organisation=org)
    assert {point.organisation_id for point in found.points} <= {org.pk}
    list(searching.narrowed(points(), text, organisation=org))
    searching.search(org, text)


@hypothesis.given(one=st.text("abcæøå", max_size=8), other=st.text("abcæøå", max_size=8))
def test_the_distance_is_that_of_the_textbook(one, other):
    far = search_words.distance(one, other, most=20)
    assert far == search_words.distance(other, one, most=20)
    assert (far == 0) == (one == other)
    assert abs(len(one) - len(other)) <= far <= max(len(one), len(other))
    assert search_words.distance(one, other, most=1) == min(far, 2)


def test_the_migration_writes_the_texts_as_the_concepts_do(org):
    contacts.group("Børn & Unge", organisation=org, description="Åbent", postkasse_ids=(12,))
    before = dict(ContactPoint.objects.values_list("pk", "search_text"))
    group_text = ContactGroup.objects.get().search_text
    ContactPoint.objects.update(search_text="som den var")
    ContactGroup.objects.update(search_text="som den var")
    import_module("contacts.migrations.0003_search").write_texts(apps, None)
    assert dict(ContactPoint.objects.values_list("pk", "search_text")) == before
    assert ContactGroup.objects.get().search_text == group_text
