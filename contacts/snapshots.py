"""Groups and points as the event log keeps them."""

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
        related["places"] = [of_place(place) for place in places]
    return snapshot(point, **related)


def of_place(place: Placement) -> dict[str, JSON]:
    """Return where a point stands: the group's id (None: top level) and the position in it."""
    return {"group": str(place.group_id) if place.group_id else None, "position": place.position}
