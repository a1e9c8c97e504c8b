"""Deleting groups and points: what goes with them is counted first, and it goes only when that is asked for."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction

from adgang.lib.registered import StaleVersion, check_version
from adgang.lib.snapshots import JSON
from contacts import loading, paths, positions, snapshots, undoing, writing
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.positions import GAP, Edge
from contacts.values import PointValues
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Event

CHUNK = 500


class Children(StrEnum):
    """What becomes of what stands in a group that is deleted."""

    MOVE_UP = "move"
    DELETE = "delete"


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A group with all that stands below it. `lost` are the points that stand nowhere else, `kept` the others."""

    groups: list[ContactGroup]
    places: list[uuid.UUID]
    lost: list[uuid.UUID] = field(default_factory=list)
    kept: list[uuid.UUID] = field(default_factory=list)

    @property
    def points(self) -> int:
        """How many points stand in the branch."""
        return len(self.lost) + len(self.kept)

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the group."""
        return len(self.groups) == 1 and not self.places


def branch(group: ContactGroup) -> Branch:
    """Return what hangs on a group, in two queries."""
    groups = paths.below([group.pk])
    ids = {member.pk for member in groups}
    inside: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    elsewhere: set[uuid.UUID] = set()
    rows = Placement.objects.filter(organisation=group.organisation_id).values_list("pk", "point_id", "group_id")
    for pk, point_id, group_id in rows:
        if group_id in ids:
            inside[point_id].append(pk)
        else:
            elsewhere.add(point_id)
    return Branch(
        groups=groups,
        places=[pk for places in inside.values() for pk in places],
        lost=[point_id for point_id in inside if point_id not in elsewhere],
        kept=[point_id for point_id in inside if point_id in elsewhere],
    )


def delete_group(*, caller: Caller, group: ContactGroup, children: Children, version: int) -> Event:
    """Delete a group; what stands in it goes too, or moves up to where the group stood. Return the event.

    Raises `adgang.lib.registered.StaleVersion`.
    """
    with transaction.atomic():
        lock(group.organisation_id)
        _require_current(group, version=version)
        structure = loading.load(group.organisation)
        whole = branch(group)
        before = snapshots.of_group(group) | (_move_up(group) if children is Children.MOVE_UP else _delete(whole))
        label = ContactGroup(pk=group.pk, name=group.name)
        ContactGroup.objects.filter(pk=group.pk).delete()
        entry = events.Entry(tag=Tag.CONTACT_GROUP_DELETED, obj=label, before=before)
        event = events.record(caller, group.organisation, entry)
        undoing.keep(group.organisation, event, structure, loading.load(group.organisation))
    return event


def _require_current(obj: ContactGroup | ContactPoint, *, version: int) -> None:
    """Raise `StaleVersion` unless the row, read now under the structure's lock, stands at `version`."""
    current = type(obj)._default_manager.filter(pk=obj.pk).first()
    if current is None:
        raise StaleVersion(None)
    check_version(current, version=version)


def _move_up(group: ContactGroup) -> dict[str, JSON]:
    """Give everything directly in the group the group's own parent, last there and in its order."""
    groups = list(positions.child_groups(group.organisation, group.pk).order_by("position"))
    places = list(positions.child_places(group.organisation, group.pk).select_related("point").order_by("position"))
    _append_groups(group, groups)
    _append_places(group, places)
    return {
        "moved_groups": [{"id": str(child.pk), "name": child.name} for child in groups],
        "moved_points": [{"id": str(place.point_id), "name": place.point.name} for place in places],
    }


def _append_groups(group: ContactGroup, children: list[ContactGroup]) -> None:
    if not children:
        return
    start = positions.free(positions.child_groups(group.organisation, group.parent_id), Edge.LAST)
    for index, child in enumerate(children):
        child.parent_id, child.position, child.version = group.parent_id, start + index * GAP, child.version + 1
    ContactGroup.objects.bulk_update(children, ["parent", "position", "version"], batch_size=CHUNK)


def _append_places(group: ContactGroup, places: list[Placement]) -> None:
    """A point that stands in the parent already merely leaves the group."""
    siblings = positions.child_places(group.organisation, group.parent_id)
    there = set(siblings.values_list("point_id", flat=True)) if places else set()
    moving = [place for place in places if place.point_id not in there]
    if moving:
        start = positions.free(siblings, Edge.LAST)
        for index, place in enumerate(moving):
            place.group_id, place.position = group.parent_id, start + index * GAP
        Placement.objects.bulk_update(moving, ["group", "position"], batch_size=CHUNK)
    Placement.objects.filter(group=group).delete()


def _delete(whole: Branch) -> dict[str, JSON]:
    """Delete what stands below the group, deepest first; return it as it was, for the log."""
    deleted = [_logged_point(point) for point in _points(whole.lost)]
    for ids in _chunks(whole.lost):
        ContactPoint.objects.filter(pk__in=ids).delete()
    for ids in _chunks(whole.places):
        Placement.objects.filter(pk__in=ids).delete()
    levels = _levels(whole.groups)[1:]
    for level in reversed(levels):
        for ids in _chunks([group.pk for group in level]):
            ContactGroup.objects.filter(pk__in=ids).delete()
    return {
        "deleted_groups": [{"id": str(group.pk)} | snapshots.of_group(group) for level in levels for group in level],
        "deleted_points": deleted,
        "taken_out_points": [str(point_id) for point_id in whole.kept],
    }


def _levels(groups: list[ContactGroup]) -> list[list[ContactGroup]]:
    """Return the groups of a branch by depth, its root alone in the first level."""
    children: dict[uuid.UUID | None, list[ContactGroup]] = defaultdict(list)
    ids = {group.pk for group in groups}
    for group in groups:
        children[group.parent_id if group.parent_id in ids else None].append(group)
    levels = [children[None]]
    while following := [child for group in levels[-1] for child in children[group.pk]]:
        levels.append(following)
    return levels


def _points(ids: Sequence[uuid.UUID]) -> Iterator[ContactPoint]:
    for chunk in _chunks(ids):
        yield from ContactPoint.objects.with_belongings().filter(pk__in=chunk)


def _logged_point(point: ContactPoint) -> dict[str, JSON]:
    return {"id": str(point.pk)} | snapshots.of_point(
        point, PointValues.of(point), point.placements.select_related("group")
    )


def _chunks(ids: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def delete_point(*, caller: Caller, point: ContactPoint, version: int) -> Event:
    """Delete a point from everywhere it stands; return the event. Raises `adgang.lib.registered.StaleVersion`."""
    with transaction.atomic():
        lock(point.organisation_id)
        _require_current(point, version=version)
        structure = loading.load(point.organisation)
        before = _logged_point(point)
        writing.delete_points([point.pk])
        entry = events.Entry(tag=Tag.CONTACT_POINT_DELETED, obj=point, before=before, system_id=point.system_id)
        event = events.record(caller, point.organisation, entry)
        undoing.keep(point.organisation, event, structure, loading.load(point.organisation))
    return event
