"""Groups and points for tests, made by the room's own concepts."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from contacts import registering
from contacts.drafts import editing, lifecycle, publishing
from contacts.loading import Structure
from contacts.models import ContactGroup, ContactPoint, Draft, Publication
from contacts.positions import Edge, Place
from contacts.values import GroupValues, PointValues
from organisations.callers import Caller
from organisations.models import Organisation, User
from systems.models import System
from tests.factories import organisations, systems

CALLER = Caller.command("test")
_numbers = itertools.count(1)


def group(
    name: str = "",
    *,
    organisation: Organisation | None = None,
    parent: ContactGroup | None = None,
    place: Place = Edge.LAST,
    **values: Any,
) -> ContactGroup:
    """Return a saved group, last among its siblings unless `place` says otherwise."""
    owner = organisation or (parent.organisation if parent else organisations.organisation())
    made = GroupValues(name=name or f"Gruppe {next(_numbers)}", **values)
    return registering.create_group(caller=CALLER, organisation=owner, values=made, parent=parent, place=place)


def point(
    name: str = "",
    *,
    organisation: Organisation | None = None,
    groups: Sequence[ContactGroup | None] = (None,),
    system: System | None = None,
    place: Place = Edge.LAST,
    **values: Any,
) -> ContactPoint:
    """Return a saved, open point for citizens that has nothing wrong with it."""
    owner = organisation or next((one.organisation for one in groups if one), None) or organisations.organisation()
    values.setdefault("for_citizens", True)
    values.setdefault("description", "Her kan du skrive til os.")
    values.setdefault("search_terms", ("hjælp",))
    receiver = system or systems.system(organisation=owner, active=True)
    made = PointValues(name=name or f"Kontaktpunkt {next(_numbers)}", system=receiver, **values)
    return registering.create_point(caller=CALLER, organisation=owner, values=made, groups=groups, place=place)


def draft(
    *, organisation: Organisation, name: str = "Omlægning", note: str = "", begun_by: User | None = None
) -> Draft:
    """Return a draft that makes a group with a point, renames what stands first, and deletes what stands last."""
    caller = CALLER if begun_by is None else CALLER.become(begun_by)
    made = lifecycle.begin(caller=caller, organisation=organisation, name=name, note=note)
    lifecycle.change(caller=caller, draft=made, act=_reorganise)
    return made


def publication(*, organisation: Organisation, name: str = "Omlægning") -> Publication:
    """Return what is left of publishing a draft that made a group."""
    made = lifecycle.begin(caller=CALLER, organisation=organisation, name=name)
    lifecycle.change(caller=CALLER, draft=made, act=lambda now: editing.add_group(now, GroupValues(name=name), None))
    event = publishing.publish(caller=CALLER, draft=made)
    return Publication.objects.get(pk=event.pk)


def _reorganise(now: Structure) -> None:
    top = editing.add_group(now, GroupValues(name="Ny afdeling"), None)
    if receivers := [one for one in now.systems if one.is_recipient]:
        values = PointValues(name="Nyt kontaktpunkt", system=receivers[0], for_citizens=True)
        editing.add_point(now, values, [top.id])
    old = sorted(now.points.values(), key=lambda node: node.values.name)
    if len(old) > 1:
        editing.set_point(now, old[0], replace(old[0].values, name=f"{old[0].values.name} (ny)"))
        editing.delete_point(now, old[-1])


def names_below(organisation: Organisation, group: ContactGroup | None = None) -> list[str]:
    """Return the names of what stands directly in a group, in the order shown: groups, then points."""
    groups = ContactGroup.objects.filter(organisation=organisation, parent=group).order_by("position")
    points = ContactPoint.objects.filter(organisation=organisation, placements__group=group)
    return [one.name for one in groups] + [one.name for one in points.order_by("placements__position")]
