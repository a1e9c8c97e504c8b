"""What keeps a draft from being published though nobody changed the same field: the whole would not hold together."""

import uuid
from collections.abc import Iterable, Iterator

from adgang.lib.findings import Finding, finding
from contacts import rules
from contacts.loading import GroupNode, PointNode, Structure
from contacts.states import Circle, require_no_circle

Node = GroupNode | PointNode
Obstacle = tuple[uuid.UUID, Finding]


def mend(now: Structure, after: Structure) -> list[Obstacle]:
    """Let `after` be a forest whose every object can be seen, and return what had to be mended or still must be.

    What would stand in a group that is gone, or below itself, stands at the top level until somebody moves it. Only
    what differs from `now` is judged otherwise: what was wrong before stays as it was.
    """
    mended = [*_lost(after), *_cycles(now, after)]
    return [*mended, *_systems(now, after), *_same_ids(after), *_circles(now, after), *_values(now, after)]


def _lost(after: Structure) -> Iterator[Obstacle]:
    for node in after.groups.values():
        if node.parent_id is not None and node.parent_id not in after.groups:
            _to_the_top(node)
            yield node.id, finding("draft.group_gone", name=node.values.name)
    known = {None, *after.groups}
    for point in after.points.values():
        if known.issuperset(point.group_ids):
            continue
        there = [group_id for group_id in point.group_ids if group_id in known]
        point.group_ids = there or [None]
        if not there:
            yield point.id, finding("draft.group_gone", name=point.values.name)


def _cycles(now: Structure, after: Structure) -> Iterator[Obstacle]:
    """Cut every circle at the group of it that stands elsewhere than now."""
    safe: set[uuid.UUID] = set()
    for node in after.groups.values():
        way: list[GroupNode] = []
        one: GroupNode | None = node
        while one is not None and one.id not in safe and all(one is not other for other in way):
            way.append(one)
            one = after.groups[one.parent_id] if one.parent_id else None
        if one is not None and one.id not in safe:
            circle = way[way.index(one) :]
            moved = next((group for group in circle if _stands_elsewhere(group, now)), one)
            _to_the_top(moved)
            yield moved.id, finding("draft.below_itself", name=moved.values.name)
        safe |= {group.id for group in way}


def _to_the_top(group: GroupNode) -> None:
    """Let a group stand first at the top level: wherever somebody moves it is then a change, the top included."""
    group.parent_id, group.position = None, 0


def _stands_elsewhere(group: GroupNode, now: Structure) -> bool:
    old = now.groups.get(group.id)
    return old is None or old.parent_id != group.parent_id


def _changed(now: Structure, after: Structure) -> Iterator[Node]:
    """Yield what is new in `after` or has other values there."""
    nodes: Iterable[Node] = [*after.groups.values(), *after.points.values()]
    olds: dict[uuid.UUID, Node] = {**now.groups, **now.points}
    for node in nodes:
        old = olds.get(node.id)
        # What the draft leaves alone has the very same values.
        if old is None or (old.values is not node.values and old.values != node.values):
            yield node


def _systems(now: Structure, after: Structure) -> Iterator[Obstacle]:
    known = {system.pk for system in now.systems}
    for node in after.points.values():
        if node.values.system.pk not in known:
            yield node.id, finding("draft.system_gone", name=node.values.name)


def _same_ids(after: Structure) -> Iterator[Obstacle]:
    for nodes in (after.groups.values(), after.points.values()):
        seen: dict[uuid.UUID, Node] = {}
        for node in nodes:
            if (id_ := node.values.registry_id) is None:
                continue
            if other := seen.get(id_):
                yield node.id, finding("draft.registry_id_taken", name=node.values.name, other=other.values.name)
            seen[id_] = node


def _circles(now: Structure, after: Structure) -> Iterator[Obstacle]:
    """Name the points whose new successor leads back to them."""
    successors = {
        node.id: node.values.replaced_by for node in after.points.values() if node.values.replaced_by is not None
    }
    for pk, by in successors.items():
        old = now.points.get(pk)
        if old is not None and old.values.replaced_by == by:
            continue
        try:
            require_no_circle(pk, by, successors)
        except Circle:
            yield pk, finding("draft.successors", name=after.points[pk].values.name)


def _values(now: Structure, after: Structure) -> Iterator[Obstacle]:
    known = {system.pk for system in now.systems}
    for node in _changed(now, after):
        if isinstance(node, GroupNode):
            faults = rules.group_faults(node.values)
        else:
            faults = rules.point_faults(node.values) if node.values.system.pk in known else []
        for _name, fault in faults:
            yield node.id, finding("draft.value", name=node.values.name, why=fault.message)
