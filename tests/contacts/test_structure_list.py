"""The structure as a list of contact points."""

import pytest

from tests.contacts.people import READ, authority, owner, queries, statuses, url
from tests.factories import contacts, systems

pytestmark = pytest.mark.django_db


def names(org, **query):
    page = owner(org).get(url(org, "structure_list", **query))
    return [one.name for one in page.context["list"].page.object_list]


def test_who_may_see_it():
    assert statuses(authority(), "structure_list") == READ


def test_paths_of_every_place():
    org = authority()
    top = contacts.group("Borger", organisation=org)
    below = contacts.group("Ydelser", parent=top)
    contacts.point("Pas", groups=[below, None])
    text = owner(org).get(url(org, "structure_list")).content.decode()
    assert "Borger / Ydelser | Øverste niveau" in text


def test_filters():
    org = authority()
    serving, idle = org.systems.get(), systems.system(organisation=org, name="Gammelt")
    contacts.point("A", organisation=org, system=serving, for_companies=True)
    contacts.point("B", organisation=org, system=idle, visible=False)
    contacts.point("C", organisation=org, system=serving, active=False, search_terms=())
    assert names(org, state="REPLY_ONLY") == ["B"]
    assert names(org, audience="for_companies") == ["A"]
    assert names(org, system=idle.pk) == ["B"]
    assert names(org, problem="visible-but-closed") == ["C"]
    assert names(org, problem="no-search-terms") == ["C"]
    assert names(org, problem="system") == ["B"]
    assert names(org, problem="nonsense") == ["A", "B", "C"]


def test_a_group_with_all_that_stands_below_it():
    org = authority()
    top = contacts.group("Top", organisation=org)
    below = contacts.group("Under", parent=top)
    contacts.point("A", groups=[below])
    contacts.point("B", groups=[top])
    contacts.point("C", organisation=org)
    assert names(org, gruppe=top.pk) == ["A", "B"]
    assert names(org, gruppe=below.pk) == ["A"]


def test_a_foreign_group_is_as_unknown_as_one_that_does_not_exist():
    org = authority()
    contacts.point("Kontanthjælp", organisation=org)
    foreign, nobody = contacts.group("Fremmed").pk, "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"
    shown = [names(org, gruppe=str(pk)) for pk in (foreign, nobody)]
    assert shown == [["Kontanthjælp"], ["Kontanthjælp"]]


def test_search_knows_terms_and_danish_letters():
    org = authority()
    contacts.point("Ældrepleje", organisation=org, search_terms=("Plejehjem",))
    contacts.point("Pas", organisation=org)
    assert names(org, q="ældre") == ["Ældrepleje"]
    assert names(org, q="plejehjem") == ["Ældrepleje"]


def test_csv():
    org = authority()
    contacts.point("=Pas", organisation=org, search_terms=("a", "b"))
    answer = b"".join(owner(org).get(url(org, "structure_list", format="csv"))).decode("utf-8-sig")
    header, row = answer.splitlines()
    assert header.startswith("Navn;Står i;Status;")
    assert row.startswith("'=Pas;Øverste niveau;Åben;Borgere;")
    assert "a, b" in row


@pytest.mark.parametrize("size", [1, 12])
def test_queries(size):
    org = authority()
    group, system = contacts.group(organisation=org), org.systems.get()
    for _ in range(size):
        contacts.point(groups=[group, None], system=system)
    assert queries(owner(org), url(org, "structure_list")) == 9


def test_the_search_stands_on_the_page_and_finds_what_people_mean():
    org = authority()
    contacts.point("Borgerservice", organisation=org)
    contacts.point("Moms", organisation=org)
    text = owner(org).get(url(org, "structure_list", q="borgerservise")).content.decode()
    assert 'name="q" value="borgerservise"' in " ".join(text.split())
    assert ">Borgerservice</a>" in text
    assert ">Moms</a>" not in text
