"""Branches loaded on demand."""

import re

import pytest

from contacts.models import ContactGroup
from tests.contacts.people import READ, authority, owner, statuses, url
from tests.factories import contacts, systems

pytestmark = pytest.mark.django_db
EVERYBODY = {"for_companies": True, "for_authorities": True}


def nodes(html: str) -> list[str]:
    """The texts of the nodes, in order."""
    return [re.sub(r"<[^>]+>", "", node) for node in re.findall(r"<a [^>]*>.*?</a>", html)]


def ask(org, **query):
    return owner(org).get(url(org, "structure_branch", **query)).content.decode()


def test_who_may_see_it():
    assert statuses(authority(), "structure_branch") == READ


def test_groups_come_before_points_in_their_order():
    org = authority()
    top = contacts.group("Top", organisation=org)
    contacts.point("Punkt", groups=[top], system=org.systems.get(), **EVERYBODY)
    for name in ("B", "A"):
        contacts.group(name, parent=top)
    assert nodes(ask(org, gruppe=top.pk)) == ["B tom", "A tom", "Punkt"]


def test_what_is_left_out_is_loaded_by_its_place():
    org = authority()
    made = [contacts.group(f"G{number}", organisation=org) for number in range(5)]
    positions = [group.position for group in made]
    html = ask(org, gruppe="", slags="g", efter=str(positions[1]), foer=str(positions[4]))
    assert nodes(html) == ["G2 tom", "G3 tom"]


def test_a_longer_branch_ends_in_a_node_that_loads_more():
    org = authority()
    top = contacts.group("Top", organisation=org)
    ContactGroup.objects.bulk_create(
        ContactGroup(organisation=org, parent=top, name=f"G{number}", position=number, search_text="")
        for number in range(1, 131)
    )
    html = ask(org, gruppe=top.pk)
    assert nodes(html)[-1] == "Vis 30 mere"
    more = re.search(r'data-more="([^"]+)"', html).group(1).replace("&amp;", "&")
    assert nodes(owner(org).get(more).content.decode())[0] == "G101 tom"


def test_the_whole_tree_at_once():
    org = authority()
    top = contacts.group("Top", organisation=org)
    below = contacts.group("Under", parent=top)
    contacts.point("Punkt", groups=[below, None], system=org.systems.get(), **EVERYBODY)
    html = ask(org, gruppe="alt")
    assert nodes(html) == ["Top", "Under", "Punkt i flere grupper", "Punkt i flere grupper"]
    assert html.count("aria-expanded=true") == 2


def test_of_a_point_only_what_is_not_as_one_expects_is_said():
    org = authority()
    default = org.systems.get()
    contacts.point("Åben", organisation=org, system=default, **EVERYBODY)
    idle = systems.system(organisation=org, name="Gamle & co.")
    contacts.point("Gammel", organisation=org, system=idle, visible=False)
    contacts.point("Erhverv", organisation=org, system=default, for_companies=True)
    contacts.point("Ingen", organisation=org, system=default, for_citizens=False)
    contacts.point("Lukket", organisation=org, system=default, for_citizens=False, visible=False, active=False)
    said = [
        "Åben",
        "Gammel Kun retursvar borgere til Gamle &amp; co. system ikke i drift",
        "Erhverv borgere, virksomheder",
        "Ingen for ingen",
        "Lukket Lukket",
    ]
    assert nodes(ask(org)) == nodes(ask(org, gruppe="alt")) == said
    assert "<small class=warn>for ingen</small>" in ask(org)


def test_where_no_system_is_the_default_none_stands_out():
    org = authority()
    org.systems.update(is_default_recipient=False)
    contacts.point("Punkt", organisation=org, system=systems.system(organisation=org, active=True), **EVERYBODY)
    assert nodes(ask(org)) == ["Punkt"]


def test_what_the_quality_report_finds_is_marked():
    org = authority()
    common = {"organisation": org, "system": org.systems.get(), **EVERYBODY}
    for name in ("Pas", "Pas"):
        contacts.point(name, **common)
    contacts.point("Bolig", **common, description="Change me", recommended_attributes=("a", "b", "c"))
    contacts.point("Skole", **common, report_link_url="http://skole.example.dk")
    said = ["Pas samme navn to gange"] * 2 + ["Bolig ingen beskrivelse spørger om for meget", "Skole ufærdigt link"]
    assert nodes(ask(org)) == nodes(ask(org, gruppe="alt")) == said
    page = owner(org).get(url(org, "structure", problem="description")).content.decode()
    assert "ingen beskrivelse" in page


def test_a_name_may_stand_in_two_groups():
    org = authority()
    groups = [contacts.group(name, organisation=org) for name in "AB"]
    for group in groups:
        contacts.point("Pas", groups=[group], system=org.systems.get(), **EVERYBODY)
    assert nodes(ask(org, gruppe="alt")) == ["A", "Pas", "B", "Pas"]
    assert nodes(ask(org, gruppe=groups[0].pk)) == ["Pas"]


def test_a_deep_structure_is_no_deeper_than_memory():
    org = authority()
    parent, rows = None, []
    for depth in range(1500):
        parent = ContactGroup(organisation=org, parent=parent, name=f"D{depth}", position=1024, search_text="")
        rows.append(parent)
    ContactGroup.objects.bulk_create(rows, batch_size=500)
    assert nodes(ask(org, gruppe="alt"))[-1] == "D1499 tom"
    response = owner(org).get(url(org, "group", rows[-1].pk))
    assert response.status_code == 200


@pytest.mark.parametrize("query", [{"gruppe": "x"}])
def test_nonsense_is_not_found(query):
    org = authority()
    assert owner(org).get(url(org, "structure_branch", **query)).status_code == 404


def test_nonsense_in_positions_is_passed_over():
    org = authority()
    contacts.group("A", organisation=org)
    assert nodes(ask(org, efter="x", foer="99999999999999999999999999")) == ["A tom"]
