"""Copying a branch: names, texts, codes and search terms again, under new ids.

What belongs to the original alone is left out: its ID in Digital Post, the ids of former mailboxes, its successor.
"""

import uuid
from dataclasses import dataclass, replace

from django.db import transaction

from contacts import loading, undoing
from contacts.loading import GroupNode, PointNode, Structure
from contacts.models import ContactGroup
from contacts.registering import NoSuchGroup
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Event


@dataclass(frozen=True)
class Copied:
    """What was made: the new group, how many groups and points there are in it, and the event."""

    group_id: uuid.UUID
    groups: int
    points: int
    event: Event


def copy_branch(*, caller: Caller, group: ContactGroup, name: str, to: ContactGroup | None) -> Copied:
    """Make a copy of a group and all that stands below it, last in `to` (None: at the top level), called `name`.

    A point that stands in the branch twice is copied once and stands in both places of the copy. The number of
    statements does not grow with the branch, but for the batches. Raises `NoSuchGroup`.
    """
    with transaction.atomic():
        organisation = lock(group.organisation_id)
        before = loading.load(organisation)
        if group.pk not in before.groups or (to is not None and to.pk not in before.groups):
            raise NoSuchGroup
        after = before.copy()
        ids = _copy_groups(before, after, group.pk)
        root = after.groups[ids[group.pk]]
        root.parent_id, root.values = to.pk if to else None, replace(root.values, name=name)
        points = _copy_points(before, after, ids)
        event = undoing.commit(
            caller=caller, organisation=organisation, tag=Tag.CONTACTS_COPIED, before=before, after=after
        )
        assert event is not None  # noqa: S101 – a copy always makes something
    return Copied(root.id, len(ids), points, event)


def _copy_groups(before: Structure, after: Structure, root: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """Add the copies of the groups; return the new id of each original."""
    children: dict[uuid.UUID | None, list[GroupNode]] = {}
    for node in before.groups.values():
        children.setdefault(node.parent_id, []).append(node)
    ids = {root: uuid.uuid4()}
    waiting = [before.groups[root]]
    for node in waiting:
        below = children.get(node.id, [])
        waiting += below
        ids |= {child.id: uuid.uuid4() for child in below}
        values = replace(node.values, registry_id=None, postkasse_ids=())
        parent_id = ids.get(node.parent_id) if node.parent_id else None
        after.groups[ids[node.id]] = GroupNode(ids[node.id], parent_id, values)
    return ids


def _copy_points(before: Structure, after: Structure, ids: dict[uuid.UUID, uuid.UUID]) -> int:
    """Add the copies of the points in the groups, in the order in which they stand; return their number."""
    places = sorted((position, key) for key, position in before.place.items() if key[1] in ids)
    made: dict[uuid.UUID, PointNode] = {}
    for _position, (point_id, group_id) in places:
        if point_id not in made:
            values = replace(before.points[point_id].values, registry_id=None, translations=(), replaced_by=None)
            made[point_id] = PointNode(uuid.uuid4(), values)
            after.points[made[point_id].id] = made[point_id]
        if group_id is not None:
            made[point_id].group_ids.append(ids[group_id])
    return len(made)
