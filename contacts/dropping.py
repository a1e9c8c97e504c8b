"""Dragging a node of the tree to another place: a move that knows where the node was seen, and that can be undone."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from contacts import moving, undoing
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.positions import Edge, NoSuchSibling, Place
from organisations.callers import Caller
from organisations.locks import lock
from organisations.models import Event, Organisation


class MovedMeanwhile(Exception):
    """The node no longer stands where it was seen, or is gone. Nothing was done."""


@dataclass(frozen=True, kw_only=True)
class Drop:
    """What was dragged from where to where; None is the top level. It is put right after the sibling `after`, which is
    of its own kind; without one it comes first, or last when `last`.
    """

    node: uuid.UUID
    seen_in: uuid.UUID | None
    to: ContactGroup | None
    after: uuid.UUID | None = None
    last: bool = False

    @property
    def edge(self) -> Edge:
        """The end at which it is put without a sibling."""
        return Edge.LAST if self.last else Edge.FIRST


def drop_group(*, caller: Caller, organisation: Organisation, drop: Drop) -> tuple[ContactGroup, Event]:
    """Move a group with its branch; return it and the event.

    Raises `MovedMeanwhile`, `NoSuchSibling` and what `moving.move_group` raises.
    """
    with transaction.atomic():
        lock(organisation.pk)
        groups = ContactGroup.objects.select_related("organisation")
        group = groups.filter(organisation=organisation, pk=drop.node).first()
        if group is None or group.parent_id != drop.seen_in:
            raise MovedMeanwhile
        was = {"parent": str(drop.seen_in) if drop.seen_in else None, "position": group.position}
        place: Place = drop.after or drop.edge
        event = moving.move_group(caller=caller, group=group, to=drop.to, place=place, version=group.version)
        undoing.keep_move(organisation, event, group, was)
    return group, event


def drop_point(*, caller: Caller, organisation: Organisation, drop: Drop) -> tuple[ContactPoint, Event]:
    """Move a point from one of its places; return it and the event.

    Raises `MovedMeanwhile`, `NoSuchSibling` and what `moving.move_point` raises.
    """
    with transaction.atomic():
        lock(organisation.pk)
        mine = Placement.objects.filter(organisation=organisation, point=drop.node)
        places = list(mine.select_related("group", "point__organisation").order_by("position"))
        placement = next((place for place in places if place.group_id == drop.seen_in), None)
        if placement is None:
            raise MovedMeanwhile
        was = {"places": [(str(one.group_id) if one.group_id else None, one.position) for one in places]}
        place: Place = _sibling(organisation, drop) if drop.after else drop.edge
        event = moving.move_point(
            caller=caller, placement=placement, to=drop.to, place=place, version=placement.point.version
        )
        undoing.keep_move(organisation, event, placement.point, was)
    return placement.point, event


def _sibling(organisation: Organisation, drop: Drop) -> uuid.UUID:
    """Return the place of the point that the dragged one is put after."""
    places = Placement.objects.filter(organisation=organisation, point=drop.after, group=drop.to)
    found: uuid.UUID | None = places.values_list("pk", flat=True).first()
    if found is None:
        raise NoSuchSibling(drop.after)
    return found
