"""Publishing a draft, now or at a time, and what is kept of every publication."""

import datetime as dt
import json
import uuid
import zlib
from dataclasses import dataclass

from django.db import transaction

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import check_version, save_version
from contacts import differences, stored, undoing
from contacts.differences import Act, Change
from contacts.drafts import lifecycle
from contacts.drafts.lifecycle import NotOpen, record
from contacts.drafts.merging import Merged
from contacts.loading import PointNode, Structure
from contacts.models import Draft, DraftState, Publication
from contacts.planning import Plan
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Event, Organisation
from systems.models import System

# So many publications of an organisation are kept whole; older ones stand in the event log only.
KEPT = 50


class Refused(Exception):
    """The draft cannot be published as it is; `finding` says why. Nothing was written."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.finding = found


class ChangedMeanwhile(Exception):
    """It would do something else than what somebody agreed to. Nothing was written."""


def difference(merged: Merged) -> list[Change]:
    """Return what publishing would do, object by object."""
    return differences.changes(Plan(before=merged.before, after=merged.after))


def digest(changes: list[Change]) -> str:
    """Return a fingerprint of what publishing would do; whoever agrees to publish agrees to this."""
    return differences.digest_of(sorted(changes, key=lambda change: str(change.id)))


def refusal(merged: Merged) -> Finding | None:
    """Return why a draft cannot be published as it is; None when it can."""
    if merged.conflicts:
        return finding("draft.conflicts", count=len(merged.conflicts))
    if merged.obstacles:
        return finding("draft.obstacles", count=len(merged.obstacles))
    return None


def publish(*, caller: Caller, draft: Draft, seen: str = "") -> Event:
    """Make the draft the structure, in one transaction and one event that can be undone; return the event.

    `seen` is the digest of the difference that somebody agreed to. Raises `NotOpen`, `Refused` or `ChangedMeanwhile`.
    """
    with transaction.atomic():
        organisation = lock(draft.organisation_id)
        current = Draft.objects.select_for_update().select_related("organisation").get(pk=draft.pk)
        if current.is_closed:
            raise NotOpen
        merged = lifecycle.read(current)
        if (why := refusal(merged)) is not None:
            raise Refused(why)
        changes = difference(merged)
        if seen and seen != digest(changes):
            raise ChangedMeanwhile
        event = _commit(caller, organisation, merged)
        _keep(caller, current, event, merged, changes)
        lifecycle.close(current, DraftState.PUBLISHED)
    return event


def _commit(caller: Caller, organisation: Organisation, merged: Merged) -> Event:
    event = undoing.commit(
        caller=caller,
        organisation=organisation,
        tag=Tag.CONTACTS_PUBLISHED,
        before=merged.before,
        after=merged.after,
        ordered=True,
    )
    if event is None:
        raise Refused(finding("draft.empty"))
    return event


def _keep(caller: Caller, draft: Draft, event: Event, merged: Merged, changes: list[Change]) -> None:
    acts = [change.act for change in changes]
    Publication.objects.create(
        pk=event.pk,
        organisation=draft.organisation,
        name=draft.name,
        note=draft.note,
        draft=draft,
        made_by=caller.user,
        created_count=acts.count(Act.CREATE),
        changed_count=acts.count(Act.CHANGE),
        deleted_count=acts.count(Act.DELETE),
        content=pack(merged.before, merged.after),
    )
    rows = Publication.objects.filter(organisation=draft.organisation)
    newest = list(rows.values_list("pk", flat=True)[:KEPT])
    rows.exclude(pk__in=newest).delete()


def plan(*, caller: Caller, draft: Draft, at: dt.datetime, version: int) -> None:
    """Let a draft be published at a time. Raises `NotOpen`, `adgang.lib.registered.StaleVersion` or `Refused`."""
    with transaction.atomic():
        lock(draft.organisation_id)
        current = Draft.objects.select_related("organisation").select_for_update(of=("self",)).get(pk=draft.pk)
        check_version(current, version=version)
        if not current.is_open:
            raise NotOpen
        merged = lifecycle.read(current)
        why = refusal(merged) or (None if difference(merged) or merged.touched else finding("draft.empty"))
        if why is not None:
            raise Refused(why)
        current.state, current.publish_at, current.planned_by = DraftState.PLANNED, at, caller.user
        current.refusal = None
        save_version(current, version=version)
        record(caller, current, Tag.DRAFT_PLANNED, after={"publish_at": at.isoformat()})


def unplan(*, caller: Caller, draft: Draft, version: int) -> None:
    """Open a draft again that waits for its time. Raises `NotOpen` or `adgang.lib.registered.StaleVersion`."""
    with transaction.atomic():
        lock(draft.organisation_id)
        current = Draft.objects.select_related("organisation").select_for_update(of=("self",)).get(pk=draft.pk)
        check_version(current, version=version)
        if not current.is_planned:
            raise NotOpen
        was = current.publish_at.isoformat() if current.publish_at else None
        current.state, current.publish_at = DraftState.OPEN, None
        save_version(current, version=version)
        record(caller, current, Tag.DRAFT_PLAN_CANCELLED, before={"publish_at": was})


@dataclass(frozen=True)
class Kept:
    """A publication unpacked: the structure before it and after it."""

    before: Structure
    after: Structure


def pack(before: Structure, after: Structure) -> bytes:
    """Return two structures in the form in which a publication keeps them: the first, and what differs in the other."""
    kept = {"before": _packed(before, Structure()), "after": _packed(after, before), "gone": _gone(before, after)}
    return zlib.compress(json.dumps(kept, ensure_ascii=False).encode(), level=3)


def _packed(structure: Structure, other: Structure) -> dict[str, object]:
    """Return what `other` has not, or has otherwise."""
    groups = {str(pk): stored.of_group(one) for pk, one in structure.groups.items() if one != other.groups.get(pk)}
    points = {}
    for pk, one in structure.points.items():
        old = other.points.get(pk)
        if one != old or stored.positions(one, structure) != stored.positions(old, other):
            points[str(pk)] = stored.of_point(one, structure)
    return {"groups": groups, "points": points, "systems": {str(one.pk): one.name for one in structure.systems}}


def _gone(before: Structure, after: Structure) -> list[str]:
    gone = [*(before.groups.keys() - after.groups.keys()), *(before.points.keys() - after.points.keys())]
    return [str(pk) for pk in gone]


def unpack(publication: Publication) -> Kept:
    """Return the structures that a publication keeps. A system that is gone has its name at the time, and no row."""
    known = {str(system.pk): system for system in System.objects.filter(organisation=publication.organisation_id)}
    kept = json.loads(zlib.decompress(bytes(publication.content)))
    before = Structure()
    _unpack(kept["before"], known, before)
    after = before.copy()
    for text in kept["gone"]:
        after.groups.pop(uuid.UUID(text), None)
        if point := after.points.pop(uuid.UUID(text), None):
            _unplace(point, after)
    _unpack(kept["after"], known, after)
    return Kept(before, after)


def _unpack(kept: dict[str, dict[str, stored.Stored]], known: dict[str, System], into: Structure) -> None:
    systems = {pk: known.get(pk) or System(pk=uuid.UUID(pk), name=str(name)) for pk, name in kept["systems"].items()}
    into.systems = list(systems.values())
    for text, group in kept["groups"].items():
        pk = uuid.UUID(text)
        into.groups[pk] = stored.group(pk, group, version=group["version"])
    for text, point in kept["points"].items():
        pk = uuid.UUID(text)
        if former := into.points.get(pk):
            _unplace(former, into)
        into.points[pk] = stored.point(pk, point, systems[point["values"]["system"]], version=point["version"])
        for group_id, position in point["places"]:
            into.place[pk, stored.id_of(group_id)] = position


def _unplace(point: PointNode, structure: Structure) -> None:
    for group_id in point.group_ids:
        structure.place.pop((point.id, group_id), None)


def restore(*, caller: Caller, publication: Publication, name: str, before: bool = False) -> Draft:
    """Return a draft that makes the structure as it was after a publication, or `before` it."""
    kept = unpack(publication)
    wanted = kept.before if before else kept.after
    return lifecycle.from_structure(
        caller=caller, organisation=publication.organisation, name=name, wanted=lambda now: _renewed(wanted, now)
    )


def _renewed(wanted: Structure, now: Structure) -> Structure:
    """Return the structure with the versions that its objects have now: only what differs otherwise is a change."""
    for pk, group in wanted.groups.items():
        group.version = now.groups[pk].version if pk in now.groups else 0
    for pk, point in wanted.points.items():
        point.version = now.points[pk].version if pk in now.points else 0
    return wanted
