"""Whether the installation is well, as JSON for load balancers and monitors.

`/healthz`: the process answers. `/readyz`: 503 when the database cannot be used or its tables are not those of this
version; everything else that is wrong makes it "degraded", with 200, for people can still work.
"""

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

import adgang
from certificates.models import RevocationList
from certificates.revocation.fetching import overdue
from organisations import access, event_forwarding, heartbeat
from organisations.models import Mail
from systems import scheduling
from systems.models import CheckRun, RunStatus

# The worker shows itself every 10 seconds; a queue that is swept every 30 or 60 seconds has no older work.
WORKER_SILENT = dt.timedelta(minutes=3)
TICK_SILENT = dt.timedelta(minutes=3)
WORK_WAITS = dt.timedelta(minutes=5)
MAIL_WAITS = dt.timedelta(minutes=15)
ENTRY_WAITS = dt.timedelta(minutes=15)
UNAVAILABLE = 503


class Health(StrEnum):
    """How well something is; the worst part decides for the whole."""

    OK = "ok"
    DEGRADED = "degraded"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Check:
    """One part of the installation and what was found."""

    health: Health
    found: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return {status, …what was found}."""
        return {"status": str(self.health), **self.found}


def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process is alive; asks nothing of the database."""
    access.public(request)
    return _answer({"status": str(Health.OK)}, status=200)


def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether requests can be served, and what else is not well."""
    access.public(request)
    checks = checked(at=timezone.now())
    worst = max((check.health for check in checks.values()), key=list(Health).index)
    body = {
        "status": str(worst),
        "version": adgang.__version__,
        "checks": {name: check.as_json() for name, check in checks.items()},
    }
    return _answer(body, status=UNAVAILABLE if worst is Health.UNAVAILABLE else 200)


def _answer(body: dict[str, Any], *, status: int) -> JsonResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})


def checked(*, at: dt.datetime) -> dict[str, Check]:
    """Return every part by name; without a database nothing else can be known."""
    try:
        migrations = pending_migrations()
    except DatabaseError:
        return {"database": Check(Health.UNAVAILABLE)}
    checks = {"database": Check(Health.OK), "migrations": _migrations(migrations)}
    if migrations:
        return checks
    return checks | {
        "worker": _worker(at),
        "checks_worker": _checks_worker(at),
        "schedule": _schedule(at),
        "queue": _queue(at),
        "mail": _mail(at),
        "revocation": _revocation(at),
        "siem": _siem(at),
    }


def pending_migrations() -> list[str]:
    """Return the migrations of this version that the database has not had. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _migrations(pending: list[str]) -> Check:
    return Check(Health.UNAVAILABLE if pending else Health.OK, {"pending": pending})


def _worker(at: dt.datetime) -> Check:
    """Beat, queue and worker together: a task that beat sends and a worker carries out."""
    return _aged(
        "last_seen_seconds", heartbeat.last_beat("worker"), at=at, limit=WORKER_SILENT, unknown=Health.DEGRADED
    )


def _checks_worker(at: dt.datetime) -> Check:
    """The worker of the queues of checks, which beat asks to show itself."""
    return _aged(
        "last_seen_seconds", heartbeat.last_beat("checks"), at=at, limit=WORKER_SILENT, unknown=Health.DEGRADED
    )


def _schedule(at: dt.datetime) -> Check:
    """The tick that starts the checks that are due, once a minute."""
    last = heartbeat.last_beat(scheduling.HEARTBEAT)
    return _aged("last_tick_seconds", last, at=at, limit=TICK_SILENT, unknown=Health.DEGRADED)


def _queue(at: dt.datetime) -> Check:
    waiting = CheckRun.objects.filter(status=RunStatus.QUEUED).order_by("created")
    oldest = waiting.values_list("created", flat=True).first()
    return _aged("oldest_waiting_seconds", oldest, at=at, limit=WORK_WAITS, unknown=Health.OK)


def _mail(at: dt.datetime) -> Check:
    """The oldest mail that is still to be sent; one that was given up waits no more."""
    waiting = Mail.objects.filter(sent=None, next_attempt__isnull=False).order_by("created")
    oldest = waiting.values_list("created", flat=True).first()
    return _aged("oldest_waiting_seconds", oldest, at=at, limit=MAIL_WAITS, unknown=Health.OK)


def _siem(at: dt.datetime) -> Check:
    """The oldest entry of the event log that the SIEM has not got; nothing waits where there is none."""
    waiting = event_forwarding.oldest_waiting()
    return _aged("oldest_waiting_seconds", waiting, at=at, limit=ENTRY_WAITS, unknown=Health.OK)


def _revocation(at: dt.datetime) -> Check:
    """The oldest revocation list, and how many authorities have none that is in force."""
    oldest = RevocationList.objects.order_by("this_update").values_list("this_update", flat=True)
    made = oldest.filter(this_update__isnull=False, anchor__not_after__gte=at).first()
    missing = overdue(at=at)
    age = None if made is None else round((at - made).total_seconds())
    return Check(Health.DEGRADED if missing else Health.OK, {"oldest_list_seconds": age, "lists_missing": missing})


def _aged(name: str, since: dt.datetime | None, *, at: dt.datetime, limit: dt.timedelta, unknown: Health) -> Check:
    if since is None:
        return Check(unknown, {name: None})
    return Check(Health.DEGRADED if at - since > limit else Health.OK, {name: round((at - since).total_seconds())})
