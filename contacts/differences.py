"""The difference between two structures, object by object and column by column, in the words of the CSV file."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from contacts import cells, ordering
from contacts.csv_columns import COLUMNS, Kind, cell
from contacts.csv_rows import Node
from contacts.descents import Descents
from contacts.loading import GroupNode, Structure
from contacts.planning import Plan
from contacts.writing import places_of


class Act(StrEnum):
    """What happens to an object."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"


# What no file has a column for: the number among the siblings, "3/7". `PLACE` is the column of where something stands.
ORDER, PLACE = "rækkefølge", "gruppe"


@dataclass(frozen=True)
class FieldChange:
    """A cell before and after."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What happens to one group or point; `row` is the row of the file it comes from."""

    act: Act
    kind: Kind
    id: uuid.UUID
    name: str
    path: str
    row: int | None
    fields: tuple[FieldChange, ...]

    @property
    def is_moved(self) -> bool:
        """Whether something that was there stands elsewhere, or elsewhere among its siblings."""
        return self.act is Act.CHANGE and any(one.column in (PLACE, ORDER) for one in self.fields)

    @property
    def is_changed(self) -> bool:
        """Whether something that was there has other values."""
        return self.act is Act.CHANGE and any(one.column not in (PLACE, ORDER) for one in self.fields)


class PathCells:
    """Where the groups and points of a structure stand, as the column “gruppe” says it, while it does not change."""

    def __init__(self, structure: Structure) -> None:
        self.descents: Descents[str | None] = Descents(structure, None, _path)

    def of(self, node: Node) -> str:
        """Return the cell of a group or point."""
        places = [node.parent_id] if isinstance(node, GroupNode) else node.group_ids
        return cells.join_paths(self.descents.to(place) or "" for place in places)


def _path(above: str | None, group: GroupNode) -> str:
    return cells.path_below(above, group.values.name)


@dataclass(frozen=True)
class _Compared:
    """A plan, and where things stand before it and after it."""

    plan: Plan
    before: PathCells
    after: PathCells

    @classmethod
    def of(cls, plan: Plan) -> "_Compared":
        return cls(plan, PathCells(plan.before), PathCells(plan.after))


def changes(plan: Plan) -> list[Change]:
    """Return what a plan would do, in the order of the file."""
    compared = _Compared.of(plan)
    found = [*_of_kind(Kind.GROUP, compared), *_of_kind(Kind.POINT, compared)]
    return sorted(found, key=lambda change: change.row or 0)


def change_of(id_: uuid.UUID, plan: Plan) -> Change | None:
    """Return what a plan would do to one group or point; None when it leaves it as it is."""
    kind = Kind.GROUP if id_ in plan.before.groups or id_ in plan.after.groups else Kind.POINT
    one = Plan(before=_only(id_, plan.before), after=_only(id_, plan.after), rows=plan.rows)
    return next((change for change in _of_kind(kind, _Compared.of(one)) if change.id == id_), None)


def _only(id_: uuid.UUID, structure: Structure) -> Structure:
    """Return a structure with one point, or with all the groups, which paths lead through."""
    points = {pk: node for pk, node in structure.points.items() if pk == id_}
    return replace(structure, points=points)


def _of_kind(kind: Kind, compared: _Compared) -> Iterator[Change]:
    plan = compared.plan
    before, after = _nodes(kind, plan.before), _nodes(kind, plan.after)
    reordered = ordering.moved(plan.before, plan.after, groups=kind is Kind.GROUP)
    for pk, new in after.items():
        old = before.get(pk)
        is_same = old == new
        if is_same and pk not in reordered:  # nearly all
            continue
        act = Act.CREATE if old is None else Act.CHANGE
        fields = () if is_same else tuple(_fields(kind, old, new, compared))
        fields += tuple(FieldChange(ORDER, *numbers) for numbers in reordered.get(pk, ()))
        if fields:
            yield _change(act, kind, new, compared.after, plan, fields)
    for pk, old in before.items():
        if pk not in after:
            yield _change(Act.DELETE, kind, old, compared.before, plan, ())


def _change(act: Act, kind: Kind, node: Node, paths: PathCells, plan: Plan, fields: tuple[FieldChange, ...]) -> Change:
    return Change(act, kind, node.id, node.values.name, paths.of(node), plan.rows.get(node.id), fields)


def _nodes(kind: Kind, structure: Structure) -> Mapping[uuid.UUID, Node]:
    return structure.groups if kind is Kind.GROUP else structure.points


def _fields(kind: Kind, old: Node | None, new: Node, compared: _Compared) -> Iterator[FieldChange]:
    differing = _differing(old, new)
    for column in COLUMNS:
        if column.name == PLACE:
            before, after = _paths(old, new, compared)
        elif differing.isdisjoint(column.fields):
            continue
        else:
            before, after = cell(column, kind, old.values) if old else "", cell(column, kind, new.values)
        if before != after:
            yield FieldChange(column.name, before, after)


def _differing(old: Node | None, new: Node) -> set[str]:
    """Return the fields whose cells may differ: where the same value stands, the same is written."""
    was = vars(old.values) if old else {}
    now = vars(new.values)
    # A system is the same under another name, and its name is what the cell says.
    return {
        name
        for name, value in now.items()
        if name not in was or (was[name] is not value and (name == "system" or was[name] != value))
    }


def _paths(old: Node | None, new: Node, compared: _Compared) -> tuple[str, str]:
    """Return where something stood and stands; nothing when that is the same groups, however they are called now."""
    if old is not None and places_of(old) == places_of(new):
        return "", ""
    return compared.before.of(old) if old else "", compared.after.of(new)


def digest(plan: Plan) -> str:
    """Return a fingerprint of what a plan would do; ids that the plan made itself do not count."""
    return digest_of(changes(plan))


def digest_of(listed: Iterable[Change]) -> str:
    """Return the fingerprint of changes, in their order."""
    told = [
        [change.act, change.kind, change.name, change.path, [[f.column, f.before, f.after] for f in change.fields]]
        + ([] if change.act is Act.CREATE else [str(change.id)])
        for change in listed
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
