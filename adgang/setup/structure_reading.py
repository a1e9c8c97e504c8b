"""The contact structure that a set-up file asks for, held against the one there is.

What the file names by an id that is known here is that group or point; anything else is known by its name where it
stands, or else new. The section is the whole structure: what it leaves out is to go.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from adgang.lib.findings import finding
from adgang.setup.carrying import Rules
from adgang.setup.keys import flat
from adgang.setup.nodes import Found, Node, Text
from adgang.setup.ordering import in_file_order
from adgang.setup.structure_outline import ALSO, Entry, Outline, Place
from adgang.setup.structure_writing import DEFAULTS, KEYS
from contacts import csv_checks
from contacts.csv_columns import BY_NAME, Kind, Refused, uuid_of
from contacts.csv_rows import Findings, Row
from contacts.loading import GroupNode, PointNode, Structure
from contacts.texts import folded, one_line
from contacts.values import GroupValues, PointValues
from systems.models import System

BESIDE = {Kind.GROUP: ("group", "id", "contents"), Kind.POINT: ("point", "id", "system")}
COLUMN_KEYS = {kind: {key.column: name for name, key in keys.items()} for kind, keys in KEYS.items()}
OTHER_KEYS = {"navn": "name", "modtagersystem": "system"}
Left = dict[tuple[Kind, uuid.UUID | None, str], list[GroupNode | PointNode]]
# Which of some ids, that this structure does not have, belong to somebody else.
Taken = Callable[[Collection[uuid.UUID]], set[uuid.UUID]]


@dataclass(frozen=True)
class Wanted:
    """What the file asks for: the structure, the line of each object, and our ids by those of the file."""

    structure: Structure
    lines: dict[uuid.UUID, int]
    ids: dict[uuid.UUID, uuid.UUID]


def read(
    section: Node,
    before: Structure,
    systems: Iterable[System],
    findings: list[Found],
    *,
    taken: Taken,
    rules: Rules,
) -> Wanted:
    """Return the structure that the section asks for; everything that is wrong with it is added to the findings.

    `systems` are those that will be there. With `rules` of carrying the file's ids are another installation's: they
    hold the file together, and mean here what the rules say.
    """
    return _Reader(before, list(systems), findings, taken, rules).run(section)


class _Reader:
    def __init__(
        self, before: Structure, systems: list[System], findings: list[Found], taken: Taken, rules: Rules
    ) -> None:
        self.before, self.findings, self.taken, self.rules = before, findings, taken, rules
        self.systems = {folded(system.name): system for system in systems}
        self.outline = Outline(findings)
        self.ids: dict[uuid.UUID, uuid.UUID] = {}
        self.after = Structure(systems=systems)
        self.rows: list[Row] = []

    def run(self, section: Node) -> Wanted:
        self.outline.walk(section)
        self.identify()
        for entry in self.outline.entries:
            self.make(entry)
        self.stand()
        self.check()
        lines = {entry.node.id: entry.line for entry in self.outline.entries if entry.node}
        return Wanted(self.after, lines, self.ids)

    def note(self, line: int, where: str, code: str, /, **params: Any) -> None:
        self.findings.append(Found(finding(code, **params), line, where))

    # --- Which is which ----------------------------------------------------------------------------------------

    def identify(self) -> None:
        """Find what each entry is: by id, else by name and place, else something new."""
        stated = self.stated_ids()
        here = {pk: self.here(pk) for pk in stated}
        unknown = [pk for pk in here.values() if pk is not None and not self.stands(pk)]
        foreign = self.taken(unknown)
        left = _by_place(self.before, besides={pk for pk in here.values() if pk is not None})
        for entry in self.outline.entries:
            pk = here[entry.id] if entry.id is not None else None
            if pk in foreign:
                self.note(entry.line, "id", "setup.id_taken", value=str(pk))
            elif pk is not None and self.stands(pk):
                self.take(entry, pk)
            else:
                self.find(entry, left, pk or uuid.uuid4())

    def here(self, pk: uuid.UUID) -> uuid.UUID | None:
        """Return what an id of the file is here; None when it means nothing."""
        return self.rules.ids.get(pk) if self.rules.is_given else pk

    def stands(self, pk: uuid.UUID) -> bool:
        return pk in self.before.groups or pk in self.before.points

    def stated_ids(self) -> set[uuid.UUID]:
        first: dict[uuid.UUID, int] = {}
        for entry in self.outline.entries:
            node = entry.entries.entries.get("id")
            try:
                entry.id = uuid_of(node.value) if isinstance(node, Text) and not node.is_nothing else None
            except Refused as refused:
                self.findings.append(Found(refused.finding, entry.entries.lines["id"], "id"))
            if entry.id is not None and first.setdefault(entry.id, entry.line) != entry.line:
                self.note(entry.line, "id", "setup.id_twice", value=str(entry.id), first=first[entry.id])
                entry.id = None
        return set(first)

    def take(self, entry: Entry, pk: uuid.UUID) -> None:
        old = self.before.groups.get(pk) if entry.kind is Kind.GROUP else self.before.points.get(pk)
        if old is None:
            self.note(entry.line, "id", "row.id_other_kind")
            return
        self.become(entry, old)

    def find(self, entry: Entry, left: Left, pk: uuid.UUID) -> None:
        parent = entry.parent
        place = parent.node.id if parent and parent.node else None
        twins = left.get((entry.kind, place, entry.name), []) if parent is None or parent.node else []
        if twins:
            self.become(entry, twins.pop(0))
            return
        entry.is_new = True
        if entry.kind is Kind.GROUP:
            self.become(entry, GroupNode(pk, None, GroupValues(name=entry.name)))
        else:
            self.become(entry, PointNode(pk, PointValues(name=entry.name, system=System())))

    def become(self, entry: Entry, node: GroupNode | PointNode) -> None:
        entry.node = node.copy()
        if entry.id is not None:
            self.ids[entry.id] = node.id

    # --- What each of them says --------------------------------------------------------------------------------

    def make(self, entry: Entry) -> None:
        node = entry.node
        if node is None:
            return
        given = self.given(entry)
        if isinstance(node, GroupNode):
            node.parent_id = entry.parent.node.id if entry.parent and entry.parent.node else None
            node.values = GroupValues(**vars(DEFAULTS[Kind.GROUP]) | given)
            self.after.groups[node.id] = node
        else:
            system = self.system(entry)
            if system is None:
                return
            given["system"] = system
            node.values = PointValues(**vars(DEFAULTS[Kind.POINT]) | given)
            node.group_ids = []
            self.after.points[node.id] = node
        self.rows.append(Row(entry.line, entry.kind, given, node=node, is_new=entry.is_new))

    def given(self, entry: Entry) -> dict[str, Any]:
        given: dict[str, Any] = {"name": entry.name}
        keys = KEYS[entry.kind]
        known = {**keys, **dict.fromkeys(BESIDE[entry.kind])}
        for name, node, line in flat(entry.entries, known, self.findings):
            if name not in keys:
                continue
            try:
                read = BY_NAME[keys[name].column].read
                given |= read(keys[name].cell(node)) if read else {}
            except Refused as refused:
                self.findings.append(Found(refused.finding, line, name))
        if given.get("replaced_by") is not None:
            given["replaced_by"] = self.ids.get(given["replaced_by"], given["replaced_by"])
        return given

    def system(self, entry: Entry) -> System | None:
        node = entry.entries.entries.get("system")
        if not isinstance(node, Text) or node.is_nothing:
            self.note(entry.line, "system", "setup.system_missing", name=entry.name)
            return None
        found = self.systems.get(folded(one_line(node.value)))
        if found is None:
            self.note(node.line, "system", "setup.system_unknown", value=node.value)
        return found

    # --- Where they stand --------------------------------------------------------------------------------------

    def stand(self) -> None:
        """Give every point its places, and everything its order."""
        by_text = {str(entry.id): entry for entry in self.outline.entries if entry.id is not None}
        for parent, standing in self.outline.order.items():
            if parent is not None and not isinstance(parent.node, GroupNode):
                continue
            group_id = parent.node.id if parent and parent.node else None
            groups, points = [], []
            for one in standing:
                node = one.node if isinstance(one, Entry) else self.also(one, by_text)
                if isinstance(node, GroupNode):
                    groups.append(node)
                elif node is not None and node.id in self.after.points:
                    self.put(node, group_id, one.line)
                    points.append(node.id)
            self.give_order(group_id, groups, points)

    def also(self, place: Place, by_text: dict[str, Entry]) -> PointNode | None:
        entry = by_text.get(place.text.strip().lower())
        if entry is None or entry.kind is not Kind.POINT:
            self.note(place.line, ALSO, "setup.also_unknown", value=place.text)
            return None
        return entry.node if isinstance(entry.node, PointNode) else None

    def put(self, node: PointNode, group_id: uuid.UUID | None, line: int) -> None:
        if group_id in node.group_ids:
            self.note(line, ALSO, "setup.also_twice", name=node.values.name)
        else:
            node.group_ids.append(group_id)

    def give_order(self, group_id: uuid.UUID | None, groups: list[GroupNode], points: list[uuid.UUID]) -> None:
        old = self.before.groups
        there = {one.id: old[one.id].position for one in groups if one.id in old and old[one.id].parent_id == group_id}
        positions = in_file_order([one.id for one in groups], there)
        for one in groups:
            one.position = positions[one.id]
        points = list(dict.fromkeys(points))
        there = {pk: self.before.place[pk, group_id] for pk in points if (pk, group_id) in self.before.place}
        for pk, position in in_file_order(points, there).items():
            self.after.place[pk, group_id] = position

    # --- What must hold ----------------------------------------------------------------------------------------

    def check(self) -> None:
        found = Findings()
        csv_checks.resolve_successors(self.rows, self.before, self.after, found)
        csv_checks.refuse_values(self.rows, self.before, found)
        csv_checks.refuse_unlisted_codes(self.rows, self.before, found)
        csv_checks.refuse_registry_ids(self.rows, self.after, found)
        kinds = {row.number: row.kind for row in self.rows}
        for one in found.found:
            kind = kinds.get(one.row or 0, Kind.POINT)
            key = COLUMN_KEYS[kind].get(one.column) or OTHER_KEYS.get(one.column, one.column)
            self.findings.append(Found(one.finding, one.row, key))
        self.keep()

    def keep(self) -> None:
        """Let what is the same be the very same: the order in which places were made is nothing the file could say."""
        for group in self.after.groups.values():
            old = self.before.groups.get(group.id)
            if old is not None and old.values == group.values:
                group.values = old.values
        for point in self.after.points.values():
            was = self.before.points.get(point.id)
            if was is None:
                continue
            if was.values == point.values:
                point.values = was.values
            if set(was.group_ids) == set(point.group_ids):
                point.group_ids = list(was.group_ids)


def _by_place(structure: Structure, *, besides: Collection[uuid.UUID]) -> Left:
    """Return what can be known by its name, by where it stands; a point at the first of its places."""
    found: Left = defaultdict(list)
    for kind, place, node in _placed(structure):
        if node.id not in besides:
            found[kind, place, node.values.name].append(node)
    return found


def _placed(structure: Structure) -> Iterator[tuple[Kind, uuid.UUID | None, GroupNode | PointNode]]:
    for group in structure.groups.values():
        yield Kind.GROUP, group.parent_id, group
    for point in structure.points.values():
        yield Kind.POINT, point.group_ids[0] if point.group_ids else None, point
