"""What is told of the way to each group of a structure, from the top down: a path, a place in the order of the tree."""

import uuid
from collections.abc import Callable
from typing import Generic, TypeVar

from contacts.loading import GroupNode, Structure

Told = TypeVar("Told")


class Descents(Generic[Told]):
    """What is told of the ways through a structure, for as long as it does not change.

    `top` is told of the top level, and `add` tells of a group what is told of the one above it and the group itself:
    so what groups have above them together is gone through once, however many are asked for.
    """

    def __init__(self, structure: Structure, top: Told, add: Callable[[Told, GroupNode], Told]) -> None:
        self.groups, self.top, self.add = structure.groups, top, add
        self.known: dict[uuid.UUID | None, Told] = {None: top}

    def to(self, group_id: uuid.UUID | None) -> Told:
        """Return what is told of the way to a group; None is the top level. A cycle ends where it closes."""
        way: dict[uuid.UUID, GroupNode] = {}
        while group_id is not None and group_id not in self.known and group_id not in way:
            way[group_id] = self.groups[group_id]
            group_id = way[group_id].parent_id
        if group_id in way:
            return self._from(self.top, way, {})
        return self._from(self.known[group_id], way, self.known)

    def _from(self, told: Told, way: dict[uuid.UUID, GroupNode], known: dict[uuid.UUID | None, Told]) -> Told:
        for pk, node in reversed(way.items()):
            told = known[pk] = self.add(told, node)
        return told
