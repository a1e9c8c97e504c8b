"""A draft's page with its tree, the branches it loads, and nodes dragged in it."""

import uuid
from dataclasses import replace

import pytest

from contacts.drafts import editing, lifecycle
from contacts.models import ContactGroup, ContactPoint, Draft
from contacts.values import GroupValues
from tests.contacts.people import READ, authority, last_event, owner, queries, reader, statuses, url
from tests.factories import contacts
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db
DROP = {"owner": 405, "reader": 403, "colleague": 403, "stranger": 404}


def world():
    """An organisation with A (a, b), B (c) and a draft that changes nothing yet."""
    org = authority()
    first, second = contacts.group("A", organisation=org), contacts.group("B", organisation=org)
    points = [
        contacts.point(name, organisation=org, groups=(group,))
        for name, group in (("a", first), ("b", first), ("c", second))
    ]
    draft = lifecycle.begin(caller=CALLER, organisation=org, name="Omlægning")
    return org, draft, (first, second), points


def names(structure, group_id):
    groups = [node.values.name for node in editing.groups_in(structure, group_id)]
    return groups + [node.values.name for node in editing.points_in(structure, group_id)]


def test_who_may():
    org, draft, _groups, _points = world()
    for name in ("draft", "draft_branch"):
        assert statuses(org, name, draft.pk) == READ
    assert statuses(org, "draft_drop", draft.pk) == DROP
    assert statuses(org, "draft_drop", draft.pk, method="post")["reader"] == 403
    other = contacts.draft(organisation=authority())
    assert owner(org).get(url(org, "draft", other.pk)).status_code == 404


def test_the_tree_is_the_draft_and_the_structure_stays():
    org, draft, (first, _second), _points = world()
    lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.add_group(now, GroupValues(name="Ny afdeling"), first.pk)
    )
    client = owner(org)
    text = client.get(url(org, "draft", draft.pk, aaben=str(first.pk))).content.decode()
    assert "Ny afdeling <small>ny</small>" in text
    assert "1 objekt er ændret i kladden" in text
    assert not ContactGroup.objects.filter(name="Ny afdeling").exists()
    assert "Ny afdeling" not in client.get(url(org, "structure", aaben=str(first.pk))).content.decode()
    assert url(org, "draft_point_create", draft.pk) in text
    assert url(org, "draft_point_create", draft.pk) not in reader(org).get(url(org, "draft", draft.pk)).content.decode()


def test_branches_are_loaded_on_demand():
    org, draft, (first, _second), _points = world()
    client, page = owner(org), url(org, "draft_branch", draft.pk)
    text = client.get(f"{page}?gruppe={first.pk}").content.decode()
    assert text.count("role=treeitem") == 2
    assert client.get(f"{page}?gruppe=alt").content.decode().count("role=treeitem") == 5
    assert client.get(f"{page}?gruppe=nonsens").status_code == 404
    assert client.get(f"{page}?gruppe={uuid.uuid4()}").content.decode() == ""


def test_a_long_branch_is_shown_in_parts():
    org = authority()
    group = contacts.group("Lang", organisation=org)
    system = contacts.point("0", organisation=org, groups=(group,)).system
    for number in range(1, 130):
        contacts.point(f"{number}", organisation=org, groups=(group,), system=system)
    draft = lifecycle.begin(caller=CALLER, organisation=org, name="Omlægning")
    lifecycle.change(caller=CALLER, draft=draft, act=_first_to_the_middle)
    client, page = owner(org), url(org, "draft_branch", draft.pk)
    text = client.get(f"{page}?gruppe={group.pk}").content.decode()
    assert text.count("role=treeitem") == 101
    more = text.split('data-more="')[1].split('"')[0].replace("&amp;", "&")
    rest = client.get(more).content.decode()
    assert rest.count("role=treeitem") == 30
    assert "data-more" not in rest


def _first_to_the_middle(now):
    """Let the hundredth place be between two positions."""
    [group_id] = now.groups
    points = editing.points_in(now, group_id)
    editing.move_point(now, points[0], group_id, group_id, points[99].id)


def test_finding_in_the_draft():
    org, draft, (first, _second), _points = world()
    lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.add_group(now, GroupValues(name="Ny afdeling"), first.pk)
    )
    text = owner(org).get(url(org, "draft", draft.pk, q="ny+AFD")).content.decode()
    assert "1 fund i kladden" in text
    assert "A</span>" in text
    assert "0 fund i kladden" in owner(org).get(url(org, "draft", draft.pk, q="findesikke")).content.decode()


def test_dragging_in_the_draft():
    org, draft, (first, second), (a, _b, c) = world()
    client, page = owner(org), url(org, "draft_drop", draft.pk)
    data = {"kind": "p", "node": str(a.pk), "from": str(first.pk), "to": str(second.pk), "after": str(c.pk)}
    assert "a er flyttet i kladden." in client.post(page, data, follow=True).content.decode()
    data = {"kind": "g", "node": str(second.pk), "from": "", "to": str(first.pk), "after": "last"}
    client.post(page, data)
    now = lifecycle.read(draft).after
    assert names(now, first.pk) == ["B", "b"]
    assert names(now, second.pk) == ["c", "a"]
    assert a.placements.get().group_id == first.pk
    assert last_event(org)[0] == "DRAFT_CHANGED"


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "g", "node": "nonsens"},
        {"kind": "p", "node": str(uuid.uuid4()), "from": "", "to": ""},
        {"kind": "g", "node": str(uuid.uuid4())},
        {},
    ],
)
def test_what_is_not_there_is_not_dragged(data):
    org, draft, _groups, _points = world()
    text = owner(org).post(url(org, "draft_drop", draft.pk), data, follow=True).content.decode()
    assert "Træet er ændret i mellemtiden" in text
    assert lifecycle.read(draft).touched == {}


def test_a_group_is_not_dragged_below_itself():
    org, draft, (first, second), _points = world()
    client, page = owner(org), url(org, "draft_drop", draft.pk)
    client.post(page, {"kind": "g", "node": str(second.pk), "from": "", "to": str(first.pk), "after": "last"})
    data = {"kind": "g", "node": str(first.pk), "from": "", "to": str(second.pk), "after": "last"}
    assert "kan ikke stå under sig selv" in client.post(page, data, follow=True).content.decode()


def test_a_closed_draft_is_not_changed():
    org, draft, (first, _second), _points = world()
    lifecycle.discard(caller=CALLER, draft=draft, version=draft.version)
    data = {"kind": "g", "node": str(first.pk), "from": "", "to": "", "after": "last"}
    text = owner(org).post(url(org, "draft_drop", draft.pk), data, follow=True).content.decode()
    assert "kan ikke ændres nu" in text
    assert Draft.objects.get().state == "DISCARDED"


def test_the_number_of_queries_does_not_grow():
    org, draft, (first, _second), _points = world()
    client, page = owner(org), url(org, "draft", draft.pk, aaben=str(first.pk))
    few = queries(client, page)
    for number in range(20):
        contacts.point(f"{number}", organisation=org, groups=(first,))
    lifecycle.change(caller=CALLER, draft=draft, act=_rename_all)
    assert queries(client, page) == few
    assert ContactPoint.objects.count() == 23


def _rename_all(now):
    for node in now.points.values():
        node.values = replace(node.values, name=f"{node.values.name} (ny)")
