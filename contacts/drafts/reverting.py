"""Taking changes out of a draft again, with those that cannot do without them."""

import uuid
from collections.abc import Collection

from django.db import transaction

from contacts import writing
from contacts.drafts import lifecycle, merging
from contacts.drafts.merging import Merged
from contacts.models import Draft
from organisations.callers import Caller
from organisations.event_tags import Tag


def with_dependants(merged: Merged, object_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the changes that go together with one that is taken out: the whole would not hold together otherwise.

    What stands in a group that is no longer made goes too; what a deleted group took with it comes back with it.
    """
    known = {(pk, found.code) for pk, found in merged.obstacles}
    going = {object_id} & set(merged.touched)
    while True:
        left = [change for pk, change in merged.touched.items() if pk not in going]
        after = merging.merge(merged.before, left)
        new = {pk for pk, found in after.obstacles if (pk, found.code) not in known}
        more = {cause for pk in new for cause in _causes(pk, merged, going)}
        if not more:
            return going
        going |= more


def _causes(object_id: uuid.UUID, merged: Merged, going: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return the changes to blame for an obstacle: the object's own, else those of the groups that it stands in."""
    if object_id in merged.touched and object_id not in going:
        return {object_id}
    group, point = merged.before.groups.get(object_id), merged.before.points.get(object_id)
    parents = [group.parent_id] if group else point.group_ids if point else []
    return {pk for pk in parents if pk in merged.touched and pk not in going}


def revert(*, caller: Caller, draft: Draft, object_ids: Collection[uuid.UUID]) -> int:
    """Take changes out of a draft again; return how many there were. Raises `contacts.drafts.lifecycle.NotOpen`."""
    with transaction.atomic():
        merged = lifecycle.open_draft(draft)
        going = merged.touched.keys() & set(object_ids)
        if not going:
            return 0
        left = [change for pk, change in merged.touched.items() if pk not in going]
        before, after = writing.logged(merged.after, merging.merge(merged.before, left).after)
        lifecycle.drop(draft, list(going))
        lifecycle.touch(draft)
        lifecycle.record(caller, draft, Tag.DRAFT_CHANGED, before=before, after=after)
    return len(going)
