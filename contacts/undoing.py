"""Undoing a change of many objects, for as long as none of them has been changed again.

What a change touched is kept beside its event: of each object its version afterwards and all that it was before.
Undoing is a change like any other: one transaction, one event, and it can be undone in turn.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from contacts import loading, stored, writing
from contacts.loading import GroupNode, PointNode, Structure
from contacts.models import ContactGroup, ContactPoint, Undo
from contacts.stored import Stored
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Event, Organisation
from systems.models import System

Node = GroupNode | PointNode

# So many changes of an organisation can be undone; older ones are forgotten.
KEPT = 50
# The version that something has which is not there.
GONE = 0


class CannotUndo(Exception):
    """Something was changed again since, or what it needs is gone; `names` says what. Nothing was written."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(names)
        super().__init__(", ".join(self.names))


@dataclass
class Touched:
    """One object of a change: its version after it, and what it was before; None for one that the change made."""

    version: int
    name: str
    before: dict[str, Any] | None


@dataclass
class Kept:
    """All objects of a change, by id."""

    groups: dict[uuid.UUID, Touched] = field(default_factory=dict)
    points: dict[uuid.UUID, Touched] = field(default_factory=dict)

    @classmethod
    def of(cls, undo: Undo) -> "Kept":
        """Read what was kept of a change."""
        read: dict[str, dict[str, Any]] = json.loads(undo.content)
        made = {kind: {uuid.UUID(pk): Touched(*row) for pk, row in rows.items()} for kind, rows in read.items()}
        return cls(**made)

    def text(self) -> str:
        """Return it as it is kept."""
        kinds = {"groups": self.groups, "points": self.points}
        return json.dumps(
            {
                kind: {str(pk): [one.version, one.name, one.before] for pk, one in rows.items()}
                for kind, rows in kinds.items()
            },
            ensure_ascii=False,
        )


def commit(
    *,
    caller: Caller,
    organisation: Organisation,
    tag: Tag,
    before: Structure,
    after: Structure,
    ordered: bool = False,
    reason: str = "",
) -> Event | None:
    """Write the difference of two structures as one event that can be undone; None when there is no difference.

    The caller holds the structure's lock, in the transaction in which `before` was read.
    """
    was, now = writing.logged(before, after)
    kept = _kept(before, after, written=False)
    if not (kept.groups or kept.points):
        return None
    writing.write(organisation, before, after, ordered=ordered)
    entry = events.Entry(tag=tag, obj=organisation, before=was, after=now, reason=reason)
    event = events.record(caller, organisation, entry)
    _keep(organisation, event, kept)
    _forget_old(organisation)
    return event


def keep(organisation: Organisation, event: Event, before: Structure, after: Structure) -> None:
    """Let a change that was written already be undone: the structure was read before and after it."""
    _keep(organisation, event, _kept(before, after, written=True))
    _forget_old(organisation)


def keep_move(organisation: Organisation, event: Event, obj: ContactGroup | ContactPoint, was: dict[str, Any]) -> None:
    """Let a move be undone: `was` is the former place, of a group `parent` and `position`, of a point `places`."""
    touched = {obj.pk: Touched(obj.version, obj.name, {"values": None, "version": obj.version, **was})}
    is_group = isinstance(obj, ContactGroup)
    _keep(organisation, event, Kept(groups=touched) if is_group else Kept(points=touched))


def _keep(organisation: Organisation, event: Event, kept: Kept) -> None:
    Undo.objects.create(pk=event.pk, organisation=organisation, content=kept.text())


def _forget_old(organisation: Organisation) -> None:
    rows = Undo.objects.filter(organisation=organisation)
    newest = list(rows.order_by("-made").values_list("pk", flat=True)[:KEPT])
    rows.exclude(pk__in=newest).delete()


def _kept(before: Structure, after: Structure, *, written: bool) -> Kept:
    """Return what differs; `written` says that the versions in `after` are those of the database already."""
    kept = Kept()
    for pk in {**before.groups, **after.groups}:
        old, new = before.groups.get(pk), after.groups.get(pk)
        if old != new:
            kept.groups[pk] = _touched(old, new, stored.of_group(old) if old else None, written=written)
    for pk in {**before.points, **after.points}:
        was, now = before.points.get(pk), after.points.get(pk)
        if was != now or (was and stored.positions(was, before) != stored.positions(was, after)):
            kept.points[pk] = _touched(was, now, stored.of_point(was, before) if was else None, written=written)
    return kept


def _touched(old: Node | None, new: Node | None, was: dict[str, Any] | None, *, written: bool) -> Touched:
    one = new or old
    name = one.values.name if one else ""
    return Touched(new.version + (not written and old != new) if new else GONE, name, was)


def obstacles(undo: Undo) -> list[str]:
    """Return the names of what keeps a change from being undone since it was changed again; two queries."""
    kept = Kept.of(undo)
    organisation = undo.organisation_id
    versions: dict[type, Mapping[uuid.UUID, int]] = {
        model: dict(model._default_manager.filter(organisation=organisation).values_list("pk", "version"))
        for model in (ContactGroup, ContactPoint)
    }
    return _moved_on(kept, versions[ContactGroup], versions[ContactPoint])


def _moved_on(kept: Kept, groups: Mapping[uuid.UUID, int], points: Mapping[uuid.UUID, int]) -> list[str]:
    pairs = ((kept.groups, groups), (kept.points, points))
    return [one.name for rows, now in pairs for pk, one in rows.items() if now.get(pk, GONE) != one.version]


def undo(*, caller: Caller, undo: Undo) -> Event | None:
    """Let everything that a change touched be as it was before; return the event of that.

    Raises `CannotUndo`.
    """
    with transaction.atomic():
        organisation = lock(undo.organisation_id)
        before = loading.load(organisation)
        kept = Kept.of(undo)
        stale = _moved_on(kept, _versions(before.groups), _versions(before.points))
        if stale:
            raise CannotUndo(stale)
        after = restored(kept, before)
        if missing := _faults(after):
            raise CannotUndo(missing)
        return commit(
            caller=caller,
            organisation=organisation,
            tag=Tag.CONTACTS_CHANGE_UNDONE,
            before=before,
            after=after,
            ordered=True,
            reason=str(undo.pk),
        )


def _versions(nodes: Mapping[uuid.UUID, GroupNode] | Mapping[uuid.UUID, PointNode]) -> dict[uuid.UUID, int]:
    return {pk: node.version for pk, node in nodes.items()}


def restored(kept: Kept, now: Structure) -> Structure:
    """Return the structure `now` with everything in `kept` as it was. Raises `CannotUndo` without its system."""
    after = now.copy()
    systems = {system.pk: system for system in now.systems}
    for pk, touched in kept.groups.items():
        if touched.before is None:
            after.groups.pop(pk, None)
        else:
            after.groups[pk] = _group_of(pk, touched.before, now)
    for pk, touched in kept.points.items():
        if touched.before is None:
            after.points.pop(pk, None)
        else:
            after.points[pk] = _point_of(pk, touched, now, systems)
            for group_id, position in touched.before["places"]:
                after.place[pk, stored.id_of(group_id)] = position
    return after


def _group_of(pk: uuid.UUID, was: Stored, now: Structure) -> GroupNode:
    version = now.groups[pk].version if pk in now.groups else was["version"] + 1
    if was["values"] is None:
        return GroupNode(pk, stored.id_of(was["parent"]), now.groups[pk].values, was["position"], version)
    return stored.group(pk, was, version=version)


def _point_of(pk: uuid.UUID, touched: Touched, now: Structure, systems: dict[uuid.UUID, System]) -> PointNode:
    was = touched.before or {}
    if was["values"] is None:
        return PointNode(pk, now.points[pk].values, stored.places(was), now.points[pk].version)
    system = systems.get(uuid.UUID(was["values"]["system"]))
    if system is None:
        raise CannotUndo([touched.name])
    version = now.points[pk].version if pk in now.points else was["version"] + 1
    return stored.point(pk, was, system, version=version)


def _faults(after: Structure) -> list[str]:
    """Return what would stand in a group that is not there, or below itself, or have an ID that is taken."""
    groups = after.groups
    lost = [node.values.name for node in groups.values() if node.parent_id and node.parent_id not in groups]
    lost += [
        node.values.name
        for node in after.points.values()
        if any(group_id is not None and group_id not in groups for group_id in node.group_ids)
    ]
    reached = {node.id for node in writing.parents_first(after)}
    lost += [node.values.name for pk, node in groups.items() if pk not in reached]
    return list(dict.fromkeys([*lost, *_twice(groups.values()), *_twice(after.points.values())]))


def _twice(nodes: Iterable[Node]) -> Iterator[str]:
    """Yield the names of those whose ID in Digital Post another one has."""
    seen: set[uuid.UUID] = set()
    for node in nodes:
        if (id_ := node.values.registry_id) is not None:
            if id_ in seen:
                yield node.values.name
            seen.add(id_)
