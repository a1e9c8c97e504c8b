"""What a file would do: every row resolved against the structure, every fault named, nothing written.

The plan works on a copy of the structure in memory. Groups come first, from the top down, so that a path may lead
through groups that the same file makes, renames or moves; then points; then deletions.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from adgang.lib.findings import Severity
from contacts import cells
from contacts.csv_checks import (
    refuse_cycles,
    refuse_registry_ids,
    refuse_twins,
    refuse_unlisted_codes,
    refuse_values,
    resolve_successors,
)
from contacts.csv_columns import Handling, Kind, Refused
from contacts.csv_places import Parent, Places
from contacts.csv_rows import Findings, Row, RowReader
from contacts.loading import GroupNode, PointNode, Structure
from contacts.sheets import Found, Sheet
from contacts.values import PointValues


@dataclass
class Plan:
    """What would be done. `before` is the structure as it stands, `after` as it would be.

    `rows` says which row of the file an object was described or first named by.
    """

    before: Structure
    after: Structure
    sheet: Sheet = field(default_factory=Sheet)
    findings: Findings = field(default_factory=Findings)
    rows: dict[uuid.UUID, int] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether something keeps the file from being applied."""
        return bool(self.found(Severity.ERROR))

    def found(self, severity: Severity) -> list[Found]:
        """Return the findings of a severity, in the order of the file."""
        listed = [found for found in self.findings.found if found.finding.severity is severity]
        return sorted(listed, key=lambda found: found.row or 0)


def plan(sheet: Sheet, structure: Structure, *, create_anyway: bool = False) -> Plan:
    """Return what the rows of a file would do to a structure.

    `create_anyway` lets rows without ID make something of a name that exists in the same place already.
    """
    made = Plan(before=structure, after=structure.copy(), sheet=sheet, findings=Findings(list(sheet.faults)))
    _Planner(made, create_anyway=create_anyway).run()
    return made


class _Planner:
    """Lets the rows of one file change the copy."""

    def __init__(self, made: Plan, *, create_anyway: bool) -> None:
        self.plan, self.create_anyway = made, create_anyway
        self.before, self.after, self.findings = made.before, made.after, made.findings
        self.reader = RowReader(self.after, self.findings)
        self.places = Places(self.before, self.after, self.findings)
        self.by_place: dict[tuple[Parent, str], int] = defaultdict(int)
        for node in self.before.points.values():
            for group_id in node.group_ids:
                self.by_place[group_id, node.values.name] += 1

    def run(self) -> None:
        rows = self.reader.rows(self.plan.sheet)
        groups = [row for row in rows if row.kind is Kind.GROUP]
        points = [row for row in rows if row.kind is Kind.POINT]
        self.rename(groups)
        for row in sorted(groups, key=_depth):
            self.place_group(row)
        refuse_cycles(groups, self.before, self.after, self.findings)
        for row in points:
            self.write_point(row)
        self.plan.rows = self.places.in_passing | {row.node.id: row.number for row in rows if row.node}
        self.delete(rows)
        resolve_successors(rows, self.before, self.after, self.findings)
        self.check(rows)

    def check(self, rows: list[Row]) -> None:
        staying = [row for row in rows if row.handling is not Handling.DELETE]
        refuse_values(staying, self.before, self.findings)
        refuse_unlisted_codes(staying, self.before, self.findings)
        refuse_registry_ids(staying, self.after, self.findings)
        if not self.create_anyway:
            refuse_twins(staying, self.findings)
        self.sum_up(staying)

    def rename(self, rows: Iterable[Row]) -> None:
        """Give groups that exist their new values before any path is followed: it may name them by their new names."""
        for row in rows:
            if isinstance(row.node, GroupNode):
                self.places.leave(row.node)
                row.node.values = replace(row.node.values, **row.given)
                self.places.enter(row.node)

    def place_group(self, row: Row) -> None:
        """Move a group that exists to where its row says, or make a new one there."""
        if isinstance(row.node, GroupNode):
            old = self.before.groups[row.node.id].parent_id
            if row.paths is not None and not self.places.unchanged(row, [old]) and (to := self.places.of(row)):
                self.places.leave(row.node)
                row.node.parent_id = to[0]
                self.places.enter(row.node)
        elif row.name and (to := self.places.of(row)):
            row.node = self.places.claim(to[0], row.name)
            if row.node is None and not self.exists(row, len(self.places.existing(to[0], row.name))):
                row.node = self.add_group(row, to[0])
            if row.node is not None:
                row.node.values = replace(row.node.values, **row.given)

    def add_group(self, row: Row, parent_id: Parent) -> GroupNode | None:
        """Make the group of a row; None when the file makes too many."""
        try:
            return self.places.add(row, parent_id, row.name)
        except Refused as refused:
            self.findings.take(refused, row.number, "navn", row.name)
            return None

    def write_point(self, row: Row) -> None:
        """Change a point that exists, or make a new one."""
        if isinstance(row.node, PointNode):
            row.node.values = replace(row.node.values, **(row.given | SWITCHED.get(row.handling, {})))
            if row.paths is not None and not self.places.unchanged(row, row.node.group_ids):
                to = self.places.of(row)
                if to is not None and set(to) != set(row.node.group_ids):
                    row.node.group_ids = to
        elif row.name and "system" in row.given and (to := self.places.of(row)):
            if self.exists(row, sum(self.by_place[group_id, row.name] for group_id in to)):
                return
            row.node = PointNode(id=uuid.uuid4(), values=PointValues(**row.given), group_ids=to)
            self.after.points[row.node.id] = row.node

    def exists(self, row: Row, existing: int) -> bool:
        """Say whether a new row is refused because something of its name stands in its place already."""
        if existing and not self.create_anyway:
            self.findings.add(row.number, "navn", row.name, "row.exists", name=row.name)
        return bool(existing) and not self.create_anyway

    def delete(self, rows: list[Row]) -> None:
        """Take out what is to be deleted; a group in which something would be left is named."""
        going = {row.node.id: row for row in rows if row.handling is Handling.DELETE and row.node}
        held: set[Parent] = {node.parent_id for pk, node in self.after.groups.items() if pk not in going}
        for pk, node in self.after.points.items():
            if pk not in going:
                held.update(node.group_ids)
        for pk, row in going.items():
            if pk in held:
                self.findings.add(row.number, "handling", str(row.handling), "handling.not_empty")
            else:
                self.after.groups.pop(pk, None)
                self.after.points.pop(pk, None)

    def sum_up(self, rows: Iterable[Row]) -> None:
        """Remark on what was filled in, and on what nobody will find."""
        if self.reader.default and (count := self.reader.defaulted):
            name = self.reader.default.name
            self.findings.add(None, "modtagersystem", "", "system.default_used", count=count, system=name)
        if count := sum(_for_nobody(row) for row in rows):
            self.findings.add(None, "målgrupper", "", "row.no_audience", count=count)


SWITCHED: dict[Handling | None, dict[str, bool]] = {
    Handling.HIDE: {"visible": False},
    Handling.REPLY_ONLY: {"active": True, "visible": False},
}


def _depth(row: Row) -> tuple[int, int]:
    return (len(cells.path_of(row.paths)) if row.paths else 0), row.number


def _for_nobody(row: Row) -> bool:
    if not row.is_new or not isinstance(row.node, PointNode):
        return False
    values = row.node.values
    return not (values.for_citizens or values.for_companies or values.for_authorities)
