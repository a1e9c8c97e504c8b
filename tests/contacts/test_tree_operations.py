"""Random sequences of everything that changes the tree: a forest, nothing lost, and what is undone is undone."""

import contextlib
import uuid
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from adgang.lib.registered import StaleVersion
from contacts import bulk, copying, deleting, loading, moving, successors, undoing
from contacts.deleting import Children
from contacts.models import ContactGroup, ContactPoint, Placement, Undo
from contacts.moving import AlreadyThere, Direction, LastPlace, MovedBelowItself
from contacts.positions import Edge
from contacts.states import State, circles
from contacts.successors import Circle, Replaced
from tests.factories import contacts, systems
from tests.factories.contacts import CALLER
from tests.factories.organisations import organisation

INDEX = st.integers(0, 30)
PLACES = st.sampled_from([Edge.FIRST, Edge.LAST])


def picture(org):
    """Everything of a structure that people see: values, places and order, without versions."""
    found = loading.load(org)
    groups = {pk: (node.values, node.parent_id) for pk, node in found.groups.items()}
    points = {pk: (node.values, frozenset(node.group_ids)) for pk, node in found.points.items()}
    order = {}
    for node in sorted(found.groups.values(), key=lambda node: node.position):
        order.setdefault(("group", node.parent_id), []).append(node.id)
    for (point_id, group_id), _position in sorted(found.place.items(), key=lambda item: item[1]):
        order.setdefault(("point", group_id), []).append(point_id)
    return groups, points, order


class TreeOperations(RuleBasedStateMachine):
    """What may be done to a tree, in any order. `expected` are the points that must be there."""

    def __init__(self):
        super().__init__()
        self.org = organisation()
        self.system = systems.system(organisation=self.org, active=True, is_default_recipient=True)
        self.other = systems.system(organisation=self.org, active=True)
        self.expected = set()
        for _ in range(2):
            self.make_point(0)

    def group(self, index):
        groups = [None, *ContactGroup.objects.filter(organisation=self.org).order_by("pk")]
        return groups[index % len(groups)]

    def point(self, index):
        points = ContactPoint.objects.filter(organisation=self.org).order_by("pk")
        return points[index % len(points)] if points else None

    @rule(index=INDEX, place=PLACES)
    def make_group(self, index, place):
        contacts.group(organisation=self.org, parent=self.group(index), place=place)

    @rule(index=INDEX)
    def make_point(self, index):
        made = contacts.point(organisation=self.org, system=self.system, groups=(self.group(index),))
        self.expected.add(made.pk)

    @rule(index=INDEX, to=INDEX, place=PLACES)
    def move_group(self, index, to, place):
        if (group := self.group(index)) is None:
            return
        with contextlib.suppress(MovedBelowItself):
            moving.move_group(caller=CALLER, group=group, to=self.group(to), place=place, version=group.version)

    @rule(index=INDEX, to=INDEX, place=PLACES)
    def move_point(self, index, to, place):
        placement = self.placement(index)
        with contextlib.suppress(AlreadyThere):
            moving.move_point(
                caller=CALLER,
                placement=placement,
                to=self.group(to),
                place=place,
                version=placement.point.version,
            )

    @rule(index=INDEX, direction=st.sampled_from(Direction))
    def step(self, index, direction):
        placement = self.placement(index)
        moving.step_point(caller=CALLER, placement=placement, direction=direction, version=placement.point.version)

    @rule(index=INDEX, to=INDEX)
    def place(self, index, to):
        point = self.point(index)
        with contextlib.suppress(AlreadyThere):
            moving.place_point(caller=CALLER, point=point, group=self.group(to), version=point.version)

    @rule(index=INDEX)
    def unplace(self, index):
        placement = self.placement(index)
        with contextlib.suppress(LastPlace):
            moving.unplace_point(caller=CALLER, placement=placement, version=placement.point.version)

    def placement(self, index):
        places = Placement.objects.filter(organisation=self.org).order_by("pk").select_related("point__organisation")
        return places[index % len(places)]

    @rule(index=INDEX, to=INDEX)
    @precondition(lambda self: len(self.expected) < 30)
    def copy(self, index, to):
        if (group := self.group(index)) is None:
            return
        before = set(ContactPoint.objects.filter(organisation=self.org).values_list("pk", flat=True))
        copied = copying.copy_branch(caller=CALLER, group=group, name="Kopi", to=self.group(to))
        made = set(ContactPoint.objects.filter(organisation=self.org).values_list("pk", flat=True)) - before
        assert len(made) == copied.points
        self.expected |= made

    @rule(index=INDEX, to=INDEX, also=st.booleans())
    def move_many(self, index, to, also):
        group = self.group(to)
        self.undone(lambda: bulk.change(**self.many(index), act=bulk.to_group(group.pk if group else None, also=also)))

    @rule(index=INDEX)
    def change_many(self, index):
        self.undone(lambda: bulk.change(**self.many(index), act=bulk.to_system(self.other)))
        bulk.change(**self.many(index), act=bulk.to_state(State.REPLY_ONLY))

    @rule(index=INDEX)
    def delete_many(self, index):
        self.undone(lambda: bulk.change(**self.many(index), act=bulk.delete))

    def many(self, index):
        ids = sorted(self.expected)[: index % 4 + 1]
        return {"caller": CALLER, "organisation": self.org, "ids": ids}

    @rule(index=INDEX, children=st.sampled_from(Children))
    def delete_group(self, index, children):
        group = self.group(index)
        if group is not None:
            self.undone(
                lambda: deleting.delete_group(caller=CALLER, group=group, children=children, version=group.version)
            )

    @rule(index=INDEX, into=INDEX, places=st.booleans())
    def merge(self, index, into, places):
        point, other = self.point(index), self.point(into)
        with contextlib.suppress(Circle, Replaced):
            successors.merge(caller=CALLER, point=point, into=other, version=point.version, places=places)

    def undone(self, act):
        """Do something, and undo it: everything is as it was."""
        before = picture(self.org)
        event = act()
        if event is not None:
            undoing.undo(caller=CALLER, undo=Undo.objects.get(pk=event.pk))
        assert picture(self.org) == before

    @invariant()
    def is_a_forest_with_the_same_points(self):
        found = loading.load(self.org)
        assert set(found.points) == self.expected
        assert all(node.group_ids for node in found.points.values())
        for node in found.groups.values():
            seen, at = {node.id}, node.parent_id
            while at is not None:
                assert at not in seen
                seen.add(at)
                at = found.groups[at].parent_id
        groups = Counter((node.parent_id, node.position) for node in found.groups.values())
        places = Counter((group_id, position) for (_point, group_id), position in found.place.items())
        assert max([*groups.values(), *places.values(), 1]) == 1


class TestTreeOperations(TestCase):
    def test_any_sequence_keeps_the_forest(self):
        run_state_machine_as_test(
            TreeOperations,
            settings=settings(
                max_examples=8,
                stateful_step_count=20,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.mark.django_db
def test_what_was_changed_again_is_not_undone():
    org = organisation()
    point = contacts.point("Pas", organisation=org)
    event = bulk.change(caller=CALLER, organisation=org, ids=[point.pk], act=bulk.to_state(State.CLOSED))
    undo = Undo.objects.get(pk=event.pk)
    assert undoing.obstacles(undo) == []
    bulk.change(caller=CALLER, organisation=org, ids=[point.pk], act=bulk.terms(bulk.How.ADD, ["rejse"]))
    assert undoing.obstacles(undo) == ["Pas"]
    with pytest.raises(undoing.CannotUndo) as refused:
        undoing.undo(caller=CALLER, undo=undo)
    assert refused.value.names == ["Pas"]


@pytest.mark.django_db
def test_an_undo_can_be_undone():
    org = organisation()
    point = contacts.point("Pas", organisation=org)
    first = bulk.change(caller=CALLER, organisation=org, ids=[point.pk], act=bulk.delete)
    assert not ContactPoint.objects.exists()
    second = undoing.undo(caller=CALLER, undo=Undo.objects.get(pk=first.pk))
    assert ContactPoint.objects.get().pk == point.pk
    undoing.undo(caller=CALLER, undo=Undo.objects.get(pk=second.pk))
    assert not ContactPoint.objects.exists()


@pytest.mark.django_db
def test_all_values_come_back():
    from decimal import Decimal

    from contacts.values import Code, Mailbox

    org = organisation()
    contacts.point(
        organisation=org,
        registry_id=uuid.uuid4(),
        memo_size_threshold_mb=Decimal("1.50"),
        allowed_number_of_attachments=0,
        codes=(Code(type="SOR", code="12"), Code(type="CUSTOM", code="x", type_name="Vores")),
        recommended_attributes=("Sagsnummer",),
        translations=(Mailbox(12, 34),),
        report_link_url="https://example.org/",
        groups=(contacts.group(organisation=org, postkasse_ids=(7,)), None),
    )
    before = picture(org)
    event = bulk.change(caller=CALLER, organisation=org, ids=[ContactPoint.objects.get().pk], act=bulk.delete)
    undoing.undo(caller=CALLER, undo=Undo.objects.get(pk=event.pk))
    assert picture(org) == before


@pytest.mark.django_db
def test_a_chain_of_successors_is_followed_and_a_circle_refused():
    org = organisation()
    first, second, third = (contacts.point(name, organisation=org) for name in ("A", "B", "C"))
    successors.merge(caller=CALLER, point=first, into=second, version=1)
    second.refresh_from_db()
    successors.merge(caller=CALLER, point=second, into=third, version=second.version)
    first.refresh_from_db()
    assert first.replaced_by == third.pk
    assert (first.active, first.visible) == (True, False)
    third.refresh_from_db()
    with pytest.raises(Circle):
        successors.merge(caller=CALLER, point=third, into=first, version=third.version)
    other = contacts.point("D", organisation=org)
    with pytest.raises(Replaced) as refused:
        successors.merge(caller=CALLER, point=other, into=first, version=1)
    assert refused.value.by == third
    with pytest.raises(StaleVersion):
        successors.merge(caller=CALLER, point=first, into=third, version=1)


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 12)))
def test_circles_are_those_from_which_a_chain_comes_back(numbers):
    ids = [uuid.UUID(int=number) for number in range(13)]
    following = {ids[one]: ids[by] for one, by in numbers.items()}
    found = circles(following)

    def comes_back(point_id):
        chain, at = {point_id}, following.get(point_id)
        while at is not None and at not in chain:
            chain.add(at)
            at = following.get(at)
        return at == point_id

    on_one = [point_id for circle in found for point_id in circle]
    assert sorted(on_one) == sorted(point_id for point_id in ids if comes_back(point_id))
    for circle in found:
        assert all(following[one] == by for one, by in zip(circle, [*circle[1:], circle[0]], strict=True))


def test_a_chain_of_ten_thousand_is_walked_once():
    ids = [uuid.UUID(int=number) for number in range(10_000)]
    asked = []

    class Counted(dict):
        def get(self, key, default=None):
            asked.append(key)
            return super().get(key, default)

    following = Counted(pairwise(ids))
    assert circles(following) == []
    assert len(asked) <= len(ids) + 1
