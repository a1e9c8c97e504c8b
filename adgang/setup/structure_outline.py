"""What stands in the section of the contact structure: entries in entries, before anything is known of them."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from adgang.lib.findings import finding
from adgang.setup.nodes import Entries, Found, Items, Node, Text
from adgang.setup.structure_writing import DEEPEST
from contacts.csv_columns import Kind
from contacts.loading import GroupNode, PointNode
from contacts.texts import one_line

WHAT = {"group": Kind.GROUP, "point": Kind.POINT}
ALSO = "also"


@dataclass(eq=False)
class Entry:
    """A group or point of the file: where it stands, what it says, and what it became."""

    kind: Kind
    line: int
    name: str
    entries: Entries
    parent: "Entry | None"
    id: uuid.UUID | None = None
    node: GroupNode | PointNode | None = None
    is_new: bool = False


@dataclass(eq=False)
class Place:
    """A further place of a point that the file describes elsewhere."""

    line: int
    text: str
    parent: Entry | None


@dataclass
class Outline:
    """The entries of a section in the order of the file, and what stands directly in each (None: at the top level)."""

    findings: list[Found]
    entries: list[Entry] = field(default_factory=list)
    order: dict[Entry | None, list[Entry | Place]] = field(default_factory=lambda: defaultdict(list))

    def note(self, line: int, where: str, code: str, /, **params: Any) -> None:
        """Add a finding about a line."""
        self.findings.append(Found(finding(code, **params), line, where))

    def walk(self, section: Node, parent: Entry | None = None, key: str = "contactStructure", depth: int = 0) -> None:
        """Take in a list of entries and all that stands in them."""
        if isinstance(section, Text) and section.is_nothing:
            return
        if not isinstance(section, Items):
            self.note(section.line, key, "setup.list_wanted")
            return
        if depth > DEEPEST:
            self.note(section.line, key, "setup.deep")
            return
        for item in section.items:
            self._enter(item, parent, depth)

    def _enter(self, item: Node, parent: Entry | None, depth: int) -> None:
        kinds = [word for word in (*WHAT, ALSO) if isinstance(item, Entries) and word in item.entries]
        if not isinstance(item, Entries) or len(kinds) != 1:
            self.note(item.line, "", "setup.what")
            return
        named = item.entries[kinds[0]]
        if not isinstance(named, Text):
            self.note(named.line, kinds[0], "setup.text_wanted")
        elif kinds[0] == ALSO:
            self._enter_place(item, named, parent)
        else:
            entry = Entry(WHAT[kinds[0]], item.line, one_line(named.value), item, parent)
            self.entries.append(entry)
            self.order[parent].append(entry)
            if "contents" in item.entries and entry.kind is Kind.GROUP:
                self.walk(item.entries["contents"], entry, "contents", depth + 1)

    def _enter_place(self, item: Entries, named: Text, parent: Entry | None) -> None:
        for key in item.entries:
            if key != ALSO:
                self.note(item.lines[key], key, "setup.key_unknown", key=key, choices=[ALSO])
        place = Place(item.line, named.value, parent)
        self.order[parent].append(place)
