"""Order among groups."""

import pytest

from tests.contacts.people import CHANGE, authority, owner, statuses, url
from tests.factories import contacts
from tests.factories.contacts import names_below

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    org = authority()
    return org, [contacts.group(name, organisation=org) for name in "ABC"]


def test_who_may():
    org = authority()
    assert statuses(org, "group_order", contacts.group(organisation=org).pk) == CHANGE
    assert statuses(org, "group_order", contacts.group(organisation=org).pk, method="post") == CHANGE


@pytest.mark.parametrize(
    ("index", "answers", "expected"),
    [
        (0, {"direction": "down"}, "BAC"),
        (2, {"direction": "up"}, "ACB"),
        (0, {"after": "last"}, "BCA"),
        (2, {"after": "first"}, "CAB"),
    ],
)
def test_order(three, index, answers, expected):
    org, groups = three
    response = owner(org).post(url(org, "group_order", groups[index].pk), answers | {"version": 1})
    assert response.headers["Location"] == url(org, "group", groups[index].pk)
    assert "".join(names_below(org)) == expected


def test_after_a_sibling(three):
    org, (first, second, _third) = three
    owner(org).post(url(org, "group_order", first.pk), {"after": str(second.pk), "version": 1})
    assert names_below(org) == ["B", "A", "C"]


def test_at_the_end_nothing_happens_and_that_is_said(three):
    org, (first, *_others) = three
    response = owner(org).post(url(org, "group_order", first.pk), {"direction": "up", "version": 1}, follow=True)
    assert "A står allerede yderst i den ende." in response.content.decode()
    assert names_below(org) == ["A", "B", "C"]


def test_a_stale_page_moves_nothing(three):
    org, (first, *_others) = three
    response = owner(org).post(url(org, "group_order", first.pk), {"direction": "down", "version": "x"}, follow=True)
    assert "En anden ændrede det" in response.content.decode()
    assert names_below(org) == ["A", "B", "C"]


def test_a_sibling_that_is_none_is_refused(three):
    org, (first, *_others) = three
    response = owner(org).post(url(org, "group_order", first.pk), {"after": str(contacts.group().pk), "version": 1})
    assert "after" in response.context["form"].errors
