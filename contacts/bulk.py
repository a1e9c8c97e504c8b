"""Changing many contact points together: looked at first, then one transaction, one event, and undo on offer."""

import hashlib
import json
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial

from django.db import transaction

from contacts import loading, rules, undoing, writing
from contacts.loading import PointNode, Structure
from contacts.states import SWITCHES, State
from contacts.texts import folded
from contacts.values import Code
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Event, Organisation
from systems.models import System

AUDIENCES = ("for_citizens", "for_companies", "for_authorities")


class Refused(Exception):
    """The change breaks a rule for some of the points; `look` names them. Nothing was written."""

    def __init__(self, look: "Look") -> None:
        super().__init__("the change breaks a rule")
        self.look = look


class ChangedMeanwhile(Exception):
    """It would do something else than what was agreed to; `look` tells what. Nothing was written."""

    def __init__(self, look: "Look") -> None:
        super().__init__("the structure was changed since it was looked at")
        self.look = look


class How(StrEnum):
    """What becomes of a list or a set: more, less, or exactly this."""

    ADD = "add"
    REMOVE = "remove"
    SET = "set"


# What is done to one point of a structure; the point may be gone from it afterwards.
Act = Callable[[Structure, PointNode], None]


def to_system(system: System) -> Act:
    """Let the points belong to a recipient system."""
    return partial(_give, system=system)


def to_state(state: State) -> Act:
    """Give the points one of the four states."""
    active, visible = SWITCHES[state]
    return partial(_give, active=active, visible=visible)


def _give(_structure: Structure, node: PointNode, **values: object) -> None:
    node.values = replace(node.values, **values)  # type: ignore[arg-type]


def audiences(how: How, names: Collection[str]) -> Act:
    """Add target audiences (by the names of their fields), take them away, or leave only them."""

    def act(structure: Structure, node: PointNode) -> None:
        _give(structure, node, **dict.fromkeys(AUDIENCES if how is How.SET else (), False))
        _give(structure, node, **dict.fromkeys(names, how is not How.REMOVE))

    return act


def terms(how: How, given: Collection[str]) -> Act:
    """Add search terms or take them away; capitals make no difference."""
    wanted = {folded(term): term for term in given}

    def act(_structure: Structure, node: PointNode) -> None:
        has = {folded(term): term for term in node.values.search_terms}
        found = {**has, **{key: term for key, term in wanted.items() if key not in has}}
        if how is How.REMOVE:
            found = {key: term for key, term in has.items() if key not in wanted}
        node.values = replace(node.values, search_terms=tuple(found.values()))

    return act


def codes(how: How, given: Collection[Code]) -> Act:
    """Add codes or take them away; a code that is there already stays as it is."""
    wanted = {code.key: code for code in given}

    def act(_structure: Structure, node: PointNode) -> None:
        has = {code.key: code for code in node.values.codes}
        found = wanted | has if how is How.ADD else {key: code for key, code in has.items() if key not in wanted}
        ordered = [*has, *(key for key in wanted if key not in has)]
        node.values = replace(node.values, codes=tuple(found[key] for key in ordered if key in found))

    return act


def to_group(group_id: uuid.UUID | None, *, also: bool = False) -> Act:
    """Let the points stand in a group (None: at the top level) instead of where they stand, or there `also`."""

    def act(_structure: Structure, node: PointNode) -> None:
        if not also:
            node.group_ids = [group_id]
        elif group_id not in node.group_ids:
            node.group_ids.append(group_id)

    return act


def delete(structure: Structure, node: PointNode) -> None:
    """Delete the points."""
    del structure.points[node.id]


@dataclass(frozen=True)
class Look:
    """What a change would do, before it is done. `missing` counts the points that are not there (any more)."""

    chosen: int
    missing: int
    changed: list[str]
    deleted: list[str]
    silenced: list[str]
    faults: list[tuple[str, str]] = field(default_factory=list)
    seen: str = ""

    @property
    def count(self) -> int:
        """How many points the change touches."""
        return len(self.changed) + len(self.deleted)

    @property
    def unchanged(self) -> int:
        """How many points are already as they are to be."""
        return self.chosen - self.missing - self.count


def look(*, organisation: Organisation, ids: Collection[uuid.UUID], act: Act) -> Look:
    """Return what `act` would do to the points; nothing is written. The number of queries is that of one load."""
    before = loading.load(organisation)
    return _look(before, _after(before, ids, act), ids)


def change(
    *, caller: Caller, organisation: Organisation, ids: Collection[uuid.UUID], act: Act, seen: str = ""
) -> Event | None:
    """Do `act` to the points in one transaction; return its event, by which it can be undone, None without a change.

    `seen` is the digest of the look that somebody agreed to. Raises `Refused` or `ChangedMeanwhile`.
    """
    with transaction.atomic():
        lock(organisation.pk)
        before = loading.load(organisation)
        after = _after(before, ids, act)
        found = _look(before, after, ids)
        if found.faults:
            raise Refused(found)
        if seen and seen != found.seen:
            raise ChangedMeanwhile(found)
        return undoing.commit(
            caller=caller, organisation=organisation, tag=Tag.CONTACTS_CHANGED_TOGETHER, before=before, after=after
        )


def _after(before: Structure, ids: Iterable[uuid.UUID], act: Act) -> Structure:
    after = before.copy()
    for pk in ids:
        if (node := after.points.get(pk)) is not None:
            act(after, node)
    return after


def _look(before: Structure, after: Structure, ids: Collection[uuid.UUID]) -> Look:
    changed = [node for pk, node in after.points.items() if node != before.points.get(pk)]
    faults = []
    for node in changed:
        old = {(name, fault.code) for name, fault in rules.point_faults(before.points[node.id].values)}
        faults += [
            (node.values.name, fault.message)
            for name, fault in rules.point_faults(node.values)
            if (name, fault.code) not in old
        ]
    return Look(
        chosen=len(set(ids)),
        missing=sum(pk not in before.points for pk in set(ids)),
        changed=[node.values.name for node in changed],
        deleted=[node.values.name for pk, node in before.points.items() if pk not in after.points],
        silenced=[node.values.name for node in changed if _is_open(before.points[node.id]) and not _is_open(node)],
        faults=faults,
        seen=_digest(before, after),
    )


def _is_open(node: PointNode) -> bool:
    values = node.values
    return values.active and values.visible and any(getattr(values, name) for name in AUDIENCES)


def _digest(before: Structure, after: Structure) -> str:
    told = json.dumps(writing.logged(before, after), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
