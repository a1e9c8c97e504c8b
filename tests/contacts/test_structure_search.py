"""Search in the structure."""

import pytest

from contacts import searching
from contacts.values import Code
from tests.contacts.people import READ, authority, owner, queries, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def found(org, text):
    hits = searching.search(org, text)
    return [group.name for group in hits.groups] + [point.name for point in hits.points]


def test_who_may_see_it():
    assert statuses(authority(), "structure_search") == READ


def test_by_name_description_term_and_code():
    org = authority()
    contacts.group("Familie", organisation=org, description="Om børn")
    contacts.point(
        "Skilsmisse",
        organisation=org,
        description="Når I går fra hinanden",
        search_terms=("samvær",),
        codes=(Code(type="KLE", code="32.24.04", name="Ægteskab"),),
    )
    assert found(org, "familie") == ["Familie"]
    assert found(org, "BØRN") == ["Familie"]
    assert found(org, "SAMVÆR") == ["Skilsmisse"]
    assert found(org, "32.24") == ["Skilsmisse"]
    assert found(org, "hinanden når") == ["Skilsmisse"]
    assert found(org, "ægteskab") == ["Skilsmisse"]
    assert found(org, "skilsmisse børn") == ["Familie", "Skilsmisse"]
    assert found(org, "  ") == []


def test_signs_of_the_database_are_just_signs():
    org = authority()
    contacts.point("100 % dækket_ind", organisation=org)
    assert found(org, "%") == []
    assert found(org, "100%") == ["100 % dækket_ind"]
    assert found(org, "____") == []


def test_the_internal_note_is_not_searched():
    org = authority()
    contacts.point("Pas", organisation=org, internal_description="hemmeligt")
    assert found(org, "hemmeligt") == []


def test_what_begins_with_the_text_comes_first():
    org = authority()
    contacts.point("Aflevering af pas", organisation=org, search_terms=())
    contacts.point("Rejse", organisation=org, search_terms=("pas",))
    contacts.point("Pas", organisation=org, search_terms=())
    assert found(org, "pas") == ["Pas", "Rejse", "Aflevering af pas"]


def test_only_ones_own_structure():
    own, foreign = authority(), authority()
    contacts.point("Pas", organisation=foreign)
    assert found(own, "pas") == []


def test_a_change_is_found_at_once():
    org = authority()
    client = owner(org)
    group = contacts.group("Gammel", organisation=org)
    client.post(url(org, "group_edit", group.pk), {"name": "Ny", "version": 1})
    assert (found(org, "gammel"), found(org, "ny")) == ([], ["Ny"])


def test_hits_lead_to_their_pages_and_tell_where_they_stand():
    org = authority()
    top = contacts.group("Borger", organisation=org)
    point = contacts.point("Pas", groups=[top, None])
    text = owner(org).get(url(org, "structure_search", q="pas")).content.decode()
    assert f'<a href="{url(org, "point", point.pk)}"><mark>Pas</mark></a>' in text
    assert "Borger · Øverste niveau" in text
    assert "<h1>Søg i strukturen</h1>" in text


def test_htmx_gets_the_hits_alone():
    org = authority()
    text = owner(org).get(url(org, "structure_search", q="x"), headers={"HX-Request": "true"}).content.decode()
    assert "<h1>" not in text
    assert "Intet fundet for “x”" in text


def test_many_hits_are_shortened_and_that_is_said():
    org, system = authority(), None
    system = org.systems.get()
    for number in range(searching.SHOWN + 1):
        contacts.point(f"Pas {number}", organisation=org, system=system)
    client, page = owner(org), url(org, "structure_search", q="pas")
    assert "Mange fundet" in client.get(page).content.decode()
    assert queries(client, page) == 15


def test_that_only_some_of_the_words_were_found_is_said():
    org = authority()
    contacts.point("Pas", organisation=org)
    page = owner(org).get(url(org, "structure_search", q="pas+flyvetur")).content.decode()
    assert "Intet indeholder alle ordene" in page
    assert "<mark>Pas</mark>" in page


def test_a_hit_tells_by_which_term_or_code_it_was_found():
    org = authority()
    contacts.point(
        "Skilsmisse",
        organisation=org,
        search_terms=("samvær",),
        codes=(Code(type="KLE", code="32.24.04", name="Ægteskab"),),
    )
    client = owner(org)
    assert "fundet på “samvær”" in client.get(url(org, "structure_search", q="samværet")).content.decode()
    assert "fundet på “32.24.04 Ægteskab”" in client.get(url(org, "structure_search", q="ægteskaber")).content.decode()
    assert "fundet på" not in client.get(url(org, "structure_search", q="skilsmisse")).content.decode()
    assert "fundet på “samvær”" in client.get(url(org, "structure_preview", q="samvær")).content.decode()
