"""A draft from its beginning to its end: begun, worked on, talked about, discarded; `publishing` has the rest.

Every change locks the organisation's structure, reads it with the draft on top, lets somebody change that in memory,
and keeps what differs. So two people in one draft never overwrite each other unseen, and neither do the draft and what
happens outside it.
"""

import json
import uuid
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from adgang.lib.registered import check_version, save_version
from contacts import loading, writing
from contacts.drafts import merging
from contacts.drafts.merging import Merged, Node
from contacts.loading import Structure
from contacts.models import Draft, DraftChange, DraftComment, DraftState
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Organisation

BATCH = 500
T = TypeVar("T")


class NotOpen(Exception):
    """The draft waits for its time, or has been published or discarded: it cannot be worked on."""


def begin(*, caller: Caller, organisation: Organisation, name: str, note: str = "") -> Draft:
    """Return a new draft that changes nothing yet."""
    with transaction.atomic():
        lock(organisation.pk)
        draft = Draft.objects.create(organisation=organisation, name=name, note=note, begun_by=caller.user)
        record(caller, draft, Tag.DRAFT_BEGUN, after={"name": name, "note": note})
    return draft


def from_structure(
    *, caller: Caller, organisation: Organisation, name: str, note: str = "", wanted: Callable[[Structure], Structure]
) -> Draft:
    """Return a draft that makes the structure into what `wanted` returns for it."""
    with transaction.atomic():
        draft = begin(caller=caller, organisation=organisation, name=name, note=note)
        replace_all(caller=caller, draft=draft, wanted=wanted)
    return draft


def replace_all(*, caller: Caller, draft: Draft, wanted: Callable[[Structure], Structure]) -> None:
    """Let a draft make the structure into what `wanted` returns for it as the draft has it. Raises `NotOpen`."""
    with transaction.atomic():
        merged = open_draft(draft)
        _keep(caller, draft, merged, wanted(merged.after))


def rename(*, caller: Caller, draft: Draft, name: str, note: str, version: int) -> None:
    """Give a draft another name and note. Raises `adgang.lib.registered.StaleVersion` or `NotOpen`."""
    before = {"name": draft.name, "note": draft.note}
    with transaction.atomic():
        lock(draft.organisation_id)
        _require_open(draft)
        draft.name, draft.note = name, note
        save_version(draft, version=version)
        record(caller, draft, Tag.DRAFT_CHANGED, before=before, after={"name": name, "note": note})


def read(draft: Draft) -> Merged:
    """Return what the draft would make of the structure as it stands, in nine queries."""
    return merging.merge(loading.load(draft.organisation), draft.changes.all())


def change(*, caller: Caller, draft: Draft, act: Callable[[Structure], T]) -> T:
    """Let `act` change the structure as the draft has it, keep what differs, and return what `act` returns.

    Raises `NotOpen` and whatever `act` raises.
    """
    with transaction.atomic():
        merged = open_draft(draft)
        after = merged.after.copy()
        result = act(after)
        _keep(caller, draft, merged, after)
    return result


def open_draft(draft: Draft) -> Merged:
    """Lock the structure and return it with the draft on top. Raises `NotOpen`."""
    lock(draft.organisation_id)
    _require_open(draft)
    return read(draft)


def _require_open(draft: Draft) -> None:
    state = Draft.objects.filter(pk=draft.pk).values_list("state", flat=True).first()
    if state != DraftState.OPEN:
        raise NotOpen


def _keep(caller: Caller, draft: Draft, merged: Merged, after: Structure) -> None:
    """Keep the difference that a change of the draft has made."""
    rows, gone = [], []
    for pk, is_group, node in _differing(merged.after, after):
        row = merged.touched.get(pk) or DraftChange(draft=draft, is_group=is_group, object_id=pk)
        row.before = _rebased(row, merged)
        row.after = merging.text_of(node, after) if node else ""
        row.changed_by, row.changed = caller.user, timezone.now()
        if _is_nothing(row):
            gone.append(pk)
        else:
            rows.append(row)
    if not rows and not gone:
        return
    drop(draft, gone)
    save(rows)
    touch(draft)
    before, now = writing.logged(merged.after, after)
    record(caller, draft, Tag.DRAFT_CHANGED, before=before, after=now)


def _differing(before: Structure, after: Structure) -> Iterable[tuple[uuid.UUID, bool, Node | None]]:
    """Yield (id, is it a group, how it is to be) of all that differs, order included."""
    for pk in {**before.groups, **after.groups}:
        if before.groups.get(pk) != after.groups.get(pk):
            yield pk, True, after.groups.get(pk)
    for pk in {**before.points, **after.points}:
        old, new = before.points.get(pk), after.points.get(pk)
        if old != new or (old and new and _positions(old, before) != _positions(new, after)):
            yield pk, False, new


def _positions(node: Any, structure: Structure) -> list[float]:
    return [structure.place.get((node.id, group_id), 0) for group_id in node.group_ids]


def _rebased(row: DraftChange, merged: Merged) -> str:
    """Return what a change starts from: how the object stands now, but for the fields in conflict."""
    theirs = merging.current(row, merged.before)
    conflicts = [one for one in merged.conflicts if one.change is row]
    if any(one.field == merging.WHOLE for one in conflicts):
        return row.before
    if theirs is None:
        return ""
    fields = merging.flat(theirs) | {one.field: one.base for one in conflicts}
    return json.dumps(merging.unflat(fields, theirs["version"]), ensure_ascii=False)


def _is_nothing(row: DraftChange) -> bool:
    """Say whether a change leaves its object as it was."""
    if not row.before or not row.after:
        return not row.before and not row.after
    return merging.flat(json.loads(row.before)) == merging.flat(json.loads(row.after))


def save(rows: list[DraftChange]) -> None:
    """Write changes of a draft; the caller holds the lock."""
    DraftChange.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        update_fields=["before", "after", "changed_by", "changed"],
        unique_fields=["draft", "object_id"],
    )


def drop(draft: Draft, ids: list[uuid.UUID]) -> None:
    """Let a draft leave objects as they stand; the caller holds the lock."""
    for start in range(0, len(ids), BATCH):
        draft.changes.filter(object_id__in=ids[start : start + BATCH]).delete()


def touch(draft: Draft) -> None:
    """Let the draft be a new version, changed now; what was renamed since it was read stays so.

    The caller holds the lock.
    """
    current = Draft.objects.get(pk=draft.pk)
    save_version(current, version=current.version)
    draft.version, draft.updated = current.version, current.updated


def comment(*, caller: Caller, draft: Draft, text: str, approves: bool, version: int) -> DraftComment:
    """Say something of a draft, or that it may be published as it stood at `version`.

    Raises `adgang.lib.registered.StaleVersion` when it is approved otherwise than it was seen.
    """
    with transaction.atomic():
        lock(draft.organisation_id)
        if approves:
            check_version(Draft.objects.get(pk=draft.pk), version=version)
        made = DraftComment.objects.create(draft=draft, author=caller.user, text=text, approves=approves)
        record(caller, draft, Tag.DRAFT_COMMENTED, after={"comment": text, "approves": approves})
    return made


def discard(*, caller: Caller, draft: Draft, version: int) -> None:
    """Give a draft up; it stays to be looked at. Raises `adgang.lib.registered.StaleVersion` or `NotOpen`."""
    with transaction.atomic():
        lock(draft.organisation_id)
        current = Draft.objects.select_for_update().get(pk=draft.pk)
        check_version(current, version=version)
        if current.is_closed:
            raise NotOpen
        close(current, DraftState.DISCARDED)
        record(caller, current, Tag.DRAFT_DISCARDED, before={"name": current.name})


def close(draft: Draft, state: DraftState) -> None:
    """Let a draft be published or discarded; the caller holds the lock and records the event."""
    draft.state, draft.closed, draft.publish_at, draft.refusal = state, timezone.now(), None, None
    save_version(draft, version=draft.version)


def record(
    caller: Caller, draft: Draft, tag: Tag, *, before: dict[str, Any] | None = None, after: dict[str, Any] | None = None
) -> None:
    """Tell the event log what happened to a draft."""
    entry = events.Entry(tag=tag, obj=draft, before=before or {}, after=after or {})
    events.record(caller, draft.organisation, entry)
