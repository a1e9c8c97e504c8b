"""A difference to look through: narrowed, in the order of the tree, as pages of a list or of a tree, and as a file."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from adgang.lib.exports import Value
from contacts import differences
from contacts.csv_columns import Kind
from contacts.descents import Descents
from contacts.differences import Act, Change
from contacts.drafts.merging import Node
from contacts.drafts.wording import Field, Words
from contacts.loading import GroupNode, Structure
from contacts.planning import Plan
from contacts.texts import folded

Text = str | Promise
# (groups before points, position, id) of everything from the top down.
Key = tuple[tuple[int, float, str, str], ...]
LAST = float("inf")
# So many levels of groups are drawn above a change; what is above them is told in one line.
DEEPEST = 10


class Mark(StrEnum):
    """What is seen of a change at a glance. Something may be both changed and moved."""

    NEW = "ny"
    CHANGED = "rettet"
    MOVED = "flyttet"
    DELETED = "slettet"


MARKS: Mapping[Mark, tuple[Text, str]] = {
    Mark.NEW: (_("New"), "success"),
    Mark.CHANGED: (_("Changed"), "info"),
    Mark.MOVED: (_("Moved"), "warning"),
    Mark.DELETED: (_("Deleted"), "error"),
}
KINDS: Mapping[Kind, Text] = {Kind.GROUP: _("group"), Kind.POINT: _("contact point")}
HEADER = (
    *(_("What happens"), _("Kind"), _("Name"), _("Stands in"), _("Field"), _("Before"), _("After")),
    *(_("Changed by"), _("Changed"), _("ID here")),
)


def marks(change: Change) -> list[Mark]:
    """Return what is seen of a change at a glance."""
    if change.act is not Act.CHANGE:
        return [Mark.NEW if change.act is Act.CREATE else Mark.DELETED]
    seen = {Mark.CHANGED: change.is_changed, Mark.MOVED: change.is_moved}
    return [mark for mark, is_so in seen.items() if is_so]


@dataclass(frozen=True)
class Wanted:
    """What is looked for: one kind of change, groups or points, words. "" is anything."""

    mark: str = ""
    kind: str = ""
    text: str = ""

    def passes(self, change: Change) -> bool:
        """Say whether a change is one of those."""
        if self.mark and self.mark not in marks(change):
            return False
        if self.kind and self.kind != change.kind:
            return False
        return not self.text or all(word in _text(change) for word in folded(self.text).split())


def _text(change: Change) -> str:
    cells = [text for one in change.fields for text in (one.before, one.after)]
    return folded("\n".join([change.name, change.path, str(change.id), *cells]))


@dataclass(frozen=True)
class Origin:
    """Who made a change, and when."""

    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Row:
    """One change as it is shown."""

    change: Change
    path: str
    fields: list[Field]
    origin: Origin | None

    @property
    def badges(self) -> list[tuple[Text, str]]:
        """What is seen at a glance: text and colour."""
        return [MARKS[mark] for mark in marks(self.change)]

    @property
    def kind(self) -> Text:
        """Whether it is a group or a contact point."""
        return KINDS[self.change.kind]


@dataclass
class Branch:
    """A node of the tree of what changes; `row` is None for a group that only leads there."""

    name: str
    row: Row | None = None
    below: dict[uuid.UUID, "Branch"] = field(default_factory=dict)


class Browsing:
    """The difference of two structures; `origins` says who made which change."""

    def __init__(self, before: Structure, after: Structure, origins: Mapping[uuid.UUID, Origin] | None = None) -> None:
        self.before, self.after, self.origins = before, after, origins or {}
        self.words = Words(after, before)
        # By whether something is deleted: of that its former place counts.
        self.orders = {gone: Descents[Key](before if gone else after, (), _ordered) for gone in (False, True)}

    @cached_property
    def changes(self) -> list[Change]:
        """Everything that changes, in the order of the tree."""
        return sorted(differences.changes(Plan(before=self.before, after=self.after)), key=self._key)

    @cached_property
    def counts(self) -> dict[Mark, int]:
        """How many objects bear each mark."""
        seen = [mark for change in self.changes for mark in marks(change)]
        return {mark: seen.count(mark) for mark in Mark}

    def found(self, wanted: Wanted) -> list[Change]:
        """Return the changes that are looked for."""
        return [change for change in self.changes if wanted.passes(change)]

    def node(self, change: Change) -> tuple[Node, Structure]:
        """Return the object of a change as it is to be, of a deleted one as it was, and the structure it is in."""
        structure = self.before if change.act is Act.DELETE else self.after
        return (structure.groups if change.kind is Kind.GROUP else structure.points)[change.id], structure

    def row(self, change: Change) -> Row:
        """Return a change as it is shown."""
        node, structure = self.node(change)
        fields = self.words.fields(change, self.before, self.after)
        return Row(change, Words(structure).places(node), fields, self.origins.get(change.id))

    def tree(self, rows: Iterable[Row]) -> Branch:
        """Return the changes below the groups that they stand in; the top has no name."""
        top = Branch("")
        for row in rows:
            node, structure = self.node(row.change)
            here, chain = top, _chain(node, structure)
            for number, group_id in enumerate(chain[-DEEPEST:]):
                deep = number == 0 and len(chain) > DEEPEST
                name = self.words.path(group_id) if deep else structure.groups[group_id].values.name
                here = here.below.setdefault(group_id, Branch(name))
            own = here.below.setdefault(node.id, Branch(row.change.name))
            own.row = row
        return top

    def _key(self, change: Change) -> Key:
        """Return by what changes are ordered: the positions of all groups above, then the own one."""
        node, structure = self.node(change)
        parent_id = _stands_in(node)
        above = self.orders[change.act is Act.DELETE].to(parent_id)
        if isinstance(node, GroupNode):
            return _ordered(above, node)
        place = structure.place.get((node.id, parent_id), 0)
        return (*above, (1, place or LAST, node.values.name, str(node.id)))


def _ordered(above: Key, group: GroupNode) -> Key:
    return (*above, (0, group.position or LAST, group.values.name, str(group.id)))


def _stands_in(node: Node) -> uuid.UUID | None:
    """Return the group that something stands in; of a point the first; None is the top level."""
    if isinstance(node, GroupNode):
        return node.parent_id
    return node.group_ids[0] if node.group_ids else None


def _chain(node: Node, structure: Structure) -> list[uuid.UUID]:
    """Return the groups above something, from the top; of a point those of its first place."""
    group_id = _stands_in(node)
    chain: list[uuid.UUID] = []
    while group_id is not None:
        chain.append(group_id)
        group_id = structure.groups[group_id].parent_id
    return chain[::-1]


def lines(browsing: Browsing, changes: Collection[Change]) -> Iterator[list[Value]]:
    """Yield the rows of a file: one for each field, and one for what is deleted or new without a word."""
    for change in changes:
        row = browsing.row(change)
        head: list[Value] = [", ".join(str(text) for text, _colour in row.badges), row.kind, change.name, row.path]
        tail: list[Value] = [row.origin.by, row.origin.at] if row.origin else ["", ""]
        for one in row.fields or [Field("", "", "")]:
            yield [*head, one.label, one.before, one.after, *tail, str(change.id)]
