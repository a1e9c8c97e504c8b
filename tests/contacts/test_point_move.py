"""The pages on which a contact point is moved, placed in one more group, and taken out of one."""

import uuid

import pytest

from contacts.models import ContactGroup, ContactPoint
from tests.contacts.people import CHANGE, authority, owner, statuses, url
from tests.factories import contacts
from tests.factories.contacts import names_below

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    org = authority()
    one, other = contacts.group("Et", organisation=org), contacts.group("To", organisation=org)
    return org, one, other, contacts.point("Pas", groups=[one])


@pytest.mark.parametrize("name", ["point_move", "point_place", "point_unplace", "point_order"])
def test_who_may(name):
    org = authority()
    assert statuses(org, name, contacts.point(organisation=org).pk) == CHANGE


@pytest.mark.parametrize("name", ["point_move", "point_place", "point_order"])
def test_who_may_post(name):
    org = authority()
    assert statuses(org, name, contacts.point(organisation=org).pk, method="post") == CHANGE


def test_moving(two):
    org, one, other, point = two
    client, page = owner(org), url(org, "point_move", point.pk)
    assert "Kontaktpunktet står i: Et." in client.get(page).content.decode()
    response = client.post(page, {"to": str(other.pk), "version": 1}, follow=True)
    assert "Pas står nu i: To." in response.content.decode()
    assert (names_below(org, one), names_below(org, other)) == ([], ["Pas"])


def test_the_place_that_is_moved_is_named(two):
    org, one, other, point = two
    third = contacts.group("Tre", organisation=org)
    client = owner(org)
    client.post(url(org, "point_place", point.pk), {"to": str(other.pk), "version": 1})
    place = point.placements.get(group=other)
    client.post(url(org, "point_move", point.pk, plads=place.pk), {"to": str(third.pk), "version": 2})
    assert [names_below(org, group) for group in (one, other, third)] == [["Pas"], [], ["Pas"]]


def test_a_place_of_another_point_is_not_there(two):
    org, _one, _other, point = two
    foreign = contacts.point(organisation=org).placements.get()
    for place in (foreign.pk, uuid.uuid4(), "x"):
        assert owner(org).get(url(org, "point_move", point.pk, plads=place)).status_code == 404


def test_where_it_stands_already_is_not_offered(two):
    org, _one, _other, point = two
    form = owner(org).get(url(org, "point_place", point.pk)).context["form"]
    assert [label for _value, label in form.fields["to"].choices] == ["Øverste niveau", "To"]


def test_placing_at_the_top_level_twice_is_refused(two):
    org, _one, _other, point = two
    client, page = owner(org), url(org, "point_place", point.pk)
    client.post(page, {"to": "top", "version": 1})
    response = client.post(page, {"to": "top", "version": 2})
    assert "står allerede i den gruppe" in str(response.context["form"].errors["to"])


def test_a_group_that_is_deleted_meanwhile(two):
    org, _one, other, point = two
    ContactGroup.objects.filter(pk=other.pk).delete()
    response = owner(org).post(url(org, "point_move", point.pk), {"to": str(other.pk), "version": 1})
    assert "to" in response.context["form"].errors


def test_somebody_else_was_first(two):
    org, _one, other, point = two
    ContactPoint.objects.update(version=2)
    response = owner(org).post(url(org, "point_move", point.pk), {"to": str(other.pk), "version": 1}, follow=True)
    assert "En anden ændrede det" in response.content.decode()
    assert names_below(org, other) == []


def test_taking_it_out_asks_first(two):
    org, one, other, point = two
    client = owner(org)
    client.post(url(org, "point_place", point.pk), {"to": str(other.pk), "version": 1})
    place = point.placements.get(group=one)
    page = url(org, "point_unplace", point.pk, plads=place.pk)
    assert "Tag Pas ud af Et?" in client.get(page).content.decode()
    client.post(url(org, "point_unplace", point.pk), {"plads": str(place.pk), "version": 2})
    assert (names_below(org, one), names_below(org, other)) == ([], ["Pas"])


def test_the_only_place_stays(two):
    org, one, _other, point = two
    response = owner(org).post(url(org, "point_unplace", point.pk), {"version": 1}, follow=True)
    assert "kontaktpunktets eneste sted" in response.content.decode()
    assert names_below(org, one) == ["Pas"]


def test_order(two):
    org, one, _other, point = two
    others = [contacts.point(name, groups=[one]) for name in "AB"]
    place = point.placements.get()
    client = owner(org)
    page = url(org, "point_order", point.pk, plads=place.pk)
    assert "Efter A" in client.get(page).content.decode()
    client.post(page, {"direction": "down", "version": 1, "plads": str(place.pk)})
    assert names_below(org, one) == ["A", "Pas", "B"]
    client.post(page, {"after": str(others[1].placements.get().pk), "version": 2, "plads": str(place.pk)})
    assert names_below(org, one) == ["A", "B", "Pas"]
    client.post(page, {"after": "first", "version": 3, "plads": str(place.pk)})
    assert names_below(org, one) == ["Pas", "A", "B"]
