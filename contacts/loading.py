"""The whole structure with all its values in memory, from flat queries: for export, import and comparison."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import CharField, ExpressionWrapper, F

from contacts.models import (
    ContactGroup,
    ContactPoint,
    ContactPointCode,
    Placement,
    RecommendedAttribute,
    SearchTerm,
    Translation,
)
from contacts.values import CODE_FIELDS, GROUP_FIELDS, POINT_FIELDS, Code, GroupValues, Mailbox, PointValues
from organisations.models import Organisation
from systems.models import System


@dataclass
class GroupNode:
    """A group: its values and its place. `version` is 0 for one that is not saved yet."""

    id: uuid.UUID
    parent_id: uuid.UUID | None
    values: GroupValues
    position: float = 0
    version: int = 0

    def copy(self) -> "GroupNode":
        """Return a group that can be changed without changing this one."""
        return GroupNode(self.id, self.parent_id, self.values, self.position, self.version)


@dataclass
class PointNode:
    """A point: its values, and the groups it stands in (None: the top level), in their order of creation."""

    id: uuid.UUID
    values: PointValues
    group_ids: list[uuid.UUID | None] = field(default_factory=list)
    version: int = 0

    def copy(self) -> "PointNode":
        """Return a point that can be changed without changing this one."""
        return PointNode(self.id, self.values, list(self.group_ids), self.version)


@dataclass
class Structure:
    """Everything, by id. Groups are in the order of their siblings; `place` orders the points of each group.

    In a structure that is worked on, `place` may still hold places that points have left; `standing` leaves them out.
    """

    groups: dict[uuid.UUID, GroupNode] = field(default_factory=dict)
    points: dict[uuid.UUID, PointNode] = field(default_factory=dict)
    systems: list[System] = field(default_factory=list)
    place: dict[tuple[uuid.UUID, uuid.UUID | None], float] = field(default_factory=dict)

    def copy(self) -> "Structure":
        """Return a structure that can be changed without changing this one."""
        return Structure(
            groups={pk: node.copy() for pk, node in self.groups.items()},
            points={pk: node.copy() for pk, node in self.points.items()},
            systems=self.systems,
            place=dict(self.place),
        )

    def standing(self) -> Iterator[tuple[PointNode, uuid.UUID | None]]:
        """Yield each point with each group it stands in, in the order of the places."""
        places = [
            (self.place.get((node.id, pk), 0), node, pk) for node in self.points.values() for pk in node.group_ids
        ]
        for _position, node, group_id in sorted(places, key=lambda place: place[0]):
            yield node, group_id

    def node(self, id_: uuid.UUID) -> GroupNode | PointNode | None:
        """Return what has that id, here or in Digital Post; None when nothing has."""
        return self.groups.get(id_) or self.points.get(id_) or self._by_registry_id.get(id_)

    @cached_property
    def _by_registry_id(self) -> dict[uuid.UUID, GroupNode | PointNode]:
        nodes: list[GroupNode | PointNode] = [*self.groups.values(), *self.points.values()]
        return {node.values.registry_id: node for node in nodes if node.values.registry_id}

    def names(self, group_id: uuid.UUID | None) -> tuple[str, ...]:
        """Return the names from the top down to a group; () for the top level. A cycle ends where it closes."""
        names: list[str] = []
        seen: set[uuid.UUID] = set()
        while group_id is not None and group_id not in seen:
            seen.add(group_id)
            node = self.groups[group_id]
            names.append(node.values.name)
            group_id = node.parent_id
        return tuple(reversed(names))


def load(organisation: Organisation) -> Structure:
    """Return the organisation's structure as it stands in the database, in eight queries."""
    systems = list(System.objects.filter(organisation=organisation))
    structure = Structure(systems=systems, groups=_groups(organisation))
    points, kept = _points(organisation, systems), _keeping()
    structure.points = {node.id: node for node in points.values()}
    groups = {kept(pk): pk for pk in structure.groups} | {None: None}
    places = Placement.objects.filter(organisation=organisation).order_by("position")
    for point, group, position in places.values_list(_as_kept("point_id"), _as_kept("group_id"), "position"):
        # Somebody may have made what stands there after the other queries; then it belongs to the next reading.
        if (node := points.get(point)) and group in groups:
            node.group_ids.append(groups[group])
            structure.place[node.id, groups[group]] = position
    return structure


def _as_kept(name: str) -> Any:
    """Return a column of ids as the database keeps them: making an object of each costs more than reading it."""
    return name if connection.features.has_native_uuid_field else ExpressionWrapper(F(name), output_field=CharField())


def _keeping() -> Callable[[uuid.UUID], Any]:
    """Return what makes of an id the form in which the database keeps it."""
    return (lambda id_: id_) if connection.features.has_native_uuid_field else attrgetter("hex")


def _id_of(kept: Any) -> uuid.UUID:
    return kept if isinstance(kept, uuid.UUID) else uuid.UUID(kept)


def _groups(organisation: Organisation) -> dict[uuid.UUID, GroupNode]:
    # The name decides where a draft puts something at a position that others have taken meanwhile.
    rows = ContactGroup.objects.filter(organisation=organisation).order_by("position", "name", "pk")
    columns = ("pk", "parent_id", "position", "version", "postkasse_ids", *GROUP_FIELDS)
    return {
        pk: GroupNode(
            id=pk,
            parent_id=parent_id,
            position=position,
            version=version,
            values=GroupValues(**dict(zip(GROUP_FIELDS, fields, strict=True)), postkasse_ids=tuple(mailboxes)),
        )
        for pk, parent_id, position, version, mailboxes, *fields in rows.values_list(*columns)
    }


def _points(organisation: Organisation, systems: Iterable[System]) -> dict[Any, PointNode]:
    """Return the points by their ids as the database keeps them."""
    lists = {
        "codes": _lists(ContactPointCode, organisation, CODE_FIELDS, _code),
        "search_terms": _lists(SearchTerm, organisation, ["term"], str),
        "recommended_attributes": _lists(RecommendedAttribute, organisation, ["name"], str),
        "translations": _lists(Translation, organisation, ["postkasse_id", "postkasse_emne_id"], Mailbox),
    }
    rows = ContactPoint.objects.filter(organisation=organisation).order_by("name", "pk")
    kept = _keeping()
    by_kept = {kept(system.pk): system for system in systems}
    columns = [_as_kept("system_id") if name == "system" else name for name in POINT_FIELDS]
    nodes = {}
    for key, version, *fields in rows.values_list(_as_kept("pk"), "version", *columns):
        values: dict[str, Any] = dict(zip(POINT_FIELDS, fields, strict=True))
        values["system"] = by_kept[values["system"]]
        for name, entries in lists.items():
            values[name] = entries.get(key, ())
        nodes[key] = PointNode(id=_id_of(key), values=PointValues.of_fields(values), version=version)
    return nodes


def _code(*row: str) -> Code:
    return Code(**dict(zip(CODE_FIELDS, row, strict=True)))


def _lists(model: Any, organisation: Organisation, columns: Iterable[str], make: Any) -> dict[Any, tuple[Any, ...]]:
    """Return the entries of a list by the id of their point, as the database keeps it."""
    rows = model.objects.filter(point__organisation=organisation).order_by("position")
    entries: dict[Any, list[Any]] = defaultdict(list)
    for point, *row in rows.values_list(_as_kept("point_id"), *columns):
        entries[point].append(make(*row))
    return {point: tuple(listed) for point, listed in entries.items()}
