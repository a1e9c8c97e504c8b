"""Deleting groups: what goes with them is said first."""

import pytest

from adgang.lib.registered import StaleVersion
from contacts import deleting
from contacts.deleting import Children
from contacts.models import ContactGroup, ContactPoint, Placement
from tests.contacts.people import CHANGE, authority, last_event, owner, statuses, url
from tests.factories import contacts
from tests.factories.contacts import CALLER, names_below

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "group_delete", contacts.group(organisation=org).pk) == CHANGE
    assert statuses(org, "group_delete", contacts.group(organisation=org).pk, method="post") == CHANGE


@pytest.fixture
def branch():
    """Top / Under / Bund, with points in each; one of them stands elsewhere too."""
    org = authority()
    system = org.systems.get()
    top = contacts.group("Top", organisation=org)
    under = contacts.group("Under", parent=top)
    bottom = contacts.group("Bund", parent=under)
    contacts.point("I under", groups=[under], system=system)
    contacts.point("I bund", groups=[bottom], system=system)
    contacts.point("Også ude", groups=[bottom, None], system=system)
    return org, top, under, bottom


def test_the_page_says_what_would_go(branch):
    org, _top, under, _bottom = branch
    text = owner(org).get(url(org, "group_delete", under.pk)).content.decode()
    assert "Alt i gruppen rykker op til Top" in text
    assert "1 gruppe under den bliver slettet." in text
    assert "2 kontaktpunkter bliver slettet." in text or "2 kontaktpunkter" not in text
    assert "1 kontaktpunkt står også i andre grupper og bliver stående der." in text
    assert ContactGroup.objects.count() == 3


def test_the_whole_branch(branch):
    org, top, under, bottom = branch
    response = owner(org).post(url(org, "group_delete", under.pk), {"children": "delete", "version": 1})
    assert response.headers["Location"] == url(org, "group", top.pk)
    assert list(ContactGroup.objects.values_list("name", flat=True)) == ["Top"]
    assert list(ContactPoint.objects.values_list("name", flat=True)) == ["Også ude"]
    assert Placement.objects.count() == 1
    tag, before, after = last_event(org)
    assert (tag, after) == ("CONTACT_GROUP_DELETED", {})
    assert [group["id"] for group in before["deleted_groups"]] == [str(bottom.pk)]
    assert sorted(point["name"] for point in before["deleted_points"]) == ["I bund", "I under"]
    assert before["taken_out_points"] == [str(ContactPoint.objects.get().pk)]


def test_what_stands_in_it_moves_up(branch):
    org, top, under, _bottom = branch
    contacts.group("Andet", parent=top)
    owner(org).post(url(org, "group_delete", under.pk), {"children": "move", "version": 1})
    assert names_below(org, top) == ["Andet", "Bund", "I under"]
    assert ContactPoint.objects.count() == 3


def test_moving_up_puts_no_point_twice_in_the_same_place():
    org = authority()
    group = contacts.group(organisation=org)
    contacts.point("Pas", groups=[group, None])
    deleting.delete_group(caller=CALLER, group=group, children=Children.MOVE_UP, version=1)
    assert names_below(org) == ["Pas"]


def test_an_empty_group_just_goes():
    org = authority()
    group = contacts.group("Tom", organisation=org)
    client, page = owner(org), url(org, "group_delete", group.pk)
    assert "Der står ikke noget i gruppen" in client.get(page).content.decode()
    response = client.post(page, {"children": "move", "version": 1}, follow=True)
    assert "Gruppen Tom er slettet." in response.content.decode()
    assert not ContactGroup.objects.exists()


def test_nothing_goes_without_a_choice(branch):
    org, _top, under, _bottom = branch
    assert owner(org).post(url(org, "group_delete", under.pk), {"version": 1}).status_code == 200
    assert ContactGroup.objects.count() == 3


def test_a_stale_page_deletes_nothing(branch):
    org, _top, under, _bottom = branch
    ContactGroup.objects.filter(pk=under.pk).update(version=5)
    response = owner(org).post(url(org, "group_delete", under.pk), {"children": "delete", "version": 1}, follow=True)
    assert "En anden ændrede det" in response.content.decode()
    assert ContactGroup.objects.count() == 3


def test_a_group_that_is_gone_already():
    group = contacts.group()
    ContactGroup.objects.all().delete()
    with pytest.raises(StaleVersion) as stale:
        deleting.delete_group(caller=CALLER, group=group, children=Children.DELETE, version=1)
    assert stale.value.current is None
