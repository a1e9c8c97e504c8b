"""Telling people that systems fail and work again: what changed at about the same time is one mail to each reader.

A failure waits up to ten minutes for systems of the same vendor or host that have begun to fail as well. Nothing is
told while the fault is presumed ours, in a maintenance window, or of a system whose people want no alarms; what still
holds when a window ends is told then. Reminders come once a day. The notices, what the rows say was told, and the
mails are one transaction.
"""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from organisations.mail import queue_mail
from organisations.models import Organisation
from systems import health, outages
from systems.health_readers import readers, siblings, topic_of
from systems.models import (
    HealthChange,
    HealthDigest,
    HealthNews,
    HealthNotice,
    HealthState,
    MaintenanceWindow,
    SystemHealth,
)
from systems.scheduling import watched
from systems.subjects import hosts_of

KIND = "system_health"
UNSTABLE = "UNSTABLE"
WAIT_FOR_OTHERS = dt.timedelta(minutes=10)
REMIND_EVERY = dt.timedelta(hours=24)
AT_ONCE = 500


def tell(*, at: dt.datetime) -> int:
    """Tell of everything that is due; returns in how many lines. Doing it again does nothing."""
    if outages.current() is not None:
        return 0
    health.settle(at=at)
    _keep_quiet(at)
    with transaction.atomic():
        rows = list(_untold(at).select_for_update(of=("self",))[:AT_ONCE])
        waiting = _waiting(rows, at)
        notices = [_notice(row, at) for row in rows if row.system_id not in waiting]
        if notices:
            _publish(notices, at)
            _mark(notices, at)
    return len(notices)


def _keep_quiet(at: dt.datetime) -> None:
    """Count as told what nobody wants to hear, so that switching alarms on again does not tell of the past."""
    muted = SystemHealth.objects.filter(system__monitoring__alerting=False).exclude(state=F("told"))
    muted.update(told=F("state"))


def _untold(at: dt.datetime) -> QuerySet[SystemHealth]:
    maintained = MaintenanceWindow.objects.at(at).filter(system=OuterRef("pk"))
    heard = watched(at).exclude(monitoring__alerting=False).filter(~Exists(maintained))
    turned = ~Q(state=F("told")) & ~Q(state=HealthState.UNKNOWN) & Q(unstable_since=None)
    unstable = Q(unstable_since__isnull=False) & ~Q(told=UNSTABLE)
    due = Q(state=HealthState.FAILING, told=HealthState.FAILING, reminded__lte=at - REMIND_EVERY)
    rows = SystemHealth.objects.filter(turned | unstable | due, system__in=heard)
    return rows.select_related("system__organisation").order_by("state_since")


def _waiting(rows: list[SystemHealth], at: dt.datetime) -> set[object]:
    """Return the systems that have just failed and whose siblings have begun to: they are told of together."""
    fresh = [row for row in rows if news(row) == HealthNews.FAILING]
    noticed = HealthChange.objects.filter(
        system__in=[row.system_id for row in fresh], state=HealthState.FAILING, noticed__gt=at - WAIT_FOR_OTHERS
    )
    young = set(noticed.values_list("system_id", flat=True))
    suspects = watched(at).filter(health__failures__gt=0).exclude(health__state=HealthState.FAILING)
    return {
        row.system_id for row in fresh if row.system_id in young and suspects.filter(siblings([row.system])).exists()
    }


def news(row: SystemHealth) -> HealthNews:
    """Return what is to be told of the row."""
    if row.unstable_since is not None and row.told != UNSTABLE:
        return HealthNews.UNSTABLE
    if row.state == row.told:
        return HealthNews.REMINDER
    return HealthNews.FAILING if row.is_failing else HealthNews.RECOVERED


def _notice(row: SystemHealth, at: dt.datetime) -> HealthNotice:
    hosts = hosts_of(row.system)
    return HealthNotice(system=row.system, news=news(row), since=row.state_since or at, host=hosts[0] if hosts else "")


def _publish(notices: list[HealthNotice], at: dt.datetime) -> None:
    digest = HealthDigest.objects.create(created=at)
    for notice in notices:
        notice.digest = digest
    HealthNotice.objects.bulk_create(notices)
    told: dict[str, tuple[str, set[Organisation]]] = {}
    for notice in notices:
        for address, language in readers(notice.system, topic_of(notice.news), at).items():
            told.setdefault(address, (language, set()))[1].add(notice.system.organisation)
    for address, (language, organisations) in told.items():
        only = organisations.pop() if len(organisations) == 1 else None
        queue_mail(kind=KIND, to=address, organisation=only, object_id=digest.pk, language=language)


def _mark(notices: list[HealthNotice], at: dt.datetime) -> None:
    for kind, told in _outcomes():
        ids = [notice.system_id for notice in notices if notice.news == kind]
        SystemHealth.objects.filter(system__in=ids).update(told=told, reminded=at)


def _outcomes() -> Iterator[tuple[HealthNews, str]]:
    yield HealthNews.FAILING, HealthState.FAILING
    yield HealthNews.REMINDER, HealthState.FAILING
    yield HealthNews.RECOVERED, HealthState.HEALTHY
    yield HealthNews.UNSTABLE, UNSTABLE
