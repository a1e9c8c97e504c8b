"""What a set-up file changes, object by object and key by key."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adgang.lib.snapshots import JSON
from adgang.setup import letters, system_keys
from adgang.setup.documents import Section
from adgang.setup.keys import GROUP_KEYS, LETTER_KEYS, POINT_KEYS, Key
from adgang.setup.structure_reading import Wanted
from adgang.setup.template_keys import EDITIONS
from adgang.setup.wanted_systems import Systems
from adgang.setup.wanted_templates import Templates
from contacts import differences
from contacts.csv_columns import Kind
from contacts.loading import Structure
from contacts.planning import Plan as StructurePlan
from memo import letter_import
from memo.letter_rows import Row


class Act(StrEnum):
    """What happens to an object."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"


@dataclass(frozen=True)
class FieldChange:
    """A key of the file, before and after; "" for nothing."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What happens to one system, group, point or letter type; `line` is where the file speaks of it."""

    section: Section
    act: Act
    kind: str
    id: uuid.UUID
    name: str
    path: str = ""
    line: int | None = None
    fields: tuple[FieldChange, ...] = ()

    def as_json(self) -> dict[str, JSON]:
        """Return the change for programs."""
        return {
            "section": str(self.section),
            "act": str(self.act),
            "kind": self.kind,
            "id": str(self.id),
            "name": self.name,
            "path": self.path,
            "line": self.line,
            "fields": [{"key": one.key, "before": one.before, "after": one.after} for one in self.fields],
        }


def of_systems(systems: Systems) -> Iterator[Change]:
    """Yield what a file does to systems."""
    for one in systems.wanted:
        new = system_keys.shown(one.new, one.networks)
        if one.old is None:
            yield Change(Section.SYSTEMS, Act.ADDED, "system", one.new.pk, one.new.name, "", one.line, _fields({}, new))
            continue
        old = system_keys.shown(one.old, one.old_networks)
        if fields := _fields(old, new):
            yield Change(Section.SYSTEMS, Act.CHANGED, "system", one.new.pk, one.new.name, "", one.line, fields)
    for gone in systems.gone:
        yield Change(Section.SYSTEMS, Act.REMOVED, "system", gone.pk, gone.name)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    names = [name for name in dict.fromkeys([*new, *old]) if old.get(name) != new.get(name)]
    return tuple(FieldChange(name, _text(old.get(name)), _text(new.get(name))) for name in names)


def _field(name: str, keys: Mapping[str, Key], change: differences.FieldChange) -> FieldChange:
    """Return a change of a cell in the words of the file."""
    key = keys.get(name)
    before, after = ((key.written(cell) if key and cell else cell) for cell in (change.before, change.after))
    return FieldChange(name, _text(before), _text(after))


def _text(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return ", ".join(map(str, value))
    return "" if value is None else str(value)


COLUMN_KEYS = {
    Kind.GROUP: {key.column: name for name, key in GROUP_KEYS.items()},
    Kind.POINT: {key.column: name for name, key in POINT_KEYS.items()},
}
OTHER_KEYS = {
    "navn": "name",
    "gruppe": "place",
    "modtagersystem": "system",
    differences.ORDER: "order",
}
KEYS = {Kind.GROUP: GROUP_KEYS, Kind.POINT: POINT_KEYS}
KINDS = {Kind.GROUP: "group", Kind.POINT: "point"}


def of_structure(before: Structure, wanted: Wanted) -> Iterator[Change]:
    """Yield what a file does to groups and points, in its order."""
    whole = StructurePlan(before=before, after=wanted.structure, rows=wanted.lines)
    for one in differences.changes(whole):
        keys = COLUMN_KEYS[one.kind] | OTHER_KEYS
        fields = tuple(_field(keys[each.column], KEYS[one.kind], each) for each in one.fields)
        act = _act(one)
        yield Change(Section.STRUCTURE, act, KINDS[one.kind], one.id, one.name, one.path, one.row, fields)


def _act(change: differences.Change) -> Act:
    match change.act:
        case differences.Act.CREATE:
            return Act.ADDED
        case differences.Act.DELETE:
            return Act.REMOVED
    return Act.MOVED if change.is_moved and not change.is_changed else Act.CHANGED


LETTER_ACTS = {
    differences.Act.CREATE: Act.ADDED,
    differences.Act.CHANGE: Act.CHANGED,
    differences.Act.DELETE: Act.REMOVED,
}


def of_letters(rows: Iterable[Row]) -> Iterator[Change]:
    """Yield what a file does to letter types."""
    for row in rows:
        one = letter_import.change_of(row)
        if one is not None:
            fields = tuple(_field(letters.KEY_OF[each.column], LETTER_KEYS, each) for each in one.fields)
            act = LETTER_ACTS[one.act]
            yield Change(Section.LETTERS, act, "letterType", one.id, one.name, "", one.row or None, fields)


def of_templates(templates: Templates) -> Iterator[Change]:
    """Yield what a file does to standard systems."""
    kind = "standardSystem"
    for one in templates.wanted:
        before = {"standardSystem": one.old.name, **one.before} if one.old else {}
        fields = _fields(before, {"standardSystem": one.new.name, **one.after})
        fields += tuple(FieldChange(EDITIONS, "", str(edition.number)) for edition in one.editions)
        if fields:
            act = Act.CHANGED if one.old else Act.ADDED
            yield Change(Section.TEMPLATES, act, kind, one.new.pk, one.new.name, "", one.line, fields)
    for gone in templates.gone:
        yield Change(Section.TEMPLATES, Act.REMOVED, kind, gone.pk, gone.name)
