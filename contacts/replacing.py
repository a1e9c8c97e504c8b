"""A group or point replaced as a whole, values and place, in one version and one event, as the registry's PUT does."""

import uuid
from collections.abc import Sequence

from django.db import transaction

from adgang.lib.registered import save_version
from contacts import belongings, moving, positions, registering, searching, snapshots
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.positions import Edge
from contacts.values import GroupValues, PointValues
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock


def replace_group(
    *, caller: Caller, group: ContactGroup, values: GroupValues, parent: ContactGroup | None, version: int
) -> None:
    """Give a group new values and a parent (None: the top level); one that comes to another parent stands last there.

    Raises `adgang.lib.registered.StaleVersion`, `RegistryIdTaken`, `NoSuchGroup` or `moving.MovedBelowItself`.
    """
    before = snapshots.of_group(group)
    with transaction.atomic():
        lock(group.organisation_id)
        if (parent.pk if parent else None) != group.parent_id:
            if parent is not None:
                moving.require_apart(group, parent)
            group.parent = parent
            siblings = positions.child_groups(group.organisation, group.parent_id)
            group.position = positions.free(siblings, Edge.LAST)
        values.write_to(group)
        group.search_text = searching.group_text(values)
        registering.require_registry_id(group)
        save_version(group, version=version)
        entry = events.Entry(tag=Tag.CONTACT_GROUP_CHANGED, obj=group, before=before, after=snapshots.of_group(group))
        events.record(caller, group.organisation, entry)


def replace_point(
    *,
    caller: Caller,
    point: ContactPoint,
    values: PointValues,
    groups: Sequence[ContactGroup | None],
    version: int,
) -> None:
    """Give a point new values and the groups it stands in (None: the top level); where it is new it stands last.

    Raises `adgang.lib.registered.StaleVersion`, `NoSuchSystem`, `NoSuchGroup` or `RegistryIdTaken`.
    """
    old = PointValues.of(point)
    before = snapshots.of_point(point, old, point.placements.select_related("group"))
    values.write_to(point)
    point.search_text = searching.point_text(values)
    with transaction.atomic():
        lock(point.organisation_id)
        registering.require_groups(point.organisation, groups)
        if old.system != values.system:
            registering.require_system(point.organisation, values.system)
        registering.require_registry_id(point)
        save_version(point, version=version)
        belongings.replace([(point.pk, old, values)])
        _place(point, {group.pk if group else None for group in groups})
        places = point.placements.select_related("group").all()
        entry = events.Entry(
            tag=Tag.CONTACT_POINT_CHANGED,
            obj=point,
            before=before,
            after=snapshots.of_point(point, values, places),
            system_id=point.system_id,
        )
        events.record(caller, point.organisation, entry)
    belongings.forget(point)


def _place(point: ContactPoint, wanted: set[uuid.UUID | None]) -> None:
    standing = {place.group_id: place.pk for place in Placement.objects.filter(point=point)}
    gone = [pk for group_id, pk in standing.items() if group_id not in wanted]
    Placement.objects.filter(pk__in=gone).delete()
    for group_id in wanted - standing.keys():
        siblings = positions.child_places(point.organisation, group_id)
        position = positions.free(siblings, Edge.LAST)
        Placement.objects.create(organisation=point.organisation, point=point, group_id=group_id, position=position)
    belongings.forget(point)
