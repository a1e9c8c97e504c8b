"""Copying a branch: names, texts, codes and search terms again, under new ids.

What belongs to the original alone is left out: its ID in Digital Post, the ids of former mailboxes, its successor.
"""

import uuid
from dataclasses import dataclass, replace

from django.db import transaction

from contacts import loading, undoing
from contacts.loading import GroupNode, PointNode, Structure
from contacts.models import ContactGroup
from contacts.positions import GAP
from contacts.registering import NoSuchGroup
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Event


@dataclass(frozen=True)
class Copy:
    """What was made: the new group, and how many groups and points there are in it."""

    group_id: uuid.UUID
    groups: int
    points: int


@dataclass(frozen=True)
class Copied(Copy):
    """What was made, and the event by which it can be undone."""

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
        made = copy_in(after, group.pk, name=name, to=to.pk if to else None)
        event = undoing.commit(
            caller=caller, organisation=organisation, tag=Tag.CONTACTS_COPIED, before=before, after=after
        )
        assert event is not None  # noqa: S101 – a copy always makes something
    return Copied(made.group_id, made.groups, made.points, event)


def copy_in(structure: Structure, group_id: uuid.UUID, *, name: str, to: uuid.UUID | None) -> Copy:
    """Add the copy of a branch to a structure in memory, last in `to` (None: at the top level)."""
    before = structure.copy()
    ids = _copy_groups(before, structure, group_id)
    root = structure.groups[ids[group_id]]
    root.parent_id, root.values = to, replace(root.values, name=name)
    siblings = (node.position for node in before.groups.values() if node.parent_id == to)
    root.position = max(siblings, default=0) + GAP
    return Copy(root.id, len(ids), _copy_points(before, structure, ids))


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
        after.groups[ids[node.id]] = GroupNode(ids[node.id], parent_id, values, node.position)
    return ids


def _copy_points(before: Structure, after: Structure, ids: dict[uuid.UUID, uuid.UUID]) -> int:
    """Add the copies of the points in the groups, in the order in which they stand; return their number."""
    made: dict[uuid.UUID, PointNode] = {}
    for point, group_id in before.standing():
        if group_id not in ids:
            continue
        if point.id not in made:
            values = replace(point.values, registry_id=None, translations=(), replaced_by=None)
            made[point.id] = PointNode(uuid.uuid4(), values)
            after.points[made[point.id].id] = made[point.id]
        made[point.id].group_ids.append(ids[group_id])
        after.place[made[point.id].id, ids[group_id]] = before.place.get((point.id, group_id), 0)
    return len(made)
