"""A structure that is kept as a plain list in the order of the tree: readable, and paged however long it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from django.utils.functional import Promise

from contacts import exporting, states
from contacts.drafts.merging import Node
from contacts.drafts.wording import Words
from contacts.loading import GroupNode, Structure
from contacts.states import BADGES


@dataclass(frozen=True)
class Line:
    """A group or point: its name and where it stands; a point's state, its colour, and its system."""

    name: str
    path: str
    is_group: bool
    state: str | Promise = ""
    colour: str = ""
    system: str = ""


class Outline(Sequence[Line]):
    """The lines of a structure; only those that are asked for are made."""

    def __init__(self, structure: Structure) -> None:
        self.words = Words(structure)
        self.structure = structure

    @cached_property
    def nodes(self) -> list[Node]:
        """Everything in the order of the tree, each once."""
        return list(exporting.in_order(self.structure))

    def __len__(self) -> int:
        return len(self.nodes)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        if isinstance(index, slice):
            return [self._line(node) for node in self.nodes[index]]
        return self._line(self.nodes[index])

    def _line(self, node: Node) -> Line:
        path = self.words.places(node)
        if isinstance(node, GroupNode):
            return Line(node.values.name, path, is_group=True)
        state = states.of(active=node.values.active, visible=node.values.visible)
        return Line(node.values.name, path, False, state.label, BADGES[state], node.values.system.name)
