"""Maintenance: a time in which changes are refused, or the portal is closed. It is a row, so that it holds everywhere.

Each process looks at the row every two seconds (`adgang/operations/pulse.py`) and keeps what it saw; a request asks the
database nothing. A process that cannot look keeps to what it saw last.
"""

import datetime as dt
import uuid

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from adgang.lib.snapshots import snapshot
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Maintenance

KEPT = "maintenance"  # in the memory of this process
ANNOUNCED = dt.timedelta(days=7)


def look(*, at: dt.datetime) -> None:
    """Read what is on or planned, and keep it for the requests of this process."""
    open_ = Maintenance.objects.filter(ended=None).filter(Q(until=None) | Q(until__gt=at))
    cache.set(KEPT, list(open_.order_by("starts")), timeout=None)


def current(*, at: dt.datetime) -> Maintenance | None:
    """Return the maintenance that is on, as this process last saw it."""
    return next((one for one in _kept() if one.is_on(at)), None)


def coming(*, at: dt.datetime) -> Maintenance | None:
    """Return the next planned maintenance within a week, as this process last saw it."""
    return next((one for one in _kept() if at < one.starts <= at + ANNOUNCED and not one.is_over(at)), None)


def is_on(*, at: dt.datetime) -> bool:
    """Say, asking the database, whether maintenance is on; for background work, which can wait for the answer."""
    rows = Maintenance.objects.filter(ended=None, starts__lte=at)
    return rows.filter(Q(until=None) | Q(until__gt=at)).exists()


def _kept() -> list[Maintenance]:
    return cache.get(KEPT) or []


@transaction.atomic
def plan(*, caller: Caller, maintenance: Maintenance, at: dt.datetime) -> Maintenance:
    """Switch maintenance on, or plan it; recorded with who and why."""
    maintenance.save(force_insert=True)
    entry = Entry(
        tag=Tag.PORTAL_MAINTENANCE_PLANNED, obj=maintenance, after=snapshot(maintenance), reason=maintenance.reason
    )
    events.record(caller, None, entry)
    transaction.on_commit(lambda: look(at=at))
    return maintenance


@transaction.atomic
def end(*, caller: Caller, ids: list[uuid.UUID], at: dt.datetime) -> int:
    """End maintenance, or call it off; returns how many were not over yet. Recorded."""
    rows = Maintenance.objects.select_for_update().filter(pk__in=ids, ended=None)
    ended = [one for one in rows if not one.is_over(at)]
    Maintenance.objects.filter(pk__in=[one.pk for one in ended]).update(ended=at)
    if ended:
        told = [(None, Entry(tag=Tag.PORTAL_MAINTENANCE_ENDED, obj=one, before=snapshot(one))) for one in ended]
        events.record_all(caller, told)
    transaction.on_commit(lambda: look(at=at))
    return len(ended)


def not_over(*, at: dt.datetime) -> list[Maintenance]:
    """Return what is on or planned, from the database."""
    return [one for one in Maintenance.objects.filter(ended=None).order_by("starts") if not one.is_over(at)]
