"""Writing the difference between two structures in a handful of bulk statements, and telling it to the event log."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from adgang.lib.snapshots import JSON
from contacts import belongings, deleting, searching
from contacts.cells import path_text
from contacts.csv_rows import Node
from contacts.loading import GroupNode, Structure
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.positions import GAP
from contacts.snapshots import of_groups
from contacts.values import POINT_FIELDS, as_log, changed
from organisations.models import Organisation

BATCH = 500
GROUP_COLUMNS = [
    *("parent", "position", "name", "description", "organisational_unit", "postkasse_ids", "registry_id"),
    *("search_text", "version", "updated"),
]
POINT_COLUMNS = [*POINT_FIELDS, "search_text", "version", "updated"]


class Counters:
    """The next position in each group: what is new comes last."""

    def __init__(self, taken: Iterable[tuple[uuid.UUID | None, int]]) -> None:
        self.last: dict[uuid.UUID | None, int] = defaultdict(int)
        for parent_id, position in taken:
            self.last[parent_id] = max(self.last[parent_id], position)

    def next(self, parent_id: uuid.UUID | None) -> int:
        """Return a position after all that were given."""
        self.last[parent_id] += GAP
        return self.last[parent_id]


def write(organisation: Organisation, before: Structure, after: Structure) -> None:
    """Make the stored structure, which is `before`, into `after`.

    The caller holds the structure's lock, read `before` under it, and records the event.
    """
    _write_groups(organisation, before, after)
    _write_points(organisation, before, after)
    _write_places(organisation, before, after)
    gone = [pk for pk in before.points if pk not in after.points]
    deleting.delete_points([ContactPoint(pk=pk) for pk in gone])
    _delete_groups(before, after)


def _write_groups(organisation: Organisation, before: Structure, after: Structure) -> None:
    counters = Counters((node.parent_id, node.position) for node in before.groups.values())
    rows = []
    for node in parents_first(after):
        old = before.groups.get(node.id)
        if old == node:
            continue
        if old is None or old.parent_id != node.parent_id:
            node.position = counters.next(node.parent_id)
        row = ContactGroup(
            pk=node.id,
            organisation=organisation,
            parent_id=node.parent_id,
            position=node.position,
            version=node.version + 1,
            updated=timezone.now(),
            search_text=searching.group_text(node.values),
        )
        node.values.write_to(row)
        rows.append(row)
    ContactGroup.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, update_fields=GROUP_COLUMNS, unique_fields=["id"]
    )


def parents_first(structure: Structure) -> list[GroupNode]:
    """Return the groups such that each comes after the one it stands in."""
    children: dict[uuid.UUID | None, list[GroupNode]] = defaultdict(list)
    for node in structure.groups.values():
        children[node.parent_id].append(node)
    order = list(children[None])
    for node in order:
        order += children[node.id]
    return order


def _write_points(organisation: Organisation, before: Structure, after: Structure) -> None:
    changed_nodes = [node for pk, node in after.points.items() if before.points.get(pk) != node]
    rows = []
    for node in changed_nodes:
        row = ContactPoint(
            pk=node.id,
            organisation=organisation,
            version=node.version + 1,
            updated=timezone.now(),
            search_text=searching.point_text(node.values),
        )
        node.values.write_to(row)
        rows.append(row)
    ContactPoint.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, update_fields=POINT_COLUMNS, unique_fields=["id"]
    )
    belongings.add([(node.id, node.values) for node in changed_nodes if node.id not in before.points])
    old = [(node, before.points[node.id]) for node in changed_nodes if node.id in before.points]
    belongings.replace([(node.id, was.values, node.values) for node, was in old])


def _write_places(organisation: Organisation, before: Structure, after: Structure) -> None:
    counters = Counters((group_id, position) for (_point, group_id), position in before.place.items())
    made = []
    for pk, node in after.points.items():
        old = before.points[pk].group_ids if pk in before.points else []
        if gone := [group_id for group_id in old if group_id not in node.group_ids]:
            places = Placement.objects.filter(organisation=organisation, point=pk)
            places.filter(group__in=[group_id for group_id in gone if group_id]).delete()
            if None in gone:
                places.filter(group=None).delete()
        made += [
            Placement(organisation=organisation, point_id=pk, group_id=group_id, position=counters.next(group_id))
            for group_id in node.group_ids
            if group_id not in old
        ]
    Placement.objects.bulk_create(made, batch_size=BATCH)


def _delete_groups(before: Structure, after: Structure) -> None:
    gone = [node for node in reversed(parents_first(before)) if node.id not in after.groups]
    # One by one, the deepest first: each refers to its parent until it is gone itself.
    for node in gone:
        ContactGroup.objects.filter(pk=node.id).delete()


def logged(before: Structure, after: Structure) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """Return what differs, by the id of the object: how it was, and how it is; nothing for what is new or gone."""
    was: dict[str, JSON] = {}
    now: dict[str, JSON] = {}
    olds: dict[uuid.UUID, Node] = {**before.groups, **before.points}
    news: dict[uuid.UUID, Node] = {**after.groups, **after.points}
    for pk in [*news, *(pk for pk in olds if pk not in news)]:
        old, new = olds.get(pk), news.get(pk)
        if old == new:
            continue
        if old is not None:
            was[str(pk)] = _told(old, new, before)
        if new is not None:
            now[str(pk)] = _told(new, old, after)
    return was, now


def _told(node: Node, other: Node | None, structure: Structure) -> dict[str, JSON]:
    """Return the values of a node in which it differs from the other; of one alone, whatever is not empty.

    Its name always stands there, so that the log can be read.
    """
    if other is None:
        told = {name: value for name, value in as_log(node.values).items() if value not in (None, "", [])}
    else:
        told = {"name": node.values.name} | changed(node.values, other.values)[0]
    return told | (_place(node, structure) if other is None or places_of(node) != places_of(other) else {})


def places_of(node: Node) -> set[uuid.UUID | None]:
    """Return the groups that a group or point stands in; None is the top level."""
    return {node.parent_id} if isinstance(node, GroupNode) else set(node.group_ids)


def _place(node: Node, structure: Structure) -> dict[str, JSON]:
    if isinstance(node, GroupNode):
        return {"parent": str(node.parent_id) if node.parent_id else None}
    return of_groups((group_id, path_text(structure.names(group_id))) for group_id in node.group_ids)
