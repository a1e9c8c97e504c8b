"""Where rows put things: paths resolved against a structure that the file itself is changing.

A path is sought among the groups as the file leaves them, then as they were before it; what is not found is made.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from difflib import get_close_matches

from contacts import cells
from contacts.csv_columns import EXCEL_ERRORS, Kind, Refused
from contacts.csv_rows import Findings, Row
from contacts.loading import GroupNode, Structure
from contacts.models.group import MAX_NAME
from contacts.texts import folded, one_line
from contacts.values import GroupValues

SIMILAR = 0.85
TOO_MANY_TO_COMPARE = 300
# Comparing is slow: a file that makes more groups than this is not hunted for misspellings any further.
MOST_COMPARED = 500
MOST_NEW = 20_000
UUID_LENGTH = 36
MOST_LEVELS = 100

Names = tuple[str, ...]
Parent = uuid.UUID | None


class Places:
    """The groups of `after`, found by their paths; `before` is how the structure stood."""

    def __init__(self, before: Structure, after: Structure, findings: Findings) -> None:
        self.before, self.after, self.findings = before, after, findings
        self.old_names = {pk: before.names(pk) for pk in before.groups}
        self.by_old_names: dict[Names, list[uuid.UUID]] = defaultdict(list)
        for pk, names in self.old_names.items():
            self.by_old_names[names].append(pk)
        self.children: dict[Parent, dict[str, list[uuid.UUID]]] = defaultdict(lambda: defaultdict(list))
        # Those among them that stood in the structure before the file.
        self.stood: dict[Parent, dict[str, list[uuid.UUID]]] = defaultdict(lambda: defaultdict(list))
        for node in after.groups.values():
            self.enter(node)
        # Groups made because a path led through them, with the row that named them first, and by their place.
        self.in_passing: dict[uuid.UUID, int] = {}
        self.new = 0
        self.passed: dict[tuple[Parent, str], uuid.UUID] = {}

    def enter(self, node: GroupNode) -> None:
        """Let a group be found where it stands now, by the name it has now."""
        self.children[node.parent_id][node.values.name].append(node.id)
        if node.id in self.before.groups:
            self.stood[node.parent_id][node.values.name].append(node.id)

    def leave(self, node: GroupNode) -> None:
        """Let a group no longer be found, before it is renamed or moved."""
        self.children[node.parent_id][node.values.name].remove(node.id)
        if node.id in self.before.groups:
            self.stood[node.parent_id][node.values.name].remove(node.id)

    def unchanged(self, row: Row, stands_in: Sequence[Parent]) -> bool:
        """Say whether a row's cell is the path that its object has already.

        Then it stays, even where several groups have that path, and even when one of them is renamed in the same file.
        """
        now = sorted(self.old_names[group_id] if group_id else () for group_id in stands_in)
        return sorted(cells.split_paths(row.paths or "")) == now

    def of(self, row: Row) -> list[Parent] | None:
        """Return the groups that a row's paths lead to (None among them: the top level); None after a fault."""
        text = row.paths or ""
        found: dict[Parent, None] = {}
        try:
            paths = cells.split_paths(text)
            if row.kind is Kind.GROUP and len(paths) > 1:
                raise Refused("path.one")
            for path in paths:
                place = self._find(row, tuple(one_line(name) for name in path))
                if place in found:
                    raise Refused("path.twice", path=cells.path_text(path))
                found[place] = None
        except Refused as refused:
            self.findings.take(refused, row.number, "gruppe", text)
            return None
        return list(found)

    def _find(self, row: Row, path: Names) -> Parent:
        if "" in path:
            raise Refused("path.empty_name")
        if len(path) > MOST_LEVELS:
            raise Refused("path.deep", levels=len(path), most=MOST_LEVELS)
        if len(path) == 1 and (named := self._by_id(path[0])):
            return named
        found = self._look_up(path) or [pk for pk in self.by_old_names.get(path, ()) if pk in self.after.groups]
        if len(found) > 1:
            # A twin that this file makes does not take the path from the group that had it.
            found = [pk for pk in found if pk in self.before.groups] or found
        if len(found) > 1:
            raise Refused("path.several", path=cells.path_text(path))
        return found[0] if found else self._make(row, path)

    def _by_id(self, text: str) -> Parent:
        if len(text) != UUID_LENGTH:
            return None
        try:
            node = self.after.node(uuid.UUID(text))
        except ValueError:
            return None
        if not isinstance(node, GroupNode):
            raise Refused("path.no_group", value=text)
        return node.id

    def _look_up(self, path: Names) -> list[Parent]:
        found: list[Parent] = [None]
        for name in path:
            found = [child for parent in found for child in self.children[parent].get(name, ())]
        return found

    def _make(self, row: Row, path: Names) -> uuid.UUID:
        if path[-1] in EXCEL_ERRORS:
            raise Refused("excel.error", value=path[-1])
        over = self._find(row, path[:-1]) if len(path) > 1 else None
        node = self.add(row, over, path[-1])
        self.in_passing[node.id] = row.number
        self.passed[over, node.values.name] = node.id
        return node.id

    def add(self, row: Row, parent_id: Parent, name: str) -> GroupNode:
        """Return a new group; a name that resembles one of its siblings is remarked upon. Raises `Refused`."""
        self.new += 1
        if self.new > MOST_NEW:
            raise Refused("file.groups", limit=MOST_NEW)
        self._compare(row, parent_id, name)
        node = GroupNode(id=uuid.uuid4(), parent_id=parent_id, values=GroupValues(name=name))
        self.after.groups[node.id] = node
        self.enter(node)
        return node

    def claim(self, parent_id: Parent, name: str) -> GroupNode | None:
        """Return the group of that name that was made in passing; a row of its own now describes it."""
        pk = self.passed.pop((parent_id, name), None)
        if pk is None:
            return None
        del self.in_passing[pk]
        return self.after.groups[pk]

    def existing(self, parent_id: Parent, name: str) -> list[uuid.UUID]:
        """Return the groups of that name which stood in the structure before the file."""
        return self.stood[parent_id].get(name, [])

    def _compare(self, row: Row, parent_id: Parent, name: str) -> None:
        stood = self.stood[parent_id]
        too_much = self.new > MOST_COMPARED or len(stood) > TOO_MANY_TO_COMPARE or len(name) > MAX_NAME
        if too_much or stood.get(name):
            return
        siblings = {folded(one): one for one, groups in stood.items() if groups}
        for near in get_close_matches(folded(name), siblings, n=1, cutoff=SIMILAR):
            over = self.after.names(parent_id)
            path, similar = cells.path_text((*over, name)), cells.path_text((*over, siblings[near]))
            self.findings.add(row.number, "gruppe", path, "path.similar", path=path, similar=similar)
