"""What is done in a draft is what would have been done to the structure itself, order included, and becomes that."""

import contextlib
from dataclasses import replace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from contacts import copying, deleting, exporting, loading, moving, registering, undoing
from contacts.deleting import Children
from contacts.drafts import editing, lifecycle, publishing
from contacts.models import ContactGroup, ContactPoint, Placement, Undo
from contacts.moving import AlreadyThere, LastPlace, MovedBelowItself
from contacts.positions import Edge
from contacts.values import GroupValues, PointValues
from tests.factories import contacts, systems
from tests.factories.contacts import CALLER
from tests.factories.organisations import organisation

INDEX = st.integers(0, 20)
OPERATIONS = st.tuples(
    st.sampled_from(
        ["add_group", "add_point", "move_group", "move_point", "place", "unplace", "rename", "delete", "delete_group"]
    ),
    INDEX,
    INDEX,
    st.sampled_from([Edge.FIRST, Edge.LAST, "after"]),
    st.sampled_from(Children),
)
# Last, if at all: what is copied has the names of its originals, by which the operations choose.
COPY = st.lists(st.tuples(st.just("copy"), INDEX, INDEX, st.none(), st.none()), max_size=1)
REFUSALS = (AlreadyThere, LastPlace, MovedBelowItself)


def shown(structure):
    """What people see of a structure: names, values and order; a new object has another id each time it is made."""
    name = {pk: node.values.name for pk, node in structure.groups.items()} | {None: ""}
    found = {}
    for node in sorted(structure.groups.values(), key=lambda node: node.position):
        found.setdefault(("groups", name[node.parent_id]), []).append(node.values)
    for (pk, group_id), _position in sorted(structure.place.items(), key=lambda item: item[1]):
        if pk in structure.points and group_id in structure.points[pk].group_ids:
            found.setdefault(("points", name[group_id]), []).append(structure.points[pk].values)
    return found


class Live:
    """The operations on the structure itself."""

    def __init__(self, org, system):
        self.org, self.system = org, system

    def group(self, index):
        groups = [None, *ContactGroup.objects.filter(organisation=self.org).order_by("name")]
        return groups[index % len(groups)]

    def placement(self, index):
        places = Placement.objects.filter(organisation=self.org).select_related("group", "point__organisation")
        listed = sorted(places, key=lambda one: (one.point.name, one.group.name if one.group else ""))
        return listed[index % len(listed)] if listed else None

    def after(self, siblings, place, moved):
        """The sibling to stand after: the first by name."""
        return next((pk for _name, pk in sorted(siblings) if pk != moved), Edge.FIRST) if place == "after" else place

    def do(self, number, operation):
        kind, first, second, place, children = operation
        group, to, placement = self.group(first), self.group(second), self.placement(first)
        below = {} if to is None else {"pk": to.pk}
        groups = ContactGroup.objects.filter(organisation=self.org, parent=below.get("pk"))
        siblings = list(groups.values_list("name", "pk"))
        if kind == "add_group":
            values = GroupValues(name=f"Ny gruppe {number}")
            where = self.after(siblings, place, None)
            registering.create_group(caller=CALLER, organisation=self.org, values=values, parent=to, place=where)
        elif kind == "add_point":
            values = PointValues(name=f"Nyt punkt {number}", system=self.system)
            registering.create_point(caller=CALLER, organisation=self.org, values=values, groups=(to,))
        elif kind == "copy" and group:
            copying.copy_branch(caller=CALLER, group=group, name=f"Kopi {number}", to=to)
        elif kind == "move_group" and group:
            where = self.after(siblings, place, group.pk)
            moving.move_group(caller=CALLER, group=group, to=to, place=where, version=group.version)
        elif kind == "delete_group" and group:
            deleting.delete_group(caller=CALLER, group=group, children=children, version=group.version)
        elif placement:
            self.do_point(number, kind, placement, to, place)

    def do_point(self, number, kind, placement, to, place):
        point, version = placement.point, placement.point.version
        if kind == "move_point":
            places = Placement.objects.filter(organisation=self.org, group=to)
            siblings = list(places.values_list("point__name", "pk"))
            where = self.after(siblings, place, placement.pk)
            moving.move_point(caller=CALLER, placement=placement, to=to, place=where, version=version)
        elif kind == "place":
            moving.place_point(caller=CALLER, point=point, group=to, version=version)
        elif kind == "unplace":
            moving.unplace_point(caller=CALLER, placement=placement, version=version)
        elif kind == "rename":
            values = replace(PointValues.of(point), name=f"Omdøbt {number}")
            registering.change_point(caller=CALLER, point=point, values=values, version=version)
        elif kind == "delete":
            deleting.delete_point(caller=CALLER, point=point, version=version)


class InDraft:
    """The same operations on the structure in memory."""

    def __init__(self, structure, system):
        self.structure, self.system = structure, system

    def group(self, index):
        groups = [None, *sorted(self.structure.groups.values(), key=lambda node: node.values.name)]
        return groups[index % len(groups)]

    def placement(self, index):
        names = {pk: node.values.name for pk, node in self.structure.groups.items()} | {None: ""}
        places = [(node, group_id) for node in self.structure.points.values() for group_id in node.group_ids]
        listed = sorted(places, key=lambda one: (one[0].values.name, names[one[1]]))
        return listed[index % len(listed)] if listed else (None, None)

    def after(self, siblings, place, moved):
        names = sorted((node.values.name, node.id) for node in siblings)
        return next((pk for _name, pk in names if pk != moved), Edge.FIRST) if place == "after" else place

    def do(self, number, operation):
        kind, first, second, place, children = operation
        group, to, (node, seen_in) = self.group(first), self.group(second), self.placement(first)
        to_id = to.id if to else None
        siblings = editing.groups_in(self.structure, to_id)
        if kind == "add_group":
            where = self.after(siblings, place, None)
            editing.add_group(self.structure, GroupValues(name=f"Ny gruppe {number}"), to_id, where)
        elif kind == "add_point":
            values = PointValues(name=f"Nyt punkt {number}", system=self.system)
            editing.add_point(self.structure, values, [to_id])
        elif kind == "copy" and group:
            copying.copy_in(self.structure, group.id, name=f"Kopi {number}", to=to_id)
        elif kind == "move_group" and group:
            editing.move_group(self.structure, group, to_id, self.after(siblings, place, group.id))
        elif kind == "delete_group" and group:
            editing.delete_group(self.structure, group, children)
        elif node:
            self.do_point(number, kind, node, seen_in, to_id, place)

    def do_point(self, number, kind, node, seen_in, to_id, place):
        if kind == "move_point":
            moved = node.id if seen_in == to_id else None
            where = self.after(editing.points_in(self.structure, to_id), place, moved)
            editing.move_point(self.structure, node, seen_in, to_id, where)
        elif kind == "place":
            editing.place_point(self.structure, node, to_id)
        elif kind == "unplace":
            editing.unplace_point(self.structure, node, seen_in)
        elif kind == "rename":
            editing.set_point(self.structure, node, replace(node.values, name=f"Omdøbt {number}"))
        elif kind == "delete":
            editing.delete_point(self.structure, node)


class Undone(Exception):
    """Takes back what was tried."""


def live_result(org, system, operations):
    """What the operations make of the structure itself, and then never happened."""
    result = None
    with contextlib.suppress(Undone), transaction.atomic():
        for number, operation in enumerate(operations):
            with contextlib.suppress(*REFUSALS), transaction.atomic():
                Live(org, system).do(number, operation)
        result = shown(loading.load(org))
        raise Undone
    return result


def begin(org):
    return lifecycle.begin(caller=CALLER, organisation=org, name="Omlægning")


class TestDraftEditing(TestCase):
    @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(operations=st.lists(OPERATIONS, min_size=1, max_size=12), copy=COPY)
    def test_a_draft_does_what_would_be_done_live_and_publishes_it(self, operations, copy):
        operations = operations + copy
        org = organisation()
        system = systems.system(organisation=org, active=True, is_default_recipient=True)
        top = contacts.group("A", organisation=org)
        inner = contacts.group("B", parent=top)
        contacts.group("C", organisation=org)
        for name, groups in (("x", (top,)), ("y", (top, inner)), ("z", (None,)), ("w", (top,))):
            contacts.point(name, organisation=org, groups=groups, system=system)
        before = shown(loading.load(org))
        expected = live_result(org, system, operations)
        draft = begin(org)
        for number, operation in enumerate(operations):
            with contextlib.suppress(*REFUSALS):
                lifecycle.change(
                    caller=CALLER,
                    draft=draft,
                    act=lambda now: InDraft(now, system).do(number, operation),  # noqa: B023
                )
        merged = lifecycle.read(draft)
        assert merged.is_ready
        assert shown(merged.after) == expected
        assert shown(loading.load(org)) == before
        if expected == before:
            return
        event = publishing.publish(caller=CALLER, draft=draft)
        assert shown(loading.load(org)) == expected
        undoing.undo(caller=CALLER, undo=Undo.objects.get(pk=event.pk))
        assert shown(loading.load(org)) == before
        draft = publishing.restore(caller=CALLER, publication=draft_publication(draft), name="Igen")
        publishing.publish(caller=CALLER, draft=draft)
        assert shown(loading.load(org)) == expected
        assert ContactPoint.objects.filter(organisation=org).count() == len(lifecycle.read(draft).before.points)


def draft_publication(draft):
    draft.refresh_from_db()
    return draft.publication


@pytest.mark.django_db
def test_what_has_left_a_branch_is_neither_copied_nor_written_out_there():
    org = organisation()
    system = systems.system(organisation=org)
    top, other = contacts.group("A", organisation=org), contacts.group("B", organisation=org)
    for name in ("bliver", "flyttes", "slettes"):
        contacts.point(name, organisation=org, groups=(top,), system=system)
    draft = begin(org)

    def leave(now):
        here = {node.values.name: node for node in now.points.values()}
        editing.move_point(now, here["flyttes"], top.pk, other.pk, Edge.LAST)
        editing.delete_point(now, here["slettes"])

    lifecycle.change(caller=CALLER, draft=draft, act=leave)
    made = lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: copying.copy_in(now, top.pk, name="Kopi", to=None)
    )
    after = lifecycle.read(draft).after
    assert [node.values.name for node in editing.points_in(after, made.group_id)] == ["bliver"]
    assert [node.values.name for node in exporting.in_order(after)] == ["A", "bliver", "B", "flyttes", "Kopi", "bliver"]
