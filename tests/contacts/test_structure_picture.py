"""The structure as a picture and a table."""

import itertools
import uuid
from xml.etree import ElementTree

import pytest

from contacts import picturing
from contacts.picturing import Look
from contacts.states import State
from tests.contacts.people import READ, authority, owner, queries, statuses, url
from tests.factories import contacts

pytestmark = pytest.mark.django_db


def boxes(org, group=None):
    """Every box as (depth, name, how many, colour)."""
    drawn = picturing.picture(org, group.pk if group else None)
    return [(box.depth, box.name, box.total, box.look) for box in drawn.boxes]


def test_who_may_see_it():
    org = authority()
    assert statuses(org, "structure_picture") == READ


def test_groups_stand_beside_their_parents_with_the_colour_of_what_is_in_them():
    org = authority()
    system = org.systems.get()
    borger, erhverv = contacts.group("Borger", organisation=org), contacts.group("Erhverv", organisation=org)
    contacts.group("Tom", organisation=org)
    ydelser = contacts.group("Ydelser", parent=borger)
    contacts.point("A", groups=[ydelser, borger], system=system)
    contacts.point("B", groups=[ydelser], system=system, visible=False)
    contacts.point("C", groups=[erhverv], system=system, active=False)
    contacts.point("D", organisation=org, system=system, active=False, visible=False)
    assert boxes(org) == [
        (0, "Borger", 3, Look.PARTLY),
        (1, "Ydelser", 2, Look.PARTLY),
        (1, "Direkte i gruppen", 1, Look.OPEN),
        (0, "Erhverv", 1, Look.WRONG),
        (0, "Tom", 0, Look.EMPTY),
        (0, "På øverste niveau", 1, Look.SHUT),
    ]
    first = picturing.picture(org).boxes[0]
    assert first.told == "3 kontaktpunkter (Åben: 2, Kun retursvar: 1)"
    assert first.state_counts() == [2, 1, 0, 0]
    assert list(first.counts) == [State.OPEN, State.REPLY_ONLY]
    assert boxes(org, ydelser) == [(0, "Direkte i gruppen", 2, Look.PARTLY)]


def test_boxes_never_overlap_and_stay_within_the_picture():
    org = authority()
    top = [contacts.group(f"G{n}", organisation=org) for n in range(4)]
    for number, group in enumerate(top):
        for inner in range(number):
            below = contacts.group(f"U{inner}", parent=group)
            contacts.point(groups=[below, group], system=org.systems.get())
    drawn = picturing.picture(org)
    for depth in range(picturing.LEVELS):
        column = [box for box in drawn.boxes if box.depth == depth]
        for before, after in itertools.pairwise(column):
            assert before.y + before.height <= after.y
    assert all(box.y + box.height <= drawn.height and box.x + box.width <= drawn.width for box in drawn.boxes)
    assert min(box.height for box in drawn.boxes) >= 28


def test_of_many_the_largest_are_drawn_and_the_rest_is_summed_up():
    org = authority()
    for number in range(picturing.MOST + 3):
        group = contacts.group(f"G{number}", organisation=org)
        if number != 1:
            contacts.point(groups=[group], system=org.systems.get())
    found = boxes(org)
    assert len(found) == picturing.MOST + 1
    assert found[-1][1:3] == ("3 mindre grupper", 2)
    assert "G1" not in [name for _depth, name, *_rest in found]


def test_the_page_holds_picture_and_table_with_every_name_escaped():
    org = authority()
    group = contacts.group("<b>Æ & Ø</b> " + "meget lang " * 8, organisation=org)
    contacts.point(groups=[group], system=org.systems.get())
    text = owner(org).get(url(org, "structure_picture")).content.decode()
    assert "<b>Æ" not in text
    svg = text[text.index('<svg class="picture"') : text.index("</svg>", text.index('<svg class="picture"')) + 6]
    drawn = ElementTree.fromstring(svg)
    assert "…" in "".join(drawn.itertext())
    assert drawn.find("a").get("href") == url(org, "structure_picture", gruppe=str(group.pk))
    assert 'scope="row" class="picture-depth-0"' in text


def test_an_empty_structure_a_group_without_anything_and_an_unknown_one():
    org = authority()
    client = owner(org)
    assert "Billedet begynder med" in client.get(url(org, "structure_picture")).content.decode()
    group = contacts.group(organisation=org)
    page = url(org, "structure_picture", gruppe=str(group.pk))
    assert "Der står intet i denne gruppe." in client.get(page).content.decode()
    foreign = contacts.group(organisation=authority())
    for unknown in (foreign.pk, uuid.uuid4()):
        assert client.get(url(org, "structure_picture", gruppe=str(unknown))).status_code == 404


def test_the_number_of_queries_does_not_grow():
    org = authority()
    contacts.point(organisation=org, system=org.systems.get())
    client, page = owner(org), url(org, "structure_picture")
    few = queries(client, page)
    for number in range(3):
        contacts.point(groups=[contacts.group(f"G{number}", organisation=org)], system=org.systems.get())
    assert queries(client, page) == few
