"""Branches loaded on demand."""

import re

import pytest

from contacts.models import ContactGroup
from tests.contacts.people import READ, authority, owner, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


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
    contacts.point("Punkt", groups=[top])
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
    contacts.point("Punkt", groups=[below, None])
    html = ask(org, gruppe="alt")
    assert nodes(html) == ["Top", "Under", "Punkt i flere grupper", "Punkt i flere grupper"]
    assert html.count("aria-expanded=true") == 2


def test_marks_tell_what_is_wrong():
    org = authority()
    from tests.factories import systems

    idle = systems.system(organisation=org)
    contacts.point("Gammel", organisation=org, system=idle, visible=False)
    assert nodes(ask(org)) == ["Gammel Kun retursvar system ikke i drift"]


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
