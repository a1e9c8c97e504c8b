"""What a draft makes of a structure that others change meanwhile: joined field by field, conflicts, and obstacles."""

import uuid
from dataclasses import replace

import pytest

from contacts import deleting, loading, moving, registering
from contacts.deleting import Children
from contacts.drafts import deciding, editing, lifecycle, publishing, reverting
from contacts.models import ContactGroup, ContactPoint, DraftChange
from contacts.values import GroupValues, PointValues
from tests.contacts.people import authority, last_event
from tests.factories import contacts, systems
from tests.factories.contacts import CALLER

pytestmark = pytest.mark.django_db


def begin(org):
    return lifecycle.begin(caller=CALLER, organisation=org, name="Omlægning")


def edit(draft, node_id, **values):
    """Change the values of a group or point in a draft."""

    def act(now):
        node = now.node(node_id)
        node.values = replace(node.values, **values)

    lifecycle.change(caller=CALLER, draft=draft, act=act)


def change_live(point, **values):
    point = ContactPoint.objects.get(pk=point.pk)
    registering.change_point(
        caller=CALLER, point=point, values=replace(PointValues.of(point), **values), version=point.version
    )


def move_live(group, to):
    group = ContactGroup.objects.get(pk=group.pk)
    moving.move_group(caller=CALLER, group=group, to=to, version=group.version)


def codes(draft):
    return sorted(finding.code for _id, finding in lifecycle.read(draft).obstacles)


def conflicts(draft):
    return [(one.name, one.field, one.base, one.mine, one.theirs) for one in lifecycle.read(draft).conflicts]


def decide(draft, obj, field, *, mine):
    """Decide what stands there at this moment; how many conflicts that were."""
    seen = deciding.digest(deciding.chosen(lifecycle.read(draft), obj.pk, field))
    return deciding.decide(caller=CALLER, draft=draft, object_id=obj.pk, field=field, mine=mine, seen=seen)


def publish(draft):
    return publishing.publish(caller=CALLER, draft=draft)


def test_what_each_has_changed_is_joined():
    org = authority()
    point = contacts.point("Pas", organisation=org, description="Gammel")
    draft = begin(org)
    edit(draft, point.pk, name="Pas og kørekort")
    change_live(point, description="Ny", search_terms=("rejse",))
    assert conflicts(draft) == []
    publish(draft)
    point.refresh_from_db()
    assert (point.name, point.description) == ("Pas og kørekort", "Ny")
    assert [term.term for term in point.search_terms.all()] == ["rejse"]
    assert last_event(org)[0] == "CONTACTS_PUBLISHED"


def test_what_both_changed_to_the_same_is_no_conflict():
    org = authority()
    point = contacts.point("Pas", organisation=org)
    draft = begin(org)
    edit(draft, point.pk, name="Rejse")
    change_live(point, name="Rejse")
    assert conflicts(draft) == []


@pytest.mark.parametrize(("mine", "name"), [(True, "Mit"), (False, "Deres")])
def test_what_both_changed_is_decided_and_then_published(mine, name):
    org = authority()
    point = contacts.point("Pas", organisation=org)
    draft = begin(org)
    edit(draft, point.pk, name="Mit", description="Min tekst")
    change_live(point, name="Deres")
    assert conflicts(draft) == [("Deres", "name", "Pas", "Mit", "Deres")]
    with pytest.raises(publishing.Refused) as refused:
        publish(draft)
    assert refused.value.finding.code == "draft.conflicts"
    assert decide(draft, point, "name", mine=mine)
    assert not decide(draft, point, "name", mine=mine)
    publish(draft)
    point.refresh_from_db()
    assert (point.name, point.description) == (name, "Min tekst")


def test_a_later_edit_in_the_draft_keeps_the_conflict_and_takes_over_the_rest():
    org = authority()
    point = contacts.point("Pas", organisation=org, description="Gammel")
    draft = begin(org)
    edit(draft, point.pk, name="Mit")
    change_live(point, name="Deres", description="Ny")
    edit(draft, point.pk, search_terms=("rejse",))
    assert conflicts(draft) == [("Deres", "name", "Pas", "Mit", "Deres")]
    change_live(point, description="Nyere")
    assert conflicts(draft) == [("Deres", "name", "Pas", "Mit", "Deres")]
    assert lifecycle.read(draft).after.points[point.pk].values.description == "Nyere"


@pytest.mark.parametrize(("mine", "there"), [(True, False), (False, True)])
def test_deleted_in_the_draft_and_changed_outside(mine, there):
    org = authority()
    point = contacts.point("Pas", organisation=org)
    other = contacts.point("Andet", organisation=org)
    draft = begin(org)
    lifecycle.change(caller=CALLER, draft=draft, act=lambda now: editing.delete_point(now, now.points[point.pk]))
    edit(draft, other.pk, name="Noget")
    change_live(point, name="Deres")
    [(name, field, _base, draft_has, stands)] = conflicts(draft)
    assert (name, field, draft_has, stands["name"]) == ("Pas", "", None, "Deres")
    decide(draft, point, "", mine=mine)
    publish(draft)
    assert ContactPoint.objects.filter(pk=point.pk).exists() is there


@pytest.mark.parametrize(("mine", "there"), [(True, True), (False, False)])
def test_changed_in_the_draft_and_deleted_outside(mine, there):
    org = authority()
    point = contacts.point("Pas", organisation=org)
    other = contacts.point("Andet", organisation=org)
    draft = begin(org)
    edit(draft, point.pk, name="Mit")
    edit(draft, other.pk, name="Noget")
    deleting.delete_point(caller=CALLER, point=point, version=point.version)
    [(_name, field, _base, draft_has, stands)] = conflicts(draft)
    assert (field, draft_has["name"], stands) == ("", "Mit", None)
    decide(draft, point, "", mine=mine)
    publish(draft)
    assert ContactPoint.objects.filter(pk=point.pk).exists() is there


def test_the_order_alone_is_no_reason_to_ask_about_what_is_deleted():
    org = authority()
    first, second = (contacts.point(name, organisation=org) for name in ("A", "B"))
    draft = begin(org)
    lifecycle.change(caller=CALLER, draft=draft, act=lambda now: editing.delete_point(now, now.points[second.pk]))
    placement = second.placements.get()
    moving.move_point(caller=CALLER, placement=placement, to=None, place=moving.Edge.FIRST, version=second.version)
    assert conflicts(draft) == []
    publish(draft)
    assert set(ContactPoint.objects.values_list("pk", flat=True)) == {first.pk}


def test_both_moved_it_elsewhere():
    org = authority()
    here, there, moved = (contacts.group(name, organisation=org) for name in "ABC")
    draft = begin(org)
    lifecycle.change(caller=CALLER, draft=draft, act=lambda now: editing.move_group(now, now.groups[moved.pk], here.pk))
    move_live(moved, there)
    assert conflicts(draft) == [("C", "parent", None, str(here.pk), str(there.pk))]
    decide(draft, moved, "parent", mine=True)
    publish(draft)
    moved.refresh_from_db()
    assert moved.parent_id == here.pk


def test_what_stands_in_a_group_that_is_gone_must_be_moved():
    org = authority()
    group = contacts.group("Afdeling", organisation=org)
    point = contacts.point("Pas", organisation=org)
    draft = begin(org)
    lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.move_point(now, now.points[point.pk], None, group.pk)
    )
    deleting.delete_group(caller=CALLER, group=group, children=Children.MOVE_UP, version=group.version)
    merged = lifecycle.read(draft)
    assert codes(draft) == ["draft.group_gone"]
    assert merged.after.points[point.pk].group_ids == [None]
    new = lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.add_group(now, GroupValues(name="Ny"), None)
    )
    lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.move_point(now, now.points[point.pk], None, new.id)
    )
    assert codes(draft) == []
    publish(draft)
    assert [place.group.name for place in point.placements.all()] == ["Ny"]


def test_moving_it_to_the_top_is_an_answer_too():
    org = authority()
    outer, inner = contacts.group("A", organisation=org), contacts.group("B", organisation=org)
    draft = begin(org)
    lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.move_group(now, now.groups[inner.pk], outer.pk)
    )
    deleting.delete_group(caller=CALLER, group=outer, children=Children.MOVE_UP, version=outer.version)
    assert codes(draft) == ["draft.group_gone"]
    lifecycle.change(caller=CALLER, draft=draft, act=lambda now: editing.move_group(now, now.groups[inner.pk], None))
    assert codes(draft) == []


def test_two_moves_that_close_a_circle():
    org = authority()
    first, second = contacts.group("A", organisation=org), contacts.group("B", organisation=org)
    draft = begin(org)
    lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.move_group(now, now.groups[first.pk], second.pk)
    )
    move_live(second, first)
    assert codes(draft) == ["draft.below_itself"]
    assert lifecycle.read(draft).after.groups[first.pk].parent_id is None
    with pytest.raises(publishing.Refused) as refused:
        publish(draft)
    assert refused.value.finding.code == "draft.obstacles"
    assert loading.load(org).groups[second.pk].parent_id == first.pk


def test_the_system_that_a_new_point_was_to_have_is_gone():
    org = authority()
    system = systems.system(organisation=org, active=True)
    draft = begin(org)
    values = PointValues(name="Nyt", system=system, for_citizens=True)
    made = lifecycle.change(caller=CALLER, draft=draft, act=lambda now: editing.add_point(now, values, [None]))
    system.delete()
    assert codes(draft) == ["draft.system_gone"]
    edit(draft, made.id, system=systems.system(organisation=org, active=True))
    assert codes(draft) == []


def test_an_id_in_digital_post_stands_once():
    org, registry_id = authority(), uuid.uuid4()
    point, other = contacts.point("Pas", organisation=org), contacts.point("Andet", organisation=org)
    draft = begin(org)
    edit(draft, point.pk, registry_id=registry_id)
    change_live(other, registry_id=registry_id)
    assert codes(draft) == ["draft.registry_id_taken"]


def test_successors_in_a_circle():
    org = authority()
    point, other = contacts.point("Pas", organisation=org), contacts.point("Andet", organisation=org)
    draft = begin(org)
    edit(draft, point.pk, replaced_by=other.pk)
    change_live(other, replaced_by=point.pk)
    assert codes(draft) == ["draft.successors"]


def test_values_that_no_longer_pass_are_named():
    org = authority()
    system = systems.system(organisation=org, active=True)
    point = contacts.point("Pas", organisation=org, system=system)
    draft = begin(org)
    edit(draft, point.pk, name="Rejse")
    system.is_recipient, system.is_sender = False, True
    system.save()
    assert codes(draft) == ["draft.value"]


def test_taking_a_change_back_leaves_the_rest():
    org = authority()
    point, other = contacts.point("Pas", organisation=org), contacts.point("Andet", organisation=org)
    draft = begin(org)
    edit(draft, point.pk, name="Mit")
    edit(draft, other.pk, name="Noget")
    assert reverting.revert(caller=CALLER, draft=draft, object_ids=[point.pk])
    assert not reverting.revert(caller=CALLER, draft=draft, object_ids=[point.pk])
    publish(draft)
    assert set(ContactPoint.objects.values_list("name", flat=True)) == {"Pas", "Noget"}


def test_changing_it_back_by_hand_leaves_nothing():
    org = authority()
    point = contacts.point("Pas", organisation=org)
    draft = begin(org)
    edit(draft, point.pk, name="Mit")
    assert DraftChange.objects.count() == 1
    edit(draft, point.pk, name="Pas")
    assert not DraftChange.objects.exists()
    with pytest.raises(publishing.Refused) as refused:
        publish(draft)
    assert refused.value.finding.code == "draft.empty"


def test_what_the_draft_makes_and_deletes_again_is_nothing():
    org = authority()
    draft = begin(org)
    made = lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.add_group(now, GroupValues(name="Ny"), None)
    )
    lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.delete_group(now, now.groups[made.id], Children.DELETE)
    )
    assert not DraftChange.objects.exists()


def test_a_new_point_keeps_the_id_it_was_shown_with():
    org = authority()
    system = systems.system(organisation=org, active=True)
    draft = begin(org)
    values = PointValues(name="Nyt", system=system, for_citizens=True)
    made = lifecycle.change(caller=CALLER, draft=draft, act=lambda now: editing.add_point(now, values, [None]))
    publish(draft)
    assert ContactPoint.objects.get().pk == made.id


def test_a_draft_that_is_published_or_discarded_is_not_worked_on():
    org = authority()
    point = contacts.point("Pas", organisation=org)
    draft, other = begin(org), begin(org)
    edit(draft, point.pk, name="Mit")
    publish(draft)
    with pytest.raises(lifecycle.NotOpen):
        edit(draft, point.pk, name="Igen")
    with pytest.raises(lifecycle.NotOpen):
        publish(draft)
    lifecycle.discard(caller=CALLER, draft=other, version=other.version)
    with pytest.raises(lifecycle.NotOpen):
        edit(other, point.pk, name="Igen")


def test_a_change_leaves_the_name_that_somebody_else_gave_meanwhile():
    org = authority()
    draft = begin(org)
    read_before = type(draft).objects.get(pk=draft.pk)
    lifecycle.rename(caller=CALLER, draft=draft, name="Nyt navn", note="", version=draft.version)
    lifecycle.change(
        caller=CALLER, draft=read_before, act=lambda now: editing.add_group(now, GroupValues(name="Ny"), None)
    )
    draft.refresh_from_db()
    assert (draft.name, draft.version) == ("Nyt navn", read_before.version)
