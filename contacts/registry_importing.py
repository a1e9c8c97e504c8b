"""Saved answers of the registry of Digital Post become groups and points here; its ids are kept as `registry_id`.

The same answers again change nothing. What is absent from them is left alone. A group or point that was set up here
beforehand, of the same name in the same place and without such an id, is taken to be the same and linked.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import transaction

from adgang.lib.findings import Finding, Severity, finding
from contacts import loading, registry_reading, writing
from contacts.drafts import lifecycle
from contacts.drafts.placing import put_last
from contacts.loading import GroupNode, PointNode, Structure
from contacts.models import Draft
from contacts.registry_reading import Answers, GroupDocument, Noted, PointDocument
from contacts.rules import group_faults, point_faults
from contacts.values import PointValues
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.locks import lock
from organisations.models import Organisation
from systems.importing import Outcome, import_systems
from systems.models import System

# What the registry allows itself is taken as it is; only what our tables cannot hold refuses.
FATAL = frozenset(
    {"value.missing", "value.long", "value.many", "value.number", "value.size", "code.long", "system.not_recipient"}
)


@dataclass
class Imported:
    """What was done, or would be: how many of each kind were created, changed and left as they were.

    `draft` is the one that groups and points were put into, when they were.
    """

    noted: list[Noted] = field(default_factory=list)
    tally: dict[str, dict[Outcome, int]] = field(default_factory=dict)
    draft: Draft | None = None

    @property
    def refused(self) -> bool:
        """Whether something keeps all of it from being imported."""
        return any(one.finding.severity is Severity.ERROR for one in self.noted)

    def count(self, kind: str, outcome: Outcome) -> None:
        """Count one object."""
        by_outcome = self.tally.setdefault(kind, {})
        by_outcome[outcome] = by_outcome.get(outcome, 0) + 1


def import_registry(
    *,
    caller: Caller,
    organisation: Organisation,
    files: Mapping[str, bytes],
    dry_run: bool = False,
    draft_name: str = "",
) -> Imported:
    """Take saved answers, by file name: systems first, then groups, then points; all of it or nothing.

    One transaction, one event about the structure beside those of the systems. Every fault of every file is named.
    With `draft_name` a new draft of that name holds what would become of groups and points; systems have no drafts.
    """
    answers = registry_reading.read(files)
    done = Imported(noted=answers.noted)
    with transaction.atomic():
        lock(organisation.pk)
        entries = _take_systems(caller, organisation, answers, done)
        before = loading.load(organisation)
        after = before.copy()
        _Merging(after, done).run(answers)
        if done.refused or dry_run:
            transaction.set_rollback(True)
            return done
        if draft_name:
            put_last(before, after)
            done.draft = lifecycle.from_structure(
                caller=caller, organisation=organisation, name=draft_name, wanted=lambda _now: after
            )
        elif logged := _write(organisation, before, after):
            entries.append(logged)
        if entries:
            events.record_all(caller, [(organisation, entry) for entry in entries])
    return done


def _write(organisation: Organisation, before: Structure, after: Structure) -> Entry | None:
    was, now = writing.logged(before, after)
    if not was and not now:
        return None
    writing.write(organisation, before, after)
    return Entry(tag=Tag.REGISTRY_IMPORTED, obj=organisation, before=was, after=now)


def _take_systems(caller: Caller, organisation: Organisation, answers: Answers, done: Imported) -> list[Entry]:
    if not answers.systems:
        return []
    documents = [document for _file, document in answers.systems]
    made = import_systems(caller=caller, organisation=organisation, documents=documents)
    for (file, _document), row in zip(answers.systems, made.rows, strict=True):
        done.noted += [Noted(file, row.name, one) for one in row.findings]
        done.count("systems", row.outcome)
    return made.entries


class _Merging:
    """Lets documents change a structure in memory."""

    def __init__(self, structure: Structure, done: Imported) -> None:
        self.structure, self.done = structure, done
        self.systems: dict[uuid.UUID, System] = {system.pk: system for system in structure.systems}
        self.systems |= {system.registry_id: system for system in structure.systems if system.registry_id}
        # What each id of the registry has become here.
        self.groups: dict[uuid.UUID, GroupNode] = {}
        for node in structure.groups.values():
            if node.values.registry_id:
                self.groups[node.values.registry_id] = node
        self.points = {node.values.registry_id: node for node in structure.points.values()}

    def run(self, answers: Answers) -> None:
        for document in self.in_order(answers):
            self.take_group(document)
        for point in answers.points.values():
            self.take_point(point)

    def in_order(self, answers: Answers) -> Iterable[GroupDocument]:
        """Yield the groups such that each comes after the one it stands in; those that stand nowhere are named."""
        waiting = dict(answers.groups)
        known = set(self.groups) - set(waiting)
        while ready := [
            document for document in waiting.values() if document.parent_id is None or document.parent_id in known
        ]:
            for document in ready:
                del waiting[document.id]
                known.add(document.id)
                yield document
        for document in waiting.values():
            code = "registry.cycle" if document.parent_id in waiting else "registry.parent_missing"
            self.note(document, document.values.name, finding(code, value=str(document.parent_id)))

    def take_group(self, document: GroupDocument) -> None:
        parent_id = self.groups[document.parent_id].id if document.parent_id else None
        node = self.groups.get(document.id)
        if document.nested and node is not None:
            return
        self.judge(document, document.values.name, group_faults(document.values))
        if node is None and (twin := self.group_twin(parent_id, document.values.name)):
            self.note(document, document.values.name, finding("registry.linked"))
            node = twin
        if node is None:
            node = GroupNode(id=_own_id(document.id), parent_id=parent_id, values=document.values)
            self.structure.groups[node.id] = node
            outcome = Outcome.CREATED
        else:
            same = (node.values, node.parent_id) == (document.values, parent_id)
            outcome = Outcome.UNCHANGED if same else Outcome.CHANGED
            node.values, node.parent_id = document.values, parent_id
        self.groups[document.id] = node
        self.done.count("groups", outcome)

    def group_twin(self, parent_id: uuid.UUID | None, name: str) -> GroupNode | None:
        twins = [
            node
            for node in self.structure.groups.values()
            if node.values.registry_id is None and (node.parent_id, node.values.name) == (parent_id, name)
        ]
        return twins[0] if len(twins) == 1 else None

    def take_point(self, document: PointDocument) -> None:
        name = str(document.values["name"])
        system = self.systems.get(document.system_id) if document.system_id else None
        if system is None:
            code = "registry.system_missing" if document.system_id else "system.missing"
            self.note(document, name, finding(code, value=str(document.system_id)))
        missing = [group_id for group_id in document.group_ids if group_id not in self.groups]
        for group_id in missing:
            self.note(document, name, finding("registry.parent_missing", value=str(group_id)))
        if system is None or missing:
            return
        group_ids: list[uuid.UUID | None] = [self.groups[group_id].id for group_id in document.group_ids] or [None]
        values = PointValues(system=system, **document.values)
        self.judge(document, name, point_faults(values))
        self.write_point(document, values, group_ids)

    def write_point(self, document: PointDocument, values: PointValues, group_ids: list[uuid.UUID | None]) -> None:
        node = self.points.get(document.id)
        if node is None and (twin := self.point_twin(group_ids, values.name)):
            self.note(document, values.name, finding("registry.linked"))
            node = twin
        if node is None:
            node = PointNode(id=_own_id(document.id), values=values, group_ids=group_ids)
            self.structure.points[node.id] = node
            self.done.count("points", Outcome.CREATED)
            return
        values = replace(values, replaced_by=node.values.replaced_by)
        same = node.values == values and set(node.group_ids) == set(group_ids)
        if not same:
            node.values = values
            node.group_ids = node.group_ids if set(node.group_ids) == set(group_ids) else group_ids
        self.done.count("points", Outcome.UNCHANGED if same else Outcome.CHANGED)

    def point_twin(self, group_ids: list[uuid.UUID | None], name: str) -> PointNode | None:
        twins = [
            node
            for node in self.structure.points.values()
            if node.values.registry_id is None and node.values.name == name and set(node.group_ids) & set(group_ids)
        ]
        return twins[0] if len(twins) == 1 else None

    def judge(self, document: GroupDocument | PointDocument, name: str, faults: list[tuple[str, Finding]]) -> None:
        for field_name, fault in faults:
            if fault.code in FATAL:
                self.note(document, f"{name} ({field_name})", fault)
            else:
                self.note(document, name, finding("registry.kept_as_is", why=fault.message))

    def note(self, document: GroupDocument | PointDocument, name: str, found: Finding) -> None:
        self.done.noted.append(Noted(document.file, f"{name} {document.id}".strip(), found))


def _own_id(registry_id: uuid.UUID) -> uuid.UUID:
    """Return the key of a new object: the registry's own where this installation is the registry."""
    return registry_id if settings.ADGANG_IS_REGISTRY else uuid.uuid4()
