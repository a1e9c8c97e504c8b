"""Deciding what both a draft and somebody outside it have changed: as the draft has it, or as it stands now."""

import hashlib
import json
import uuid
from collections.abc import Iterable

from django.db import transaction

from contacts.drafts import lifecycle, merging
from contacts.drafts.merging import Conflict, Merged
from contacts.drafts.publishing import ChangedMeanwhile
from contacts.models import Draft
from organisations.callers import Caller
from organisations.event_tags import Tag

# So many names are told to the event log.
NAMED = 100


def chosen(merged: Merged, object_id: uuid.UUID | None, field: str | None) -> list[Conflict]:
    """Return the conflicts of one field of one object; of all fields (None), of all objects (None)."""
    return [
        one
        for one in merged.conflicts
        if object_id in (None, one.change.object_id) and (field is None or field == one.field)
    ]


def digest(conflicts: Iterable[Conflict]) -> str:
    """Return a fingerprint of what there is to choose between; whoever decides has seen this."""
    told = [json.dumps([str(one.change.object_id), one.field, one.mine, one.theirs]) for one in conflicts]
    return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()


def decide(
    *, caller: Caller, draft: Draft, object_id: uuid.UUID | None, field: str | None, mine: bool, seen: str
) -> int:
    """Decide conflicts for the draft (`mine`) or for what stands now, if they are still those that were `seen`.

    Return how many there were. Raises `contacts.drafts.lifecycle.NotOpen` or
    `contacts.drafts.publishing.ChangedMeanwhile`.
    """
    with transaction.atomic():
        found = chosen(lifecycle.open_draft(draft), object_id, field)
        if digest(found) != seen:
            raise ChangedMeanwhile
        for one in found:
            _decide(draft, one, mine=mine)
        if found:
            lifecycle.touch(draft)
            names = [f"{one.name} ({one.field})" if one.field else one.name for one in found]
            told = {"objects": names[:NAMED], "count": len(names), "kept": "draft" if mine else "structure"}
            lifecycle.record(caller, draft, Tag.DRAFT_CONFLICT_DECIDED, after=told)
    return len(found)


def _decide(draft: Draft, conflict: Conflict, *, mine: bool) -> None:
    if mine:
        merging.keep_mine(conflict)
        lifecycle.save([conflict.change])
    elif merging.take_theirs(conflict):
        lifecycle.save([conflict.change])
    else:
        lifecycle.drop(draft, [conflict.change.object_id])
