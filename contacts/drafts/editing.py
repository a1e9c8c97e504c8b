"""What a person can do to groups and points in a draft: on the structure in memory, under the rules of the live one.

Each function changes the structure it is given. `Place` and the exceptions are those of `contacts.moving`.
"""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from contacts.deleting import Children
from contacts.loading import GroupNode, PointNode, Structure
from contacts.moving import AlreadyThere, Direction, LastPlace, MovedBelowItself
from contacts.positions import GAP, Edge, NoSuchSibling, Place
from contacts.registering import NoSuchGroup, NoSuchSystem, RegistryIdTaken
from contacts.states import require_no_circle
from contacts.values import GroupValues, PointValues, Values

Parent = uuid.UUID | None


def add_group(structure: Structure, values: GroupValues, parent_id: Parent, place: Place = Edge.LAST) -> GroupNode:
    """Return a new group. Raises `NoSuchGroup`, `RegistryIdTaken` or `NoSuchSibling`."""
    _require_group(structure, parent_id)
    node = GroupNode(uuid.uuid4(), parent_id, values)
    _require_registry_id(structure.groups, node.id, values)
    node.position = _group_position(structure, node, parent_id, place)
    structure.groups[node.id] = node
    return node


def add_point(structure: Structure, values: PointValues, group_ids: Iterable[Parent]) -> PointNode:
    """Return a new point, last in each of the groups. Raises `NoSuchGroup`, `NoSuchSystem` or `RegistryIdTaken`."""
    node = PointNode(uuid.uuid4(), values)
    _require_registry_id(structure.points, node.id, values)
    _require_system(structure, values)
    structure.points[node.id] = node
    for group_id in group_ids:
        place_point(structure, node, group_id)
    return node


def set_group(structure: Structure, node: GroupNode, values: GroupValues) -> GroupNode:
    """Give a group new values, and return it. Raises `RegistryIdTaken`."""
    _require_registry_id(structure.groups, node.id, values)
    node.values = values
    return node


def set_point(structure: Structure, node: PointNode, values: PointValues) -> PointNode:
    """Give a point new values, state and successor included, and return it.

    Raises `NoSuchSystem`, `RegistryIdTaken` or `contacts.states.Circle`.
    """
    _require_registry_id(structure.points, node.id, values)
    if values.system != node.values.system:
        _require_system(structure, values)
    if values.replaced_by is not None and values.replaced_by != node.values.replaced_by:
        named = {pk: other.values.replaced_by for pk, other in structure.points.items()}
        require_no_circle(node.id, values.replaced_by, {pk: by for pk, by in named.items() if by is not None})
    node.values = values
    return node


def move_group(structure: Structure, node: GroupNode, to: Parent, place: Place = Edge.LAST) -> GroupNode:
    """Put a group with its branch below `to`; return it.

    Raises `NoSuchGroup`, `MovedBelowItself` or `NoSuchSibling`.
    """
    _require_group(structure, to)
    if node.id in above(structure, to):
        raise MovedBelowItself
    node.position = _group_position(structure, node, to, place)
    node.parent_id = to
    return node


def move_point(
    structure: Structure, node: PointNode, seen_in: Parent, to: Parent, place: Place = Edge.LAST
) -> PointNode:
    """Put a point from one of its places into another; return it.

    Raises `NoSuchGroup`, `AlreadyThere` or `NoSuchSibling`.
    """
    _require_group(structure, to)
    if seen_in not in node.group_ids:
        raise NoSuchGroup
    if to != seen_in and to in node.group_ids:
        raise AlreadyThere
    position = _point_position(structure, node, to, place)
    node.group_ids[node.group_ids.index(seen_in)] = to
    structure.place.pop((node.id, seen_in), None)
    structure.place[node.id, to] = position
    return node


def step_group(structure: Structure, node: GroupNode, direction: Direction) -> bool:
    """Move a group one step among its siblings; False, and nothing done, when it already stands at that end."""
    place = _step([group.id for group in groups_in(structure, node.parent_id)], node.id, direction)
    if place is not None:
        move_group(structure, node, node.parent_id, place)
    return place is not None


def step_point(structure: Structure, node: PointNode, group_id: Parent, direction: Direction) -> bool:
    """Move a point one step among the points of a group; False, and nothing done, when it stands at that end."""
    place = _step([point.id for point in points_in(structure, group_id)], node.id, direction)
    if place is not None:
        move_point(structure, node, group_id, group_id, place)
    return place is not None


def _step(siblings: list[uuid.UUID], own: uuid.UUID, direction: Direction) -> Place | None:
    number = siblings.index(own)
    if direction is Direction.DOWN:
        return siblings[number + 1] if number + 1 < len(siblings) else None
    if number == 0:
        return None
    return siblings[number - 2] if number > 1 else Edge.FIRST


def place_point(structure: Structure, node: PointNode, group_id: Parent) -> PointNode:
    """Let a point stand, last, in one more group, and return it. Raises `NoSuchGroup` or `AlreadyThere`."""
    _require_group(structure, group_id)
    if group_id in node.group_ids:
        raise AlreadyThere
    structure.place[node.id, group_id] = _point_position(structure, node, group_id, Edge.LAST)
    node.group_ids.append(group_id)
    return node


def unplace_point(structure: Structure, node: PointNode, group_id: Parent) -> None:
    """Take a point out of one of its groups. Raises `LastPlace`."""
    if len(node.group_ids) < 2:
        raise LastPlace
    node.group_ids.remove(group_id)
    structure.place.pop((node.id, group_id), None)


def delete_point(structure: Structure, node: PointNode) -> None:
    """Delete a point from everywhere it stands."""
    del structure.points[node.id]


def delete_group(structure: Structure, node: GroupNode, children: Children) -> None:
    """Delete a group; what stands in it goes too, or moves up to where the group stood."""
    if children is Children.MOVE_UP:
        _move_up(structure, node)
    else:
        _delete_below(structure, node)
    del structure.groups[node.id]


def _move_up(structure: Structure, node: GroupNode) -> None:
    for group in groups_in(structure, node.id):
        group.position = _group_position(structure, group, node.parent_id, Edge.LAST)
        group.parent_id = node.parent_id
    for point in points_in(structure, node.id):
        if node.parent_id in point.group_ids:
            unplace_point(structure, point, node.id)
        else:
            move_point(structure, point, node.id, node.parent_id)


def _delete_below(structure: Structure, node: GroupNode) -> None:
    gone = {group.id for group in below(structure, node)}
    for point in list(structure.points.values()):
        left = [group_id for group_id in point.group_ids if group_id not in gone]
        if not left:
            del structure.points[point.id]
        elif len(left) < len(point.group_ids):
            point.group_ids = left
    for pk in gone - {node.id}:
        del structure.groups[pk]


def above(structure: Structure, group_id: Parent) -> set[uuid.UUID]:
    """Return a group and all that it stands in; nothing for the top level."""
    found: set[uuid.UUID] = set()
    while group_id is not None and group_id not in found:
        found.add(group_id)
        group_id = structure.groups[group_id].parent_id
    return found


def below(structure: Structure, node: GroupNode) -> list[GroupNode]:
    """Return a group and all groups that stand below it, from the top."""
    children: dict[Parent, list[GroupNode]] = {}
    for group in structure.groups.values():
        children.setdefault(group.parent_id, []).append(group)
    found = [node]
    for group in found:
        found += children.get(group.id, [])
    return found


def points_in(structure: Structure, group_id: Parent) -> list[PointNode]:
    """Return the points directly in a group, in their order."""
    inside = (node for node in structure.points.values() if group_id in node.group_ids)
    return sorted(inside, key=lambda node: structure.place.get((node.id, group_id), 0))


def groups_in(structure: Structure, group_id: Parent) -> list[GroupNode]:
    """Return the groups directly below a group, in their order."""
    inside = (group for group in structure.groups.values() if group.parent_id == group_id)
    return sorted(inside, key=lambda node: node.position)


def _group_position(structure: Structure, node: GroupNode, parent_id: Parent, place: Place) -> float:
    siblings = [(group.position, group.id) for group in groups_in(structure, parent_id) if group is not node]

    def renumber(pk: uuid.UUID, position: float) -> None:
        structure.groups[pk].position = position

    return _position(siblings, place, renumber)


def _point_position(structure: Structure, node: PointNode, group_id: Parent, place: Place) -> float:
    inside = [point for point in points_in(structure, group_id) if point is not node]
    siblings = [(structure.place.get((point.id, group_id), 0), point.id) for point in inside]

    def renumber(pk: uuid.UUID, position: float) -> None:
        structure.place[pk, group_id] = position

    return _position(siblings, place, renumber)


def _position(
    siblings: list[tuple[float, uuid.UUID]], place: Place, renumber: Callable[[uuid.UUID, float], None]
) -> float:
    """Return a position at `place`: any number between those of its neighbours, for only publishing needs whole ones.

    When even these are used up, all siblings get new ones. Raises `NoSuchSibling`.
    """
    number = _number(siblings, place)
    low = siblings[number - 1][0] if number else 0.0
    if number == len(siblings):
        return int(low) + GAP
    middle = (low + siblings[number][0]) / 2
    if low < middle < siblings[number][0]:
        return middle
    for index, (_position, pk) in enumerate(siblings):
        renumber(pk, GAP * (index + 1 + (index >= number)))
    return GAP * (number + 1)


def _number(siblings: list[tuple[float, uuid.UUID]], place: Place) -> int:
    """Return how many siblings stand before `place`."""
    if isinstance(place, Edge):
        return 0 if place is Edge.FIRST else len(siblings)
    for index, (_position, pk) in enumerate(siblings):
        if pk == place:
            return index + 1
    raise NoSuchSibling(place)


def _require_group(structure: Structure, group_id: Parent) -> None:
    if group_id is not None and group_id not in structure.groups:
        raise NoSuchGroup


def _require_system(structure: Structure, values: PointValues) -> None:
    if not any(system.pk == values.system.pk and system.is_recipient for system in structure.systems):
        raise NoSuchSystem


def _require_registry_id(nodes: Any, own: uuid.UUID, values: Values) -> None:
    if values.registry_id is None:
        return
    for pk, node in nodes.items():
        if pk != own and node.values.registry_id == values.registry_id:
            raise RegistryIdTaken(node.values.name)
