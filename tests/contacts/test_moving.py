"""Moving and ordering groups and points."""

import json
import threading
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from adgang.lib.registered import StaleVersion
from contacts import moving, paths
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.moving import AlreadyThere, Direction, LastPlace, MovedBelowItself
from contacts.positions import Edge
from contacts.registering import NoSuchGroup
from organisations.models import Event
from tests.factories import contacts, systems
from tests.factories.contacts import CALLER, names_below
from tests.factories.organisations import organisation

pytestmark = pytest.mark.django_db


def test_a_group_takes_its_branch_along():
    org = organisation()
    borger, erhverv = contacts.group("Borger", organisation=org), contacts.group("Erhverv", organisation=org)
    child = contacts.group("Ydelser", parent=borger)
    moving.move_group(caller=CALLER, group=borger, to=erhverv, version=1)
    assert paths.above([child.pk]).text(child.pk) == "Erhverv / Borger / Ydelser"
    assert borger.version == 2
    assert ContactGroup.objects.get(pk=child.pk).version == 1


def test_a_move_is_one_event_that_tells_from_where_and_to_where():
    org = organisation()
    borger, erhverv = contacts.group("Borger", organisation=org), contacts.group("Erhverv", organisation=org)
    moving.move_group(caller=CALLER, group=borger, to=erhverv, version=1)
    event = Event.objects.filter(organisation_id=org.pk).first()
    payload = json.loads(event.payload)
    assert (event.tag, event.object_id) == ("CONTACT_GROUP_MOVED", borger.pk)
    assert payload["before"] == {"parent": None, "position": 1024}
    assert payload["after"] == {"parent": str(erhverv.pk), "position": 1024}


def test_a_group_never_comes_below_itself():
    top = contacts.group("Borger")
    child = contacts.group("Ydelser", parent=top)
    grandchild = contacts.group("Kontanthjælp", parent=child)
    for below in (top, child, grandchild):
        with pytest.raises(MovedBelowItself):
            moving.move_group(caller=CALLER, group=top, to=below, version=1)
    assert ContactGroup.objects.get(pk=top.pk).parent is None


def test_a_group_of_another_organisation_is_no_place():
    own, foreign = contacts.group(), contacts.group()
    with pytest.raises(NoSuchGroup):
        moving.move_group(caller=CALLER, group=own, to=foreign, version=1)


def test_a_group_that_is_gone_is_no_place():
    own = contacts.group()
    gone = contacts.group(organisation=own.organisation)
    ContactGroup.objects.filter(pk=gone.pk).delete()
    with pytest.raises(NoSuchGroup):
        moving.move_group(caller=CALLER, group=own, to=gone, version=1)


def test_two_movers_never_overwrite_each_other():
    org = organisation()
    group, to = contacts.group(organisation=org), contacts.group(organisation=org)
    moving.move_group(caller=CALLER, group=group, to=to, version=1)
    with pytest.raises(StaleVersion):
        moving.move_group(caller=CALLER, group=ContactGroup.objects.get(pk=group.pk), to=None, version=1)


def test_inserting_in_the_middle_writes_no_sibling():
    org = organisation()
    first, last = (contacts.group(name, organisation=org) for name in ("A", "C"))
    contacts.group("B", organisation=org, place=first.pk)
    assert names_below(org) == ["A", "B", "C"]
    assert [g.position for g in ContactGroup.objects.filter(pk__in=[first.pk, last.pk])] == [1024, 2048]


def test_inserting_in_the_same_place_again_and_again_finds_room():
    org = organisation()
    first = contacts.group("0", organisation=org)
    contacts.group("last", organisation=org)
    for number in range(1, 30):
        contacts.group(str(number), organisation=org, place=first.pk)
    assert names_below(org) == ["0", *[str(number) for number in range(29, 0, -1)], "last"]


def test_inserting_first_again_and_again_finds_room():
    org = organisation()
    for number in range(30):
        contacts.group(str(number), organisation=org, place=Edge.FIRST)
    assert names_below(org) == [str(number) for number in range(29, -1, -1)]


@pytest.mark.parametrize(
    ("name", "direction", "expected"),
    [
        ("A", Direction.DOWN, ["B", "A", "C"]),
        ("B", Direction.DOWN, ["A", "C", "B"]),
        ("C", Direction.DOWN, ["A", "B", "C"]),
        ("A", Direction.UP, ["A", "B", "C"]),
        ("B", Direction.UP, ["B", "A", "C"]),
        ("C", Direction.UP, ["A", "C", "B"]),
    ],
)
def test_one_step_among_siblings(name, direction, expected):
    org, system = organisation(), None
    for sibling in ("A", "B", "C"):
        contacts.group(sibling, organisation=org)
    group = ContactGroup.objects.get(name=name, organisation=org)
    moved = moving.step_group(caller=CALLER, group=group, direction=direction, version=1)
    assert names_below(org) == expected
    assert moved is (expected != ["A", "B", "C"])

    branch, system = contacts.group(organisation=org), systems.system(organisation=org)
    for sibling in ("A", "B", "C"):
        contacts.point(sibling, groups=[branch], system=system)
    placement = Placement.objects.get(point__name=name, point__organisation=org)
    assert moving.step_point(caller=CALLER, placement=placement, direction=direction, version=1) is moved
    assert names_below(org, branch) == expected


def test_a_point_moves_from_one_group_to_another():
    org = organisation()
    one, other = contacts.group(organisation=org), contacts.group(organisation=org)
    point = contacts.point("Pas", groups=[one])
    moving.move_point(caller=CALLER, placement=point.placements.get(), to=other, version=1)
    assert names_below(org, one) == []
    assert names_below(org, other) == ["Pas"]
    assert ContactPoint.objects.get(pk=point.pk).version == 2


def test_a_point_stands_once_in_a_group():
    org = organisation()
    one, other = contacts.group(organisation=org), contacts.group(organisation=org)
    point = contacts.point(groups=[one, other])
    with pytest.raises(AlreadyThere):
        moving.move_point(caller=CALLER, placement=point.placements.get(group=one), to=other, version=1)
    with pytest.raises(AlreadyThere):
        moving.place_point(caller=CALLER, point=point, group=one, version=1)


def test_a_point_stands_once_at_the_top_level():
    point = contacts.point()
    with pytest.raises(AlreadyThere):
        moving.place_point(caller=CALLER, point=point, group=None, version=1)


def test_a_point_is_placed_in_one_more_group_and_taken_out_again():
    org = organisation()
    group = contacts.group(organisation=org)
    point = contacts.point("Pas", organisation=org)
    made = moving.place_point(caller=CALLER, point=point, group=group, version=1)
    assert (names_below(org), names_below(org, group)) == ([group.name, "Pas"], ["Pas"])
    moving.unplace_point(caller=CALLER, placement=made, version=2)
    assert names_below(org, group) == []
    with pytest.raises(LastPlace):
        moving.unplace_point(caller=CALLER, placement=point.placements.get(), version=3)


def own_queries(context):
    """The queries of a change beside savepoints and the event's own."""
    return [
        query["sql"]
        for query in context.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
        and "organisations_event" not in query["sql"]
    ]


@pytest.mark.parametrize("size", [3, 60])
def test_a_branch_moves_in_at_most_five_queries(size):
    org = organisation()
    branch, to = contacts.group(organisation=org), contacts.group(organisation=org)
    for _ in range(size):
        contacts.group(parent=branch)
        contacts.group(parent=to)
    with CaptureQueriesContext(
        connection,
    ) as context:
        moving.move_group(caller=CALLER, group=branch, to=to, place=Edge.FIRST, version=1)
    assert len(own_queries(context)) == 4


def test_inserting_where_there_is_no_room_takes_at_most_five_queries():
    org = organisation()
    group, system = contacts.group(organisation=org), systems.system(organisation=org)
    for name in "ABCD":
        contacts.point(name, groups=[group], system=system)
    places = list(group.placements.select_related("group", "point__organisation"))
    Placement.objects.filter(pk=places[1].pk).update(position=places[0].position + 1)
    with CaptureQueriesContext(connection) as context:
        moving.move_point(caller=CALLER, placement=places[3], to=group, place=places[0].pk, version=1)
    assert names_below(org, group) == ["A", "D", "B", "C"]
    assert len(own_queries(context)) == 5


class TreeMoves(TestCase):
    """Whatever is moved where, the structure stays a tree, and positions stay unique."""

    @settings(max_examples=30, deadline=None)
    @given(
        parents=st.lists(st.integers(0, 9), min_size=2, max_size=9),
        moves=st.lists(st.tuples(st.integers(0, 8), st.integers(-1, 8), st.booleans()), max_size=12),
    )
    def test_moves_keep_a_tree(self, parents, moves):
        org = organisation()
        made = []
        for parent in parents:
            made.append(contacts.group(organisation=org, parent=made[parent] if parent < len(made) else None))
        for which, where, first in moves:
            group = ContactGroup.objects.get(pk=made[which % len(made)].pk)
            to = None if where < 0 else ContactGroup.objects.get(pk=made[where % len(made)].pk)
            try:
                moving.move_group(
                    caller=CALLER, group=group, to=to, place=Edge.FIRST if first else Edge.LAST, version=group.version
                )
            except MovedBelowItself:
                assert to is not None
                assert group.pk in paths.above([to.pk]).groups
        everyone = {group.pk: group for group in ContactGroup.objects.filter(organisation=org)}
        assert set(everyone) == {group.pk for group in made}
        for pk in everyone:
            seen, here = set(), pk
            while here is not None:
                assert here not in seen
                seen.add(here)
                here = everyone[here].parent_id
        places = [(group.parent_id, group.position) for group in everyone.values()]
        assert len(set(places)) == len(places)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_opposite_moves_make_no_cycle():
    org = organisation()
    one, other = contacts.group("One", organisation=org), contacts.group("Other", organisation=org)
    start, outcomes = threading.Barrier(2), []

    def move(group, to):
        try:
            with transaction.atomic():
                start.wait()
                moving.move_group(caller=CALLER, group=group, to=to, version=1)
            outcomes.append("moved")
        except MovedBelowItself:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["moved", "refused"]
    assert ContactGroup.objects.filter(organisation=org, parent=None).count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_insertions_at_the_same_time_find_places_of_their_own():
    org = organisation()
    start = threading.Barrier(4)

    def insert(number):
        try:
            start.wait()
            contacts.group(str(number), organisation=org)
        finally:
            connection.close()

    threads = [threading.Thread(target=insert, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(names_below(org)) == ["0", "1", "2", "3"]


def test_a_step_from_a_stale_page_is_refused():
    org = organisation()
    for name in ("A", "B"):
        contacts.group(name, organisation=org)
    group = ContactGroup.objects.get(name="B", organisation=org)
    with pytest.raises(StaleVersion):
        moving.step_group(caller=CALLER, group=group, direction=Direction.UP, version=7)


def test_an_unknown_neighbour_is_named():
    from contacts.positions import NoSuchSibling

    group = contacts.group()
    with pytest.raises(NoSuchSibling):
        moving.move_group(caller=CALLER, group=group, to=None, place=uuid.uuid4(), version=1)
