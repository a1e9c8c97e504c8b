"""Creating and changing groups and points: one transaction, one version, one event each."""

import uuid
from collections.abc import Sequence

from django.db import transaction

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import save_version
from contacts import belongings, positions, searching, snapshots
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.positions import Edge, Place
from contacts.values import GroupValues, PointValues
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Organisation
from systems.models import System


class NoSuchGroup(Exception):
    """The group in which something was to be put is not there (any more)."""


class NoSuchSystem(Exception):
    """The recipient system is not there, or does not receive (any more)."""


class RegistryIdTaken(Exception):
    """Another object of the same kind has that ID in Digital Post; `finding` names it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.finding: Finding = finding("row.registry_id_taken", name=name)


def create_group(
    *,
    caller: Caller,
    organisation: Organisation,
    values: GroupValues,
    parent: ContactGroup | None = None,
    place: Place = Edge.LAST,
) -> ContactGroup:
    """Return a new group below `parent` (None: at the top level).

    Raises `NoSuchGroup`, `RegistryIdTaken` or `positions.NoSuchSibling`.
    """
    group = ContactGroup(organisation=organisation, parent=parent, search_text=searching.group_text(values))
    values.write_to(group)
    with transaction.atomic():
        lock(organisation.pk)
        require_groups(organisation, [parent])
        require_registry_id(group)
        group.position = positions.free(positions.child_groups(organisation, group.parent_id), place)
        group.save(force_insert=True)
        entry = events.Entry(tag=Tag.CONTACT_GROUP_CREATED, obj=group, after=snapshots.of_group(group))
        events.record(caller, organisation, entry)
    return group


def change_group(*, caller: Caller, group: ContactGroup, values: GroupValues, version: int) -> None:
    """Give a group new values. Raises `adgang.lib.registered.StaleVersion` or `RegistryIdTaken`."""
    before = snapshots.of_group(group)
    values.write_to(group)
    group.search_text = searching.group_text(values)
    with transaction.atomic():
        lock(group.organisation_id)
        require_registry_id(group)
        save_version(group, version=version)
        after = snapshots.of_group(group)
        entry = events.Entry(tag=Tag.CONTACT_GROUP_CHANGED, obj=group, before=before, after=after)
        events.record(caller, group.organisation, entry)


def create_point(
    *,
    caller: Caller,
    organisation: Organisation,
    values: PointValues,
    groups: Sequence[ContactGroup | None] = (None,),
    place: Place = Edge.LAST,
) -> ContactPoint:
    """Return a new point that stands in each of `groups` (None: at the top level); at least one.

    `place` is its place in the first of them; in the others it comes last. Raises `NoSuchGroup`, `NoSuchSystem`,
    `RegistryIdTaken` or `positions.NoSuchSibling`.
    """
    point = ContactPoint(organisation=organisation, search_text=searching.point_text(values))
    values.write_to(point)
    with transaction.atomic():
        lock(organisation.pk)
        require_groups(organisation, groups)
        require_system(organisation, values.system)
        require_registry_id(point)
        places = [
            _place(organisation, point, group, place if index == 0 else Edge.LAST)
            for index, group in enumerate(groups or (None,))
        ]
        point.save(force_insert=True)
        Placement.objects.bulk_create(places)
        belongings.add([(point.pk, values)])
        entry = events.Entry(
            tag=Tag.CONTACT_POINT_CREATED,
            obj=point,
            after=snapshots.of_point(point, values, places),
            system_id=point.system_id,
        )
        events.record(caller, organisation, entry)
    return point


def _place(organisation: Organisation, point: ContactPoint, group: ContactGroup | None, place: Place) -> Placement:
    siblings = positions.child_places(organisation, group.pk if group else None)
    return Placement(organisation=organisation, point=point, group=group, position=positions.free(siblings, place))


def change_point(*, caller: Caller, point: ContactPoint, values: PointValues, version: int) -> None:
    """Give a point new values, its lists included.

    Raises `adgang.lib.registered.StaleVersion`, `NoSuchSystem` or `RegistryIdTaken`.
    """
    old = PointValues.of(point)
    before = snapshots.of_point(point, old)
    values.write_to(point)
    point.search_text = searching.point_text(values)
    with transaction.atomic():
        lock(point.organisation_id)
        if old.system != values.system:
            require_system(point.organisation, values.system)
        require_registry_id(point)
        save_version(point, version=version)
        belongings.replace([(point.pk, old, values)])
        entry = events.Entry(
            tag=Tag.CONTACT_POINT_CHANGED,
            obj=point,
            before=before,
            after=snapshots.of_point(point, values),
            system_id=point.system_id,
        )
        events.record(caller, point.organisation, entry)
    belongings.forget(point)


def require_groups(organisation: Organisation, groups: Sequence[ContactGroup | None]) -> None:
    """Raise `NoSuchGroup` unless all of `groups` stand in the structure now; None, the top level, always does."""
    wanted: set[uuid.UUID] = {group.pk for group in groups if group is not None}
    if wanted and ContactGroup.objects.filter(organisation=organisation, pk__in=wanted).count() != len(wanted):
        raise NoSuchGroup


def require_system(organisation: Organisation, system: System) -> None:
    """Raise `NoSuchSystem` unless the system receives for the organisation now."""
    if not System.objects.filter(organisation=organisation, pk=system.pk, is_recipient=True).exists():
        raise NoSuchSystem


def require_registry_id(obj: ContactGroup | ContactPoint) -> None:
    """Raise `RegistryIdTaken` when another object of the kind has the same ID in Digital Post."""
    if obj.registry_id is None:
        return
    others = type(obj)._default_manager.filter(organisation=obj.organisation_id, registry_id=obj.registry_id)
    name = others.exclude(pk=obj.pk).values_list("name", flat=True).first()
    if name is not None:
        raise RegistryIdTaken(str(name))
