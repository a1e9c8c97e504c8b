"""What must hold of a structure after a file: no cycles, values in order, nothing there twice."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from contacts import code_lists
from contacts.csv_columns import BY_FIELD, Kind
from contacts.csv_rows import Findings, Node, Row
from contacts.loading import GroupNode, PointNode, Structure
from contacts.rules import Fault, group_faults, point_faults
from contacts.sheets import Found
from contacts.states import circles
from contacts.values import Code, GroupValues, PointValues, Values
from systems.models import System

CIRCLE_SHOWN = 5  # names


def refuse_cycles(rows: Iterable[Row], before: Structure, after: Structure, findings: Findings) -> None:
    """Name the groups that would stand below themselves, and leave them where they were."""
    for row in rows:
        if isinstance(row.node, GroupNode) and not row.is_new and row.node.id in _above(row.node, after):
            findings.add(row.number, "gruppe", row.paths or "", "path.cycle")
            row.node.parent_id = before.groups[row.node.id].parent_id


def _above(node: GroupNode, structure: Structure) -> Iterator[uuid.UUID]:
    seen: set[uuid.UUID] = set()
    parent_id = node.parent_id
    while parent_id is not None and parent_id not in seen:
        yield parent_id
        seen.add(parent_id)
        parent_id = structure.groups[parent_id].parent_id


def refuse_values(rows: Iterable[Row], before: Structure, findings: Findings) -> None:
    """Name what is wrong with the values of new and changed objects; what was wrong and is left alone may stay."""
    for row in rows:
        values = _stated(row) if row.node is None else row.node.values
        if row.node is None or changed(row.node, before):
            for name, fault in _faults(values):
                findings.found.append(Found(fault, row.number, BY_FIELD[name]))


def refuse_unlisted_codes(rows: Iterable[Row], before: Structure, findings: Findings) -> None:
    """Name codes that are new at their points and stand in no loaded list; one look at the lists for all of them."""
    added = [(row, code) for row in rows for code in _added_codes(row.node, before)]
    faults = dict(code_lists.faults({code for _row, code in added}))
    for row, code in added:
        if code in faults:
            findings.found.append(Found(faults[code], row.number, BY_FIELD["codes"], code.code))


def _added_codes(node: Node | None, before: Structure) -> list[Code]:
    if not isinstance(node, PointNode):
        return []
    old = before.points.get(node.id)
    had = {code.key for code in old.values.codes} if old else set()
    return [code for code in node.values.codes if code.key not in had]


def _stated(row: Row) -> Values:
    """Return the values of a row that made nothing, for something else is wrong with it, too."""
    given: dict[str, Any] = {"name": "", "system": System(is_recipient=True)} | row.given
    if row.kind is Kind.POINT:
        return PointValues(**given)
    del given["system"]
    return GroupValues(**given)


def _faults(values: Values) -> list[Fault]:
    return group_faults(values) if isinstance(values, GroupValues) else point_faults(values)


def changed(node: Node, before: Structure) -> bool:
    """Say whether a group or point is new or has other values than before."""
    old = before.node(node.id)
    return old is None or old.values != node.values


def resolve_successors(rows: Iterable[Row], before: Structure, after: Structure, findings: Findings) -> None:
    """Let successors be named by either of their ids; one that stood there before may be gone by now.

    No point is to be replaced by itself, neither at once nor at last.
    """
    named: dict[uuid.UUID, Row] = {}
    for row in rows:
        if not isinstance(row.node, PointNode) or row.given.get("replaced_by") is None:
            continue
        wanted, old = row.given["replaced_by"], before.points.get(row.node.id)
        if old is not None and old.values.replaced_by == wanted:
            continue
        successor = after.node(wanted)
        if not isinstance(successor, PointNode):
            findings.add(row.number, "erstattes af", str(wanted), "successor.unknown")
        elif successor.id == row.node.id:
            findings.add(row.number, "erstattes af", str(wanted), "successor.itself")
        else:
            row.node.values = replace(row.node.values, replaced_by=successor.id)
            named[row.node.id] = row
    _refuse_circles(named, after, findings)


def _refuse_circles(named: dict[uuid.UUID, Row], after: Structure, findings: Findings) -> None:
    """Name the rows that close a circle; one that stood there before, and that the file leaves alone, may stay."""
    following = {pk: one.values.replaced_by for pk, one in after.points.items() if one.values.replaced_by is not None}
    for circle in circles(following) if named else []:
        for start, point_id in enumerate(circle):
            if point_id in named:
                turned = [after.points[pk].values.name for pk in [*circle[start:], *circle[:start], point_id]]
                shown = [*turned[:CIRCLE_SHOWN], "…", turned[-1]] if len(turned) > CIRCLE_SHOWN + 1 else turned
                value = str(named[point_id].given["replaced_by"])
                findings.add(named[point_id].number, "erstattes af", value, "successor.circle", chain=" → ".join(shown))


def refuse_twins(rows: Iterable[Row], findings: Findings) -> None:
    """Name new rows that would make something of the same name in the same place."""
    first: dict[tuple[Kind, uuid.UUID | None, str], int] = {}
    for row in rows:
        if row.node is None or not row.is_new:
            continue
        places = [row.node.parent_id] if isinstance(row.node, GroupNode) else row.node.group_ids
        others = [first.setdefault((row.kind, place, row.node.values.name), row.number) for place in places]
        if other := next((number for number in others if number != row.number), None):
            findings.add(row.number, "navn", row.name, "row.twice", other=other)


def refuse_registry_ids(rows: Iterable[Row], after: Structure, findings: Findings) -> None:
    """Name rows whose ID in Digital Post another object of the same kind has, too."""
    owners: dict[tuple[type[Node], uuid.UUID], list[Node]] = defaultdict(list)
    nodes: list[Node] = [*after.groups.values(), *after.points.values()]
    for node in nodes:
        if node.values.registry_id:
            owners[type(node), node.values.registry_id].append(node)
    for row in rows:
        id_ = row.node.values.registry_id if row.node else None
        if row.node is None or id_ is None:
            continue
        others = [node for node in owners[type(row.node), id_] if node.id != row.node.id]
        if others:
            name = others[0].values.name
            findings.add(row.number, "id i digital post", str(id_), "row.registry_id_taken", name=name)
