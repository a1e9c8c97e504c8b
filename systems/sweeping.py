"""Runs whose message or worker was lost are put on the queue again; in the end every run ends."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from systems import checking
from systems.models import CheckRun, RunStatus, Trigger
from systems.steps.recording import RUN_SECONDS

MAX_ATTEMPTS = 3
MAX_SENDINGS = 4
# A message is asked for again after 1, 2 and 4 minutes, so that a long queue is not made longer.
FIRST_PATIENCE = dt.timedelta(minutes=1)
# A sweep of all systems makes a long line; while it moves, a second message for each would only make it longer.
IN_LINE = dt.timedelta(minutes=5)
# A worker's own limits end a run in time; one that is still open a while later has no worker.
RUN_LIMIT = dt.timedelta(seconds=RUN_SECONDS + 15)


@dataclass(frozen=True)
class Swept:
    """How many runs were put on the queue again, and how many ended."""

    queued: int = 0
    aborted: int = 0


def sweep(*, at: dt.datetime) -> Swept:
    """Look after every open run as of `at`. Several sweepers at once do no harm."""
    open_runs = CheckRun.objects.open().defer("steps", "target", "hosts")
    waiting = open_runs.filter(status=RunStatus.QUEUED, queued_at__lte=at - FIRST_PATIENCE)
    if CheckRun.objects.filter(trigger=Trigger.SCHEDULED, claimed_at__gt=at - FIRST_PATIENCE).exists():
        waiting = waiting.exclude(trigger=Trigger.SCHEDULED, queued_at__gt=at - IN_LINE)
    abandoned = open_runs.filter(status=RunStatus.RUNNING, claimed_at__lt=at - RUN_LIMIT)
    outcomes = [_sweep_waiting(run, at) for run in waiting] + [_sweep_running(run, at) for run in abandoned]
    return Swept(queued=outcomes.count("queued"), aborted=outcomes.count("aborted"))


def _sweep_waiting(run: CheckRun, at: dt.datetime) -> str:
    if run.queued_at > at - FIRST_PATIENCE * 2 ** (run.sendings - 1):
        return ""
    if run.sendings >= MAX_SENDINGS:
        return "aborted" if checking.abort(run, "run.not_started") else ""
    return _queue_again(run, at, sendings=run.sendings + 1)


def _sweep_running(run: CheckRun, at: dt.datetime) -> str:
    if run.attempt >= MAX_ATTEMPTS:
        return "aborted" if checking.abort(run, "run.interrupted") else ""
    return _queue_again(run, at, sendings=1)


def _queue_again(run: CheckRun, at: dt.datetime, *, sendings: int) -> str:
    with transaction.atomic():
        as_seen = CheckRun.objects.filter(
            pk=run.pk, status=run.status, attempt=run.attempt, sendings=run.sendings, queued_at=run.queued_at
        )
        if not as_seen.update(status=RunStatus.QUEUED, queued_at=at, sendings=sendings):
            return ""
        checking.send(run)
    return "queued"
