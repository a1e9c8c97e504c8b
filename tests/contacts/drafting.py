"""Short ways to work on a draft in tests, and on the structure meanwhile."""

import uuid
from dataclasses import replace
from typing import Any

from contacts import registering
from contacts.drafts import editing, lifecycle
from contacts.models import ContactPoint, Draft
from contacts.values import GroupValues, PointValues
from organisations.models import Organisation
from tests.factories.contacts import CALLER


def begin(org: Organisation, name: str = "Omlægning") -> Draft:
    """Return a draft that changes nothing yet."""
    return lifecycle.begin(caller=CALLER, organisation=org, name=name)


def edit(draft: Draft, node_id: uuid.UUID, **values: Any) -> None:
    """Change the values of a group or point in a draft."""

    def act(now: Any) -> None:
        node = now.node(node_id)
        node.values = replace(node.values, **values)

    lifecycle.change(caller=CALLER, draft=draft, act=act)


def add_group(draft: Draft, name: str, parent_id: uuid.UUID | None = None) -> uuid.UUID:
    """Make a group in a draft, and return its id."""
    values = GroupValues(name=name)
    return lifecycle.change(caller=CALLER, draft=draft, act=lambda now: editing.add_group(now, values, parent_id)).id


def add_point(draft: Draft, name: str, group_id: uuid.UUID | None = None) -> uuid.UUID:
    """Make a contact point in a draft, and return its id."""

    def act(now: Any) -> Any:
        values = PointValues(name=name, system=now.systems[0], for_citizens=True)
        return editing.add_point(now, values, [group_id])

    return lifecycle.change(caller=CALLER, draft=draft, act=act).id


def delete_point(draft: Draft, point_id: uuid.UUID) -> None:
    """Delete a contact point in a draft."""
    lifecycle.change(caller=CALLER, draft=draft, act=lambda now: editing.delete_point(now, now.points[point_id]))


def move_group(draft: Draft, group_id: uuid.UUID, to: uuid.UUID | None, place: Any = editing.Edge.LAST) -> None:
    """Move a group in a draft."""
    lifecycle.change(
        caller=CALLER, draft=draft, act=lambda now: editing.move_group(now, now.groups[group_id], to, place)
    )


def change_live(point: ContactPoint, **values: Any) -> None:
    """Change a contact point of the structure itself."""
    point = ContactPoint.objects.get(pk=point.pk)
    registering.change_point(
        caller=CALLER, point=point, values=replace(PointValues.of(point), **values), version=point.version
    )
