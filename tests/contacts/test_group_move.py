"""The page on which a group is moved, and the search in it."""

import pytest

from contacts.models import ContactGroup
from tests.contacts.people import CHANGE, authority, owner, queries, statuses, url
from tests.factories import contacts
from tests.factories.contacts import names_below

pytestmark = pytest.mark.django_db


def choices(org, group, **query):
    """The paths that are offered."""
    page = owner(org).get(url(org, "group_move", group.pk, **query))
    return [label for _value, label in page.context["form"].fields["to"].choices]


def test_who_may():
    org = authority()
    assert statuses(org, "group_move", contacts.group(organisation=org).pk) == CHANGE
    assert statuses(org, "group_move", contacts.group(organisation=org).pk, method="post") == CHANGE


def test_without_a_search_the_groups_at_the_top_are_offered():
    org = authority()
    borger, erhverv = contacts.group("Borger", organisation=org), contacts.group("Erhverv", organisation=org)
    contacts.group("Ydelser", parent=borger)
    assert choices(org, erhverv) == ["Øverste niveau", "Borger"]


def test_a_search_finds_groups_at_any_depth_with_their_paths():
    org = authority()
    borger, erhverv = contacts.group("Borger", organisation=org), contacts.group("Erhverv", organisation=org)
    contacts.group("Ydelser", parent=borger)
    assert choices(org, erhverv, q="YDEL") == ["Øverste niveau", "Borger / Ydelser"]


@pytest.mark.parametrize("q", ["%00", "ydel%00", "+".join("a" * 1900)], ids=["NUL", "word and NUL", "1900 words"])
def test_a_search_for_nonsense_is_no_fault(q):
    org = authority()
    group = contacts.group("Erhverv", organisation=org)
    assert choices(org, group, q=q)[0] == "Øverste niveau"


def test_ones_own_branch_is_never_offered():
    org = authority()
    borger = contacts.group("Borger", organisation=org)
    contacts.group("Ydelser", parent=borger)
    assert choices(org, borger, q="r") == ["Øverste niveau"]


def test_many_are_shortened():
    org = authority()
    group = contacts.group("Mig", organisation=org)
    for number in range(32):
        contacts.group(f"G{number}", organisation=org)
    assert len(choices(org, group, q="g")) == 31
    assert queries(owner(org), url(org, "group_move", group.pk, q="g")) == 8


def test_moving():
    org = authority()
    borger, erhverv = contacts.group("Borger", organisation=org), contacts.group("Erhverv", organisation=org)
    response = owner(org).post(
        url(org, "group_move", borger.pk, q="erh"), {"to": str(erhverv.pk), "version": 1}, follow=True
    )
    assert names_below(org) == ["Erhverv"]
    assert names_below(org, erhverv) == ["Borger"]
    assert "Borger står nu i: Erhverv." in response.content.decode()
    owner(org).post(url(org, "group_move", borger.pk), {"to": "top", "version": 2})
    assert names_below(org) == ["Erhverv", "Borger"]


@pytest.mark.parametrize("to", ["", "nonsense", "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"])
def test_what_is_no_place_is_refused(to):
    org = authority()
    group = contacts.group(organisation=org)
    response = owner(org).post(url(org, "group_move", group.pk), {"to": to, "version": 1})
    assert "to" in response.context["form"].errors
    assert ContactGroup.objects.get().version == 1


def test_below_itself_is_refused():
    org = authority()
    top = contacts.group("Top", organisation=org)
    below = contacts.group("Under", parent=top)
    response = owner(org).post(url(org, "group_move", top.pk), {"to": str(below.pk), "version": 1})
    assert "to" in response.context["form"].errors
    assert ContactGroup.objects.get(pk=top.pk).parent is None


def test_somebody_else_was_first():
    org = authority()
    group, to = contacts.group(organisation=org), contacts.group(organisation=org)
    ContactGroup.objects.filter(pk=group.pk).update(version=2)
    response = owner(org).post(url(org, "group_move", group.pk), {"to": str(to.pk), "version": 1}, follow=True)
    assert "En anden ændrede det, mens I læste" in response.content.decode()
    assert names_below(org, to) == []
