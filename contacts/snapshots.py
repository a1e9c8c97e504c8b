"""Groups and points as the event log keeps them."""

import uuid
from collections.abc import Iterable

from adgang.lib.snapshots import JSON, snapshot
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.values import PointValues, as_log

LISTS = ("codes", "search_terms", "recommended_attributes", "translations")


def of_group(group: ContactGroup) -> dict[str, JSON]:
    """Return a group's fields, its place included."""
    return snapshot(group)


def of_point(point: ContactPoint, values: PointValues, places: Iterable[Placement] | None = None) -> dict[str, JSON]:
    """Return a point's fields, its lists, and where it stands if `places` are given."""
    logged = as_log(values)
    related: dict[str, JSON] = {name: logged[name] for name in LISTS}
    if places is not None:
        related |= of_groups((place.group_id, place.group.name if place.group else "") for place in places)
    return snapshot(point, **related)


def of_groups(groups: Iterable[tuple[uuid.UUID | None, str]]) -> dict[str, JSON]:
    """Return the groups that a point stands in, given by id and name (None and "": the top level)."""
    listed = sorted(groups, key=lambda group: group[1])
    return {"groups": [name for _id, name in listed], "group_ids": [_id_text(id_) for id_, _name in listed]}


def of_place(place: Placement) -> dict[str, JSON]:
    """Return one place of a point: the group by name and id ("" and None: the top level), and the position in it."""
    name = place.group.name if place.group else ""
    return {"group": name, "group_id": _id_text(place.group_id), "position": place.position}


def _id_text(id_: uuid.UUID | None) -> str | None:
    return str(id_) if id_ else None
