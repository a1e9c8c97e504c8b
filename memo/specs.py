"""The tables of elements in the form in which the walker looks things up: one object an element and version."""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache

from memo.elements import NAMESPACES, Child, Type, Version, children
from memo.parts import field_name
from memo.simple_types import READERS, Reader


@dataclass(eq=False, slots=True)
class Slot:
    """A child in its parent's order."""

    index: int
    child: Child
    name: str
    fewest: int
    most: int | None
    field_name: str
    reader: Reader | None
    is_content: bool
    spec: "Spec | None"


@dataclass(eq=False, slots=True)
class Spec:
    """An element with children in one version.

    `slots` by the name that the parser gives, "namespace local prefix" with the usual prefix; `bare` without it.
    """

    name: str
    version: Version
    slots: dict[str, Slot] = field(default_factory=dict)
    bare: dict[str, Slot] = field(default_factory=dict)
    ordered: list[Slot] = field(default_factory=list)
    required: list[Slot] = field(default_factory=list)
    choices: list[Slot] = field(default_factory=list)

    def around(self, slot: Slot) -> list[str]:
        """Return the name of a child between those of its neighbours, in order."""
        return [one.name for one in self.ordered[max(0, slot.index - 1) : slot.index + 2]]


@cache
def spec_of(name: str, version: Version) -> Spec:
    """Return the specification of an element with children; the same object for the same element."""
    spec = Spec(name, version)
    for index, child in enumerate(children(name, version)):
        fewest, most = child.occurs(version)
        below = spec_of(child.name, version) if child.type is Type.COMPLEX else None
        reader, is_content = READERS.get(child.type), child.type is Type.CONTENT
        slot = Slot(index, child, child.name, fewest, most, field_name(child.name), reader, is_content, below)
        prefix, _, local = child.name.partition(":")
        spec.slots[f"{NAMESPACES[prefix]} {local} {prefix}"] = slot
        spec.bare[f"{NAMESPACES[prefix]} {local}"] = slot
        spec.ordered.append(slot)
    spec.required = [slot for slot in spec.ordered if slot.fewest]
    spec.choices = [slot for slot in spec.ordered if slot.child.choice]
    return spec


def longest_in_order(indexes: list[int]) -> set[int]:
    """Return the positions of a longest run of indexes that do not fall; the others are those out of place."""
    tails: list[int] = []
    positions: list[int] = []
    before: list[int] = []
    for position, index in enumerate(indexes):
        at = bisect_right(tails, index)
        before.append(positions[at - 1] if at else -1)
        tails[at : at + 1], positions[at : at + 1] = [index], [position]
    kept, position = set(), positions[-1]
    while position >= 0:
        kept.add(position)
        position = before[position]
    return kept
