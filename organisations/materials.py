"""Materials, contacts and minimum requirements: what the operator shows to every authority."""

from django.db import transaction

from adgang.lib.registered import check_version, save_version
from adgang.lib.snapshots import differences, snapshot
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Material


@transaction.atomic
def create(*, caller: Caller, material: Material) -> Material:
    """Save a new material; recorded in the operator's chain."""
    material.save(force_insert=True)
    events.record(caller, None, Entry(tag=Tag.MATERIAL_CHANGED, obj=material, after=snapshot(material)))
    return material


@transaction.atomic
def change(*, caller: Caller, material: Material, version: int) -> Material:
    """Save a changed material; recorded. Raises `StaleVersion`."""
    standing = Material.objects.select_for_update().filter(pk=material.pk).first()
    changed = differences(snapshot(standing), snapshot(material)) if standing else {}
    save_version(material, version=version)
    entry = Entry(
        tag=Tag.MATERIAL_CHANGED,
        obj=material,
        before={name: old for name, (old, _) in changed.items()},
        after={name: new for name, (_, new) in changed.items()},
    )
    if changed:
        events.record(caller, None, entry)
    return material


@transaction.atomic
def delete(*, caller: Caller, material: Material, version: int) -> None:
    """Delete a material; recorded. Raises `StaleVersion`."""
    standing = check_version(Material.objects.select_for_update().get(pk=material.pk), version=version)
    entry = Entry(tag=Tag.MATERIAL_CHANGED, obj=standing, before=snapshot(standing))
    standing.delete()
    standing.pk = material.pk
    events.record(caller, None, entry)
