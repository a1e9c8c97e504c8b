"""What is removed of checks and health when it has been kept long enough. The event log keeps what people did."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from adgang.lib.batches import remove
from systems.models import CheckRun, HealthChange, HealthDigest, MaintenanceWindow, Outage, SystemHealth

AT_ONCE = 5000


def tidy(*, at: dt.datetime) -> int:
    """Remove old runs, changes, digests, windows and outages; returns how many rows were looked for and went.

    The latest change of a system is kept however old it is: it says what the system has been since. Batches,
    so that no lock lasts.
    """
    checks_before = at - dt.timedelta(days=settings.ADGANG_KEEP_CHECKS_DAYS)
    health_before = at - dt.timedelta(days=settings.ADGANG_KEEP_HEALTH_DAYS)
    standing = SystemHealth.objects.exclude(state_since=None).values("state_since", "system_id")
    kept = {(row["system_id"], row["state_since"]) for row in standing.filter(state_since__lt=health_before)}
    changes = HealthChange.objects.filter(noticed__lt=health_before).values_list("pk", "system_id", "since")
    old = [pk for pk, system, since in changes[:AT_ONCE] if (system, since) not in kept]
    gone = HealthChange.objects.filter(pk__in=old).delete()[0]
    rows: list[QuerySet[Any]] = [
        CheckRun.objects.finished().filter(created__lt=checks_before),
        HealthDigest.objects.filter(created__lt=checks_before),
        MaintenanceWindow.objects.filter(ends__lt=health_before),
        Outage.objects.filter(is_open=False, ended__lt=health_before),
    ]
    return gone + sum(remove(one) for one in rows)
