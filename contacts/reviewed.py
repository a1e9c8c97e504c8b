"""Marking contact points as reviewed: somebody has read them through, and they are as they should be."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction

from contacts import paths
from contacts.models import ContactGroup, ContactPoint
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock


def mark_point(*, caller: Caller, point: ContactPoint, at: dt.datetime) -> None:
    """Mark one point. A review says nothing about the point's values, so its version stays what it is."""
    with transaction.atomic():
        lock(point.organisation_id)
        before = {"reviewed": point.reviewed.isoformat() if point.reviewed else None}
        _mark([point.pk], caller, at)
        after = {"reviewed": at.isoformat()}
        entry = events.Entry(
            tag=Tag.CONTACTS_REVIEWED, obj=point, before=before, after=after, system_id=point.system_id
        )
        events.record(caller, point.organisation, entry)


def below(group: ContactGroup) -> list[uuid.UUID]:
    """Return the points in a group and in all below it, in two queries."""
    branch = paths.below([group.pk])
    points = ContactPoint.objects.filter(organisation=group.organisation_id, placements__group__in=branch)
    return list(points.order_by("name", "pk").values_list("pk", flat=True).distinct())


def mark_branch(*, caller: Caller, group: ContactGroup, at: dt.datetime) -> int:
    """Mark every point in a group and below it, in one transaction with one event; return how many."""
    with transaction.atomic():
        lock(group.organisation_id)
        points = below(group)
        _mark(points, caller, at)
        if points:
            after = {"reviewed": at.isoformat(), "points": [str(pk) for pk in points]}
            events.record(caller, group.organisation, events.Entry(tag=Tag.CONTACTS_REVIEWED, obj=group, after=after))
    return len(points)


def _mark(points: Collection[uuid.UUID], caller: Caller, at: dt.datetime) -> None:
    ContactPoint.objects.filter(pk__in=points).update(reviewed=at, reviewed_by=caller.user)
