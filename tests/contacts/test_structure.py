"""The structure's own page."""

import pytest

from contacts import tree
from tests.contacts.people import READ, authority, owner, queries, reader, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def page(org, **query):
    return owner(org).get(url(org, "structure", **query)).content.decode()


def test_who_may_see_it():
    assert statuses(authority(), "structure") == READ


def test_an_empty_structure_says_how_to_begin():
    org = authority()
    text = page(org)
    assert "Her er ikke noget endnu" in text
    assert url(org, "structure_import") in text
    assert 'role="tree"' not in text


def test_a_reader_is_offered_no_changes():
    org = authority()
    contacts.point("Pas", organisation=org)
    text = reader(org).get(url(org, "structure")).content.decode()
    assert "Opret" not in text
    assert url(org, "structure_import") not in text


def test_the_top_level_is_shown_and_branches_are_closed():
    org = authority()
    borger = contacts.group("Borger & Co.", organisation=org)
    contacts.group("Ydelser", parent=borger)
    contacts.group("Tom", organisation=org)
    point = contacts.point("Hovedpostkasse", organisation=org, active=False)
    text = page(org)
    href = url(org, "group", borger.pk)
    assert f'<a role=treeitem class=g href="{href}" aria-expanded=false>Borger &amp; Co.</a>' in text
    assert ">Tom <small>tom</small></a>" in text
    assert f'href="{url(org, "point", point.pk)}">Hovedpostkasse <small class=bad>Synlig, men lukket</small>' in text
    assert "Ydelser" not in text


def test_the_url_says_which_branches_are_open():
    org = authority()
    borger = contacts.group("Borger", organisation=org)
    contacts.group("Ydelser", parent=borger)
    text = page(org, aaben=f"{borger.pk},nonsense,{borger.pk}")
    assert f'aria-expanded=true aria-owns="b{borger.pk}">Borger</a><ul role=group id="b{borger.pk}">' in text
    assert "Ydelser" in text


def test_that_nobody_can_write_is_said():
    org = authority()
    contacts.point(organisation=org, visible=False)
    assert "Ingen kan skrive til jer" in page(org)


@pytest.mark.parametrize("size", [3, 150])
def test_the_first_paint_asks_at_most_eight_questions_whatever_the_size(size):
    org = authority()
    top = contacts.group("Top", organisation=org)
    system = org.systems.get()
    for _ in range(size):
        contacts.group(parent=top)
        contacts.point(groups=[top], system=system)
    client = owner(org)
    page_url = url(org, "structure", aaben=top.pk)
    assert queries(client, page_url) == 8
    assert len(client.get(page_url).content) <= 60 * 1024


def test_a_long_branch_is_shortened_and_says_so():
    org = authority()
    for number in range(tree.FIRST_PAINT + 7):
        contacts.group(f"Gruppe {number:03}", organisation=org)
    text = page(org)
    assert "Gruppe 099" in text
    assert "Gruppe 100" not in text
    assert ">Vis 7 mere</a>" in text


def test_the_tree_is_filtered_and_shows_the_groups_above():
    org = authority()
    top = contacts.group("Borger", organisation=org)
    below, other = contacts.group("Ydelser", parent=top), contacts.group("Erhverv", organisation=org)
    system = org.systems.get()
    contacts.point("Skjult", groups=(below,), visible=False, system=system)
    contacts.point("Åben", groups=(below, other), system=system)
    client, page = owner(org), url(org, "structure")
    text = client.get(page, {"state": "REPLY_ONLY"}).content.decode()
    assert "1 plads med et kontaktpunkt" in text
    nodes = text[text.index('role="tree"') : text.index('id="node-panel"')]
    assert all(name in nodes for name in ("Borger", "Ydelser", "Skjult"))
    assert "Erhverv" not in nodes
    assert "Åben" not in nodes
    found = client.get(page, {"state": "OPEN", "audience": "for_citizens"}).content.decode()
    assert "2 pladser med kontaktpunkter" in found
    nothing = client.get(page, {"state": "CLOSED", "since": "nonsense"}).content.decode()
    assert "Intet i træet passer med filtrene." in nothing
    assert "2 pladser" not in nothing
    assert client.get(page, {"state": "nonsense", "system": "x", "problem": "y"}).status_code == 200


def test_a_filtered_tree_takes_few_queries_and_bytes_whatever_the_size():
    org = authority()
    system = org.systems.get()
    group = contacts.group(organisation=org)
    client, page = owner(org), url(org, "structure", state="OPEN", problem="no-search-terms")
    contacts.point(organisation=org, groups=(group,), system=system, search_terms=())
    few = queries(client, page)
    for _ in range(8):
        below = contacts.group(parent=group)
        contacts.point(organisation=org, groups=(below, None), system=system, search_terms=())
    assert queries(client, page) == few <= 8
