"""Groups and points as they are kept beside the structure: in what can be undone, in drafts, in publications.

A group is `{"values", "version", "parent", "position"}`, a point `{"values", "version", "places"}` with a list of
(group, position); ids are text, None is the top level. `values` are those of the event log.
"""

import uuid
from decimal import Decimal
from typing import Any

from contacts.loading import GroupNode, PointNode, Structure
from contacts.values import Code, GroupValues, Mailbox, PointValues, as_log
from systems.models import System

Stored = dict[str, Any]


def of_group(node: GroupNode) -> Stored:
    """Return a group as it is kept."""
    place = {"parent": id_text(node.parent_id), "position": node.position}
    return {"values": as_log(node.values), "version": node.version, **place}


def of_point(node: PointNode, structure: Structure) -> Stored:
    """Return a point as it is kept, with its places in a structure."""
    return {"values": as_log(node.values), "version": node.version, "places": positions(node, structure)}


def positions(node: PointNode, structure: Structure) -> list[tuple[str | None, float]]:
    """Return the groups of a point with its position in each."""
    return [(id_text(group_id), structure.place.get((node.id, group_id), 0)) for group_id in node.group_ids]


def group(pk: uuid.UUID, kept: Stored, *, version: int) -> GroupNode:
    """Return the group that was kept."""
    return GroupNode(pk, id_of(kept["parent"]), group_values(kept["values"]), kept["position"], version)


def point(pk: uuid.UUID, kept: Stored, system: System, *, version: int) -> PointNode:
    """Return the point that was kept, with the system of the id in it."""
    return PointNode(pk, point_values(kept["values"], system), places(kept), version)


def places(kept: Stored) -> list[uuid.UUID | None]:
    """Return the groups that the point stood in."""
    return [id_of(group_id) for group_id, _position in kept["places"]]


def group_values(logged: dict[str, Any]) -> GroupValues:
    """Return the values that `values.as_log` made JSON of."""
    lists = {"postkasse_ids": tuple(logged["postkasse_ids"]), "registry_id": id_of(logged["registry_id"])}
    return GroupValues(**{**logged, **lists})


def point_values(logged: dict[str, Any], system: System) -> PointValues:
    """Return the values that `values.as_log` made JSON of; the system itself is given."""
    size = logged["memo_size_threshold_mb"]
    return PointValues(
        **{
            **logged,
            "system": system,
            "registry_id": id_of(logged["registry_id"]),
            "replaced_by": id_of(logged["replaced_by"]),
            "memo_size_threshold_mb": None if size is None else Decimal(str(size)),
            "codes": tuple(Code(**code) for code in logged["codes"]),
            "search_terms": tuple(logged["search_terms"]),
            "recommended_attributes": tuple(logged["recommended_attributes"]),
            "translations": tuple(Mailbox(**box) for box in logged["translations"]),
        }
    )


def id_text(id_: uuid.UUID | None) -> str | None:
    """Return an id as it is kept."""
    return str(id_) if id_ else None


def id_of(text: str | None) -> uuid.UUID | None:
    """Return the id that was kept."""
    return uuid.UUID(text) if text else None
