"""What an operator needs to know of queue and workers: what waits, who works, what is stuck and what to do about it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.operations import figures
from adgang.operations.health import Check, Health
from adgang.operations.state import state
from systems.models import CheckRun, Outage, RunStatus, Trigger

SHOWN = 50
WORKED_WITHIN = dt.timedelta(hours=1)
LATELY = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Waiting:
    """One of the two queues of checks: how many runs wait, since when the oldest, and how many run."""

    label: str | Promise
    waiting: int
    oldest: dt.datetime | None
    running: int


@dataclass(frozen=True)
class Worker:
    """A process that has carried out checks within the hour."""

    name: str
    runs: int
    running: int
    last: dt.datetime


@dataclass(frozen=True)
class Stuck:
    """A run that should be over or begun, and what to do about it."""

    run: CheckRun
    advice: str


@dataclass(frozen=True)
class Part:
    """A part of the installation as `/readyz` tells of it, in words."""

    label: str
    is_well: bool
    found: str
    advice: str


LABELS: dict[str, tuple[Promise, Promise]] = {
    "database": (gettext_lazy("Database"), gettext_lazy("See its own log.")),
    "migrations": (gettext_lazy("Tables of this version"), gettext_lazy("Run manage.py migrate.")),
    "worker": (gettext_lazy("Worker of the common work"), gettext_lazy("Start the worker of the queue “default”.")),
    "checks_worker": (
        gettext_lazy("Worker of the checks"),
        gettext_lazy("Start the worker of the queues “checks” and “scheduled”."),
    ),
    "schedule": (
        gettext_lazy("Last tick of the schedule"),
        gettext_lazy("Start beat, and see that it runs only once."),
    ),
    "queue": (gettext_lazy("Oldest check that waits"), gettext_lazy("Start more workers of the checks.")),
    "mail": (gettext_lazy("Oldest mail that waits"), gettext_lazy("See the log for why the mail server refuses.")),
    "revocation": (gettext_lazy("Revocation lists"), gettext_lazy("See which issuer's list is missing.")),
    "siem": (
        gettext_lazy("Oldest entry of the event log that waits for the SIEM"),
        gettext_lazy("See the log for why the SIEM does not answer, and ADGANG_SIEM."),
    ),
    "broker": (gettext_lazy("Server of the queue"), gettext_lazy("Start it, or correct CELERY_BROKER_URL.")),
    "beats": (
        gettext_lazy("Schedulers (beat) that run"),
        gettext_lazy("End all but one: two do everything twice as often."),
    ),
    "disk": (gettext_lazy("Disk of the portal's folder"), gettext_lazy("Make room: less than a tenth is free.")),
    "mails_given_up": (
        gettext_lazy("Mails that were given up"),
        gettext_lazy("See why below, put it right and send them again."),
    ),
    "webhooks": (
        gettext_lazy("Webhooks that fail"),
        gettext_lazy("Their authorities see why; after three days they are switched off and told."),
    ),
}


def parts(*, at: dt.datetime) -> list[Part]:
    """Return every part of the installation with how it is."""
    return [part(name, check) for name, check in state(at=at).items()]


def part(name: str, check: Check) -> Part:
    """Return a part of the installation in words."""
    label, advice = LABELS[name]
    is_well = check.health is Health.OK
    return Part(str(label), is_well, _found(check), "" if is_well else str(advice))


def _found(check: Check) -> str:
    if words := _counted(check.found):
        return words
    ages = [value for name, value in check.found.items() if name.endswith("_seconds") and value is not None]
    if not ages:
        return ""
    seconds = int(ages[0])
    return _("%(count)s seconds ago") % {"count": seconds} if seconds < 180 else _minutes(seconds)


def _counted(found: dict[str, Any]) -> str:
    """Return in words what is counted rather than timed."""
    match found:
        case {"free_percent": percent}:
            return _("%(count)s %% free") % {"count": percent}
        case {"waiting": dict() as queues}:
            return ", ".join(f"{name}: {count}" for name, count in queues.items())
        case {"failing": failing, "waiting": waiting}:
            return _("%(failing)s fail, %(waiting)s messages wait") % {"failing": failing, "waiting": waiting}
        case {"lists_missing": missing} if missing:
            return _("%(count)s missing") % {"count": missing}
        case {"count": count}:
            return str(count)
        case {"error": error}:
            return str(error)
        case {"pending": [_first, *_rest] as pending}:
            return ", ".join(pending)
    return ""


def _minutes(seconds: int) -> str:
    return _("%(count)s minutes ago") % {"count": round(seconds / 60)}


def queues() -> list[Waiting]:
    """Return the two queues of checks, in one query each."""
    return [
        _queue(gettext_lazy("Asked for by people"), ~Q(trigger=Trigger.SCHEDULED)),
        _queue(gettext_lazy("By schedule"), Q(trigger=Trigger.SCHEDULED)),
    ]


def _queue(label: Promise, which: Q) -> Waiting:
    queued = Q(status=RunStatus.QUEUED)
    found = CheckRun.objects.open().filter(which)
    counted = found.aggregate(
        waiting=Count("pk", filter=queued), oldest=Min("created", filter=queued), running=Count("pk", filter=~queued)
    )
    return Waiting(label, **counted)


def workers(*, at: dt.datetime) -> list[Worker]:
    """Return the processes that have taken checks lately; the threads of one count together."""
    taken = CheckRun.objects.filter(claimed_at__gt=at - WORKED_WITHIN).exclude(worker="").order_by()
    found: dict[str, Worker] = {}
    for row in taken.values("worker").annotate(
        runs=Count("pk"), running=Count("pk", filter=Q(status=RunStatus.RUNNING)), last=Max("claimed_at")
    ):
        name = row["worker"].rpartition(":")[0] or row["worker"]
        before = found.get(name, Worker(name, 0, 0, row["last"]))
        found[name] = Worker(
            name, before.runs + row["runs"], before.running + row["running"], max(before.last, row["last"])
        )
    return sorted(found.values(), key=lambda worker: worker.name)


def stuck(*, at: dt.datetime) -> list[Stuck]:
    """Return the runs that should be over or begun, oldest first."""
    runs = (
        CheckRun.objects.filter(figures.stuck_runs(at)).select_related("system__organisation").defer("steps", "target")
    )
    return [Stuck(run, _advice(run)) for run in runs.order_by("created")[:SHOWN]]


def _advice(run: CheckRun) -> str:
    if run.status == RunStatus.RUNNING:
        return _("Its worker is gone. Within half a minute another takes it; after three tries it is ended by itself.")
    if run.sendings > 1:
        return _("Its message was lost, or nobody takes it: see that a worker of the checks runs. It was sent again.")
    return _("It waits in line. If many do, start more workers of the checks.")


def finished_lately(*, at: dt.datetime) -> int:
    """Return how many checks ended within ten minutes."""
    return CheckRun.objects.with_result().filter(finished__gt=at - LATELY).count()


def outages() -> Iterator[Outage]:
    """Yield the open outage and the last ones."""
    yield from Outage.objects.select_related("ended_by")[:5]
