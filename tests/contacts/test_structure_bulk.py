"""Many contact points changed together: chosen, looked at, done, undone."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import bulk
from contacts.models import ContactPoint, Placement
from contacts.values import Code, PointValues
from tests.contacts.people import CHANGE, authority, last_event, owner, reader, statuses, url
from tests.factories import contacts, systems
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db


def made(count=3, **values):
    org = authority()
    return org, [contacts.point(f"P{n}", organisation=org, system=org.systems.get(), **values) for n in range(count)]


def steps(client, org, points, act, **fields):
    """Go through the three pages; return the look and the last answer."""
    ids = ",".join(point.pk.hex for point in points)
    page = url(org, "structure_bulk")
    look = client.post(page, {"ids": ids, "act": act, "step": "preview", **fields})
    seen = re.search(r'name="seen" value="(\w+)"', look.content.decode())
    data = {"ids": ids, "act": act, "step": "apply", "seen": seen[1] if seen else "", **fields}
    return look.content.decode(), client.post(page, data, follow=True).content.decode()


def test_who_may():
    org = authority()
    assert statuses(org, "structure_bulk") == CHANGE | {"owner": 302}


def test_the_list_lets_one_tick_but_not_a_reader():
    org, _points = made()
    assert owner(org).get(url(org, "structure_list")).content.decode().count('class="list-tick"') == 3
    assert 'class="list-tick"' not in reader(org).get(url(org, "structure_list")).content.decode()
    file = owner(org).get(url(org, "structure_list") + "?format=csv").getvalue().decode("utf-8-sig")
    assert "P0" in file
    assert "<" not in file


def test_nothing_ticked():
    org = authority()
    text = owner(org).post(url(org, "structure_bulk"), {"punkt": "nonsense"}, follow=True).content.decode()
    assert "Vælg først kontaktpunkterne" in text


def test_choosing_what_to_change():
    org, points = made()
    text = owner(org).post(url(org, "structure_bulk"), {"punkt": [str(p.pk) for p in points]}).content.decode()
    assert "Du har valgt 3 kontaktpunkter" in text
    assert 'name="act" value="system"' in text


def test_all_that_are_found():
    org, _points = made(2)
    contacts.point("Andet", organisation=org, system=org.systems.get(), visible=False)
    data = {"alle": "1", "filtre": "state=REPLY_ONLY"}
    assert "Du har valgt 1 kontaktpunkt." in owner(org).post(url(org, "structure_bulk"), data).content.decode()


def test_another_system():
    org, points = made()
    new = systems.system(organisation=org, name="Nyt")
    look, done = steps(owner(org), org, points, "system", system=str(new.pk))
    assert "3 kontaktpunkter bliver ændret" in look
    assert "3 kontaktpunkter er ændret" in done
    assert "fortryd" in done
    assert set(ContactPoint.objects.values_list("system", "version")) == {(new.pk, 2)}
    tag, before, _after = last_event(org)
    assert tag == "CONTACTS_CHANGED_TOGETHER"
    assert set(before) == {str(point.pk) for point in points}


@pytest.mark.parametrize(
    ("act", "fields", "name", "expected"),
    [
        ("state", {"state": "CLOSED"}, "active", False),
        ("audiences", {"how": "set", "audiences": ["for_companies"]}, "for_citizens", False),
        ("audiences", {"how": "add", "audiences": ["for_companies"]}, "for_companies", True),
        ("terms", {"how": "add", "terms": "HJÆLP\nrejse"}, "search_terms", ("hjælp", "rejse")),
        ("terms", {"how": "remove", "terms": "Hjælp"}, "search_terms", ()),
        ("codes", {"how": "add", "codes": "SOR:12"}, "codes", (Code(type="SOR", code="12"),)),
    ],
)
def test_every_act(act, fields, name, expected):
    org, points = made(1)
    steps(owner(org), org, points, act, **fields)
    assert getattr(PointValues.of(ContactPoint.objects.get()), name) == expected


def test_a_group_is_named_by_name_or_path():
    org, points = made(1)
    group = contacts.group("Pas", organisation=org, parent=contacts.group("Borger", organisation=org))
    steps(owner(org), org, points, "group", group="borger / pas", also="also")
    assert {place.group for place in Placement.objects.all()} == {None, group}
    steps(owner(org), org, points, "group", group="Pas", also="")
    assert Placement.objects.get().group == group
    look, _done = steps(owner(org), org, points, "group", group="Findes ikke", also="")
    assert "Ingen gruppe har det navn eller den sti" in look


def test_what_the_change_takes_from_writers_is_told():
    org, points = made(2)
    contacts.point("Gammelt", organisation=org, system=org.systems.get(), replaced_by=points[0].pk)
    look, _done = steps(owner(org), org, points, "delete")
    assert "2 kontaktpunkter bliver slettet" in look
    assert "Gammelt nævner det som sin afløser" in look
    assert ContactPoint.objects.get().name == "Gammelt"


def test_a_rule_that_it_would_break_refuses_it():
    org, points = made(1, search_terms=tuple(f"ord{n}" for n in range(1000)))
    look, _done = steps(owner(org), org, points, "terms", how="add", terms="et til")
    assert "Det kan ikke lade sig gøre for dem alle" in look
    assert ContactPoint.objects.get().version == 1


def test_what_changed_since_the_look_is_looked_at_again():
    org, points = made(1)
    client, page = owner(org), url(org, "structure_bulk")
    data = {"ids": points[0].pk.hex, "act": "state", "state": "CLOSED", "step": "apply", "seen": "other"}
    assert "Strukturen er ændret i mellemtiden" in client.post(page, data).content.decode()
    assert ContactPoint.objects.get().active


def test_the_number_of_statements_does_not_grow():
    org = authority()
    group = contacts.group(organisation=org)

    def cost(points):
        with CaptureQueriesContext(connection) as captured:
            bulk.change(caller=CALLER, organisation=org, ids=[p.pk for p in points], act=bulk.to_group(group.pk))
        return len(captured)

    few = [contacts.point(organisation=org, system=org.systems.get()) for _ in range(2)]
    many = [contacts.point(organisation=org, system=org.systems.get()) for _ in range(20)]
    assert cost(few) == cost(many)
