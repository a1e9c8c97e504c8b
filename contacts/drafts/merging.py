"""The structure as a draft would make it: what stands now, with the draft's changes on top, field by field.

A change keeps how its object stood when the draft first touched it. What only the draft has changed since, is as the
draft says; what only others have changed, is as they say; what both have changed differently is a conflict, which
somebody must decide before the draft can be published. Until then the draft's own version is shown.
"""

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as field_
from typing import Any

from adgang.lib.findings import Finding
from contacts import stored
from contacts.drafts import obstacles
from contacts.loading import GroupNode, PointNode, Structure
from contacts.models import DraftChange
from contacts.stored import Stored
from systems.models import System

# The field of a conflict about the object itself: one deletes it, the other changes it.
WHOLE = ""
# Where a thing stands, and in what order, beside the fields of its values.
GROUP_PLACE = ("parent", "position")
POINT_PLACE = ("places", "order")
ORDERS = ("position", "order")
Flat = dict[str, Any]
Node = GroupNode | PointNode


@dataclass(frozen=True)
class Conflict:
    """Two different changes of one field: how it was, how the draft has it, how it stands now.

    With `field` "" it is the whole object that one side deletes: `mine` or `theirs` is None then. `beside` is what
    else stands now and goes with the field: with the parent, the position in it.
    """

    change: DraftChange
    name: str
    field: str
    base: Any
    mine: Any
    theirs: Any
    beside: Flat = field_(default_factory=dict)


@dataclass
class Merged:
    """What a draft would make of the structure: `before` as it stands, `after` as it would be.

    `touched` are the objects that the draft changes, by id. Neither conflicts nor obstacles may be left when it is
    published.
    """

    before: Structure
    after: Structure
    touched: dict[uuid.UUID, DraftChange] = field_(default_factory=dict)
    conflicts: list[Conflict] = field_(default_factory=list)
    obstacles: list[tuple[uuid.UUID, Finding]] = field_(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether it can be published as it is."""
        return not self.conflicts and not self.obstacles


def merge(now: Structure, changes: Iterable[DraftChange]) -> Merged:
    """Return the structure `now` with the changes of a draft on top of it."""
    after = now.copy()
    merged = Merged(before=now, after=after)
    systems = {str(system.pk): system for system in now.systems}
    for change in changes:
        merged.touched[change.object_id] = change
        _apply(merged, change, systems)
    merged.obstacles = obstacles.mend(now, after)
    return merged


def _apply(merged: Merged, change: DraftChange, systems: dict[str, System]) -> None:
    mine, text = _read(change.after), _text_now(change, merged.before)
    # Mostly nobody has touched it since, and there is nothing to join.
    base, theirs = (None, None) if change.before == text else (_read(change.before), _read(text))
    merged.conflicts += _conflicts(change, base, mine, theirs)
    nodes: dict[uuid.UUID, Any] = merged.after.groups if change.is_group else merged.after.points
    if mine is None:
        nodes.pop(change.object_id, None)
        return
    wanted = mine if theirs is None or base is None else _joined(base, mine, theirs)
    version = _version(change, merged.before)
    if change.is_group:
        nodes[change.object_id] = stored.group(change.object_id, wanted, version=version)
        return
    system = systems.get(wanted["values"]["system"]) or System(pk=uuid.UUID(wanted["values"]["system"]))
    nodes[change.object_id] = stored.point(change.object_id, wanted, system, version=version)
    for group_id, position in wanted["places"]:
        merged.after.place[change.object_id, stored.id_of(group_id)] = position


def current(change: DraftChange, now: Structure) -> Stored | None:
    """Return how the object of a change stands now; None when it is not there."""
    return _read(_text_now(change, now))


def _text_now(change: DraftChange, now: Structure) -> str:
    node = _node(change, now)
    return text_of(node, now) if node else ""


def _version(change: DraftChange, now: Structure) -> int:
    node = _node(change, now)
    return node.version if node else 0


def _node(change: DraftChange, now: Structure) -> Node | None:
    return now.groups.get(change.object_id) if change.is_group else now.points.get(change.object_id)


def text_of(node: Node, structure: Structure) -> str:
    """Return a group or point as it is kept, as text."""
    kept = stored.of_group(node) if isinstance(node, GroupNode) else stored.of_point(node, structure)
    return json.dumps(kept, ensure_ascii=False)


def _read(text: str) -> Stored | None:
    return json.loads(text) if text else None


def flat(kept: Stored) -> Flat:
    """Return what is kept of an object as one row of fields; the order of its places apart from the places."""
    if "parent" in kept:
        return {**kept["values"], "parent": kept["parent"], "position": kept["position"]}
    places = dict(kept["places"])
    return {**kept["values"], "places": sorted(places, key=str), "order": places}


def unflat(fields: Flat, version: int) -> Stored:
    """Return the kept form that `flat` took apart."""
    if "parent" in fields:
        values = {name: value for name, value in fields.items() if name not in GROUP_PLACE}
        return {"values": values, "version": version, "parent": fields["parent"], "position": fields["position"]}
    values = {name: value for name, value in fields.items() if name not in POINT_PLACE}
    places = [(group_id, fields["order"].get(group_id, 0)) for group_id in fields["places"]]
    return {"values": values, "version": version, "places": places}


def _joined(base: Stored, mine: Stored, theirs: Stored) -> Stored:
    """Return the three as one: what the draft has changed as the draft has it, everything else as it stands."""
    old, wanted, now = flat(base), flat(mine), flat(theirs)
    joined = {name: now[name] if wanted[name] == old[name] else wanted[name] for name in wanted}
    if "parent" in joined:
        mine_moved, they_moved = wanted["parent"] != old["parent"], now["parent"] != old["parent"]
        joined["position"] = wanted["position"] if mine_moved else joined["position"]
        joined["position"] = now["position"] if they_moved and not mine_moved else joined["position"]
    else:
        joined["order"] = {**wanted["order"], **now["order"], **_moved(old["order"], wanted["order"])}
    return unflat(joined, theirs["version"])


def _moved(old: dict[Any, float], wanted: dict[Any, float]) -> dict[Any, float]:
    """Return the positions that the draft has given anew."""
    return {group_id: position for group_id, position in wanted.items() if old.get(group_id) != position}


def _conflicts(
    change: DraftChange, base: Stored | None, mine: Stored | None, theirs: Stored | None
) -> Iterator[Conflict]:
    if base is None or (mine is None and theirs is None):
        return
    if mine is None or theirs is None:
        one = mine or theirs
        if one is not None and _differs(base, one):
            yield Conflict(
                change, base["values"]["name"], WHOLE, flat(base), mine and flat(mine), theirs and flat(theirs)
            )
        return
    old, wanted, now = flat(base), flat(mine), flat(theirs)
    name = now["name"]
    for key in wanted:
        if key == "order":
            if _order_clash(old[key], wanted[key], now[key]):
                yield Conflict(change, name, key, old[key], wanted[key], now[key])
        elif key == "position" and (wanted["parent"] != old["parent"] or now["parent"] != old["parent"]):
            continue
        elif old[key] != wanted[key] != now[key] != old[key]:
            beside = {"position": now["position"]} if key == "parent" else {}
            yield Conflict(change, name, key, old[key], wanted[key], now[key], beside)


def _order_clash(old: dict[Any, float], wanted: dict[Any, float], now: dict[Any, float]) -> bool:
    """Say whether both have put the point elsewhere among the same siblings."""
    both = old.keys() & wanted.keys() & now.keys()
    return any(old[key] != wanted[key] != now[key] != old[key] for key in both)


def _differs(base: Stored, other: Stored) -> bool:
    """Say whether more than the order differs."""
    old, new = flat(base), flat(other)
    return any(old[key] != new[key] for key in old if key not in ORDERS)


def keep_mine(conflict: Conflict) -> None:
    """Decide for the draft: what stands now is what its change starts from."""
    change = conflict.change
    if conflict.field == WHOLE:
        change.before = json.dumps(unflat(conflict.theirs, 0)) if conflict.theirs else ""
        return
    change.before = _with(change.before, {conflict.field: conflict.theirs})


def take_theirs(conflict: Conflict) -> bool:
    """Decide for what stands now; False when nothing is left of the change."""
    change = conflict.change
    if conflict.field == WHOLE:
        return False
    theirs = {conflict.field: conflict.theirs, **conflict.beside}
    change.before, change.after = _with(change.before, theirs), _with(change.after, theirs)
    return flat(json.loads(change.before)) != flat(json.loads(change.after))


def _with(text: str, values: Flat) -> str:
    kept = json.loads(text)
    return json.dumps(unflat({**flat(kept), **values}, kept["version"]), ensure_ascii=False)
