"""Writing the difference between two structures in a handful of bulk statements, and telling it to the event log."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.utils import timezone

from adgang.lib.snapshots import JSON
from contacts import belongings, searching
from contacts.cells import path_text
from contacts.csv_rows import Node
from contacts.loading import GroupNode, Structure
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.positions import GAP
from contacts.settling import settle
from contacts.snapshots import of_groups
from contacts.values import POINT_FIELDS, as_log, changed
from organisations.models import Organisation

BATCH = 500
# The point and the group it stands in.
PlaceKey = tuple[uuid.UUID, uuid.UUID | None]
GROUP_COLUMNS = [
    *("parent", "position", "name", "description", "organisational_unit", "postkasse_ids", "registry_id"),
    *("search_text", "version", "updated"),
]
POINT_COLUMNS = [*POINT_FIELDS, "search_text", "version", "updated"]


class Counters:
    """The next position in each group: what is new comes last."""

    def __init__(self, taken: Iterable[tuple[uuid.UUID | None, float]]) -> None:
        self.last: dict[uuid.UUID | None, int] = defaultdict(int)
        for parent_id, position in taken:
            self.last[parent_id] = max(self.last[parent_id], int(position))

    def next(self, parent_id: uuid.UUID | None) -> int:
        """Return a position after all that were given."""
        self.last[parent_id] += GAP
        return self.last[parent_id]


def write(organisation: Organisation, before: Structure, after: Structure, *, ordered: bool = False) -> None:
    """Make the stored structure, which is `before`, into `after`; a fixed number of statements for each `BATCH`.

    What is new in a group comes last in it; with `ordered` everything stands in the order of its positions in `after`.
    The caller holds the structure's lock, read `before` under it, and records the event.
    """
    if ordered:
        settle(before, after)
    _write_groups(organisation, before, after, ordered=ordered)
    _write_points(organisation, before, after)
    _write_places(organisation, before, after, ordered=ordered)
    gone = [pk for pk in before.points if pk not in after.points]
    delete_points(gone)
    _delete_groups(before, after)


def _write_groups(organisation: Organisation, before: Structure, after: Structure, *, ordered: bool) -> None:
    counters = Counters((node.parent_id, node.position) for node in before.groups.values())
    rows = []
    for node in parents_first(after):
        old = before.groups.get(node.id)
        if old == node:
            continue
        if not ordered and (old is None or (old.parent_id, old.position) != (node.parent_id, node.position)):
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


def _write_places(organisation: Organisation, before: Structure, after: Structure, *, ordered: bool) -> None:
    counters = Counters((group_id, position) for (_point, group_id), position in before.place.items())
    gone: set[PlaceKey] = set()
    made = []
    for pk, node in after.points.items():
        old = before.points[pk].group_ids if pk in before.points else []
        gone |= {(pk, group_id) for group_id in old if group_id not in node.group_ids}
        for group_id in node.group_ids:
            wanted = after.place.get((pk, group_id), 0) if ordered else 0
            if group_id in old and (not wanted or wanted == before.place[pk, group_id]):
                continue
            if group_id in old:
                gone.add((pk, group_id))
            position = wanted or counters.next(group_id)
            made.append(Placement(organisation=organisation, point_id=pk, group_id=group_id, position=position))
    _delete_places(gone)
    Placement.objects.bulk_create(made, batch_size=BATCH)


def _delete_places(gone: Collection[PlaceKey]) -> None:
    points = list({point_id for point_id, _group in gone})
    for start in range(0, len(points), BATCH):
        places = Placement.objects.filter(point__in=points[start : start + BATCH])
        rows = places.values_list("pk", "point_id", "group_id")
        ids = [pk for pk, point_id, group_id in rows if (point_id, group_id) in gone]
        for first in range(0, len(ids), BATCH):
            Placement.objects.filter(pk__in=ids[first : first + BATCH]).delete()


def delete_points(ids: Sequence[uuid.UUID]) -> None:
    """Delete the rows of points and of what belongs to them; the caller has the lock and writes the event."""
    for start in range(0, len(ids), BATCH):
        ContactPoint.objects.filter(pk__in=ids[start : start + BATCH]).delete()


def _delete_groups(before: Structure, after: Structure) -> None:
    """Delete level by level, the deepest first: each refers to its parent until it is gone itself."""
    depth: dict[uuid.UUID | None, int] = {None: 0}
    levels: dict[int, list[uuid.UUID]] = defaultdict(list)
    for node in parents_first(before):
        depth[node.id] = depth[node.parent_id] + 1
        if node.id not in after.groups:
            levels[depth[node.id]].append(node.id)
    for level in sorted(levels, reverse=True):
        for start in range(0, len(levels[level]), BATCH):
            ContactGroup.objects.filter(pk__in=levels[level][start : start + BATCH]).delete()


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
