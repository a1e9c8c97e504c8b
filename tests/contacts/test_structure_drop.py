"""What is dragged in the tree."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import undoing
from contacts.dropping import Drop, drop_group, drop_point
from contacts.models import ContactGroup, Undo
from tests.contacts.people import authority, owner, statuses, url
from tests.factories import contacts
from tests.factories.contacts import CALLER, names_below

pytestmark = pytest.mark.django_db


def test_who_may():
    org = authority()
    assert statuses(org, "structure_drop") == {"owner": 405, "reader": 403, "colleague": 403, "stranger": 404}
    assert statuses(org, "structure_drop", method="post")["reader"] == 403


def test_a_group_is_dropped_and_the_drop_undone():
    org = authority()
    first, second, third = (contacts.group(name, organisation=org) for name in "ABC")
    data = {"kind": "g", "node": str(third.pk), "from": "", "to": "", "after": str(first.pk)}
    text = owner(org).post(url(org, "structure_drop"), data, follow=True).content.decode()
    assert "C er flyttet." in text
    assert names_below(org) == ["A", "C", "B"]
    undoing.undo(caller=CALLER, undo=Undo.objects.get())
    assert names_below(org) == ["A", "B", "C"]
    data = {"kind": "g", "node": str(third.pk), "from": "", "to": str(second.pk), "after": "last"}
    owner(org).post(url(org, "structure_drop"), data)
    assert names_below(org, second) == ["C"]


def test_a_point_is_dropped_and_the_drop_undone():
    org = authority()
    group = contacts.group(organisation=org)
    names = [contacts.point(name, organisation=org, groups=(group,)) for name in "ABC"]
    outside = contacts.point("D", organisation=org)
    event = drop_point(
        caller=CALLER, organisation=org, drop=Drop(node=outside.pk, seen_in=None, to=group, after=names[0].pk)
    )[1]
    assert names_below(org, group) == ["A", "D", "B", "C"]
    undoing.undo(caller=CALLER, undo=Undo.objects.get(pk=event.pk))
    assert names_below(org, group) == ["A", "B", "C"]
    drop = Drop(node=names[2].pk, seen_in=group.pk, to=group)
    event = drop_point(caller=CALLER, organisation=org, drop=drop)[1]
    assert names_below(org, group) == ["C", "A", "B"]
    undoing.undo(caller=CALLER, undo=Undo.objects.get(pk=event.pk))
    assert names_below(org, group) == ["A", "B", "C"]


@pytest.mark.parametrize(
    "wrong", [{"from": "other"}, {"node": ""}, {"to": str(uuid.uuid4())}, {"after": str(uuid.uuid4())}]
)
def test_what_is_stale_or_nonsense_moves_nothing(wrong):
    org = authority()
    group = contacts.group("A", organisation=org)
    data = {"kind": "g", "node": str(group.pk), "from": "", "to": "", "after": ""} | wrong
    response = owner(org).post(url(org, "structure_drop"), data, follow=True)
    assert "Træet er ændret i mellemtiden" in response.content.decode()
    assert ContactGroup.objects.get().version == 1


def test_a_group_does_not_land_in_itself():
    org = authority()
    top = contacts.group("A", organisation=org)
    below = contacts.group("B", parent=top)
    data = {"kind": "g", "node": str(top.pk), "from": "", "to": str(below.pk), "after": "last"}
    assert (
        "kan ikke stå under sig selv" in owner(org).post(url(org, "structure_drop"), data, follow=True).content.decode()
    )


def test_a_drop_takes_few_queries_whatever_hangs_below():
    org = authority()
    top, other = contacts.group(organisation=org), contacts.group(organisation=org)
    for _ in range(10):
        contacts.point(groups=(contacts.group(parent=top),), system=org.systems.get())
    with CaptureQueriesContext(connection) as captured:
        drop_group(caller=CALLER, organisation=org, drop=Drop(node=top.pk, seen_in=None, to=other, last=True))
    own = [q["sql"] for q in captured if "contacts_" in q["sql"] or "lock" in q["sql"].lower()]
    assert len(own) <= 5, own
