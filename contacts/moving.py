"""Moving groups and points, ordering them, and placing a point in more than one group.

Each is a fixed number of queries, whatever hangs below: the lock, what must hold, the neighbours, (room if there is
none,) the row itself.
"""

import uuid
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from adgang.lib.registered import save_version
from adgang.lib.snapshots import JSON
from contacts import paths, positions, snapshots
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.positions import Edge, Place
from contacts.registering import NoSuchGroup, require_groups
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Event


class MovedBelowItself(Exception):
    """A group cannot stand below itself, nor below one of its own branch."""


class AlreadyThere(Exception):
    """The point stands in that group already."""


class LastPlace(Exception):
    """A point always stands somewhere: its only place cannot be taken from it."""


class Direction(StrEnum):
    """One step among the siblings."""

    UP = "up"
    DOWN = "down"


def move_group(
    *, caller: Caller, group: ContactGroup, to: ContactGroup | None, place: Place = Edge.LAST, version: int
) -> Event:
    """Put a group with its whole branch below `to` (None: at the top level); return the event.

    Raises `MovedBelowItself`, `NoSuchGroup`, `NoSuchSibling` or `adgang.lib.registered.StaleVersion`.
    """
    before = _group_place(group)
    with transaction.atomic():
        lock(group.organisation_id)
        if to is not None and to.pk != group.parent_id:
            require_apart(group, to)
        group.parent = to
        group.position = positions.free(positions.child_groups(group.organisation, group.parent_id), place)
        save_version(group, version=version)
        entry = events.Entry(tag=Tag.CONTACT_GROUP_MOVED, obj=group, before=before, after=_group_place(group))
        return events.record(caller, group.organisation, entry)


def require_apart(group: ContactGroup, to: ContactGroup) -> None:
    """Raise `NoSuchGroup` or `MovedBelowItself` unless the group may stand below `to`; the lock is held."""
    above = paths.above([to.pk]).groups
    if to.pk not in above or above[to.pk].organisation_id != group.organisation_id:
        raise NoSuchGroup
    if group.pk in above:
        raise MovedBelowItself


def _group_place(group: ContactGroup) -> dict[str, JSON]:
    return {"parent": str(group.parent_id) if group.parent_id else None, "position": group.position}


def step_group(*, caller: Caller, group: ContactGroup, direction: Direction, version: int) -> bool:
    """Move a group one step among its siblings; False, and nothing done, when it already stands at that end."""
    siblings = positions.child_groups(group.organisation, group.parent_id)
    with transaction.atomic():
        lock(group.organisation_id)
        place = _step(siblings, group.position, direction)
        if place is None:
            return False
        move_group(caller=caller, group=group, to=group.parent, place=place, version=version)
    return True


def _step(siblings: QuerySet[Any], at: int, direction: Direction) -> Place | None:
    if direction is Direction.DOWN:
        following: uuid.UUID | None = (
            siblings.filter(position__gt=at).order_by("position").values_list("pk", flat=True).first()
        )
        return following
    over = list(siblings.filter(position__lt=at).order_by("-position").values_list("pk", flat=True)[:2])
    if not over:
        return None
    return uuid.UUID(str(over[1])) if len(over) > 1 else Edge.FIRST


def move_point(
    *, caller: Caller, placement: Placement, to: ContactGroup | None, place: Place = Edge.LAST, version: int
) -> Event:
    """Put a point from one of its places into the group `to` (None: the top level); its other places stay.

    Returns the event.

    Raises `AlreadyThere`, `NoSuchGroup`, `NoSuchSibling` or `adgang.lib.registered.StaleVersion`.
    """
    point, group_id = placement.point, to.pk if to else None
    before = snapshots.of_place(placement)
    with transaction.atomic():
        lock(point.organisation_id)
        if group_id != placement.group_id:
            _require_free(point, to)
        position = positions.free(positions.child_places(point.organisation, group_id), place)
        placement.group, placement.position = to, position
        # Conditional, for the place may have been taken from the point meanwhile; its version then tells.
        Placement.objects.filter(pk=placement.pk).update(group=to, position=position)
        save_version(point, version=version)
        return _record_place(caller, point, before=before, after=snapshots.of_place(placement))


def step_point(*, caller: Caller, placement: Placement, direction: Direction, version: int) -> bool:
    """Move a point one step among the points of a group; False, and nothing done, when it stands at that end."""
    organisation = placement.point.organisation
    with transaction.atomic():
        lock(organisation.pk)
        siblings = positions.child_places(organisation, placement.group_id)
        place = _step(siblings, placement.position, direction)
        if place is None:
            return False
        move_point(caller=caller, placement=placement, to=placement.group, place=place, version=version)
    return True


def place_point(*, caller: Caller, point: ContactPoint, group: ContactGroup | None, version: int) -> Placement:
    """Let a point stand, last, in one more group. Raises `AlreadyThere`, `NoSuchGroup` or `StaleVersion`."""
    with transaction.atomic():
        lock(point.organisation_id)
        _require_free(point, group)
        siblings = positions.child_places(point.organisation, group.pk if group else None)
        position = positions.free(siblings, Edge.LAST)
        made = Placement.objects.create(organisation=point.organisation, point=point, group=group, position=position)
        save_version(point, version=version)
        _record_place(caller, point, before={}, after=snapshots.of_place(made))
    return made


def unplace_point(*, caller: Caller, placement: Placement, version: int) -> None:
    """Take a point out of one of its groups. Raises `LastPlace` or `StaleVersion`."""
    point = placement.point
    with transaction.atomic():
        lock(point.organisation_id)
        if not point.placements.exclude(pk=placement.pk).exists():
            raise LastPlace
        before = snapshots.of_place(placement)
        placement.delete()
        save_version(point, version=version)
        _record_place(caller, point, before=before, after={})


def _require_free(point: ContactPoint, group: ContactGroup | None) -> None:
    require_groups(point.organisation, [group])
    group_id: uuid.UUID | None = group.pk if group else None
    if point.placements.filter(group=group_id).exists():
        raise AlreadyThere


def _record_place(caller: Caller, point: ContactPoint, *, before: dict[str, JSON], after: dict[str, JSON]) -> Event:
    entry = events.Entry(tag=Tag.CONTACT_POINT_MOVED, obj=point, before=before, after=after, system_id=point.system_id)
    return events.record(caller, point.organisation, entry)
