"""Long work in the background: a row that a worker claims, reports on and ends once.

A room registers a kind of work with `register` when it is ready, asks for it with `begin` in the transaction of its
cause, and shows it with `organisations.job_pages.follow`. The queue is never the truth: messages may come twice or
never, so a conditional UPDATE decides who works, and `sweep` finds what was lost.

A kind does its work in `run(job, progress)`. What it writes belongs into one transaction that ends with
`progress.finish(result)`: a worker that was given up, and comes back, then undoes its own work instead of doubling it.
Progress is reported outside that transaction, or nobody sees it.
"""

import datetime as dt
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from adgang.lib.queueing import after_commit
from adgang.lib.snapshots import JSON
from organisations.callers import Caller, Channel
from organisations.models import Blob, Job, JobStatus, Organisation
from organisations.models.job import OPEN

log = structlog.get_logger("adgang.jobs")

MAX_ATTEMPTS = 3
MAX_SENDINGS = 4
FIRST_PATIENCE = dt.timedelta(minutes=1)
# People see no difference between two reports and twenty a second; the database does.
REPORT_SECONDS = 0.4
FAULT = "job.fault"
NOT_STARTED = "job.not_started"
INTERRUPTED = "job.interrupted"


class JobLost(Exception):
    """The job is no longer this worker's: it was given to another, or is over. What it wrote must be undone."""


class Progress:
    """What a running job says of itself."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._last = 0.0

    def report(self, done: int, total: int, stage: str = "") -> None:
        """Say that `done` of `total` parts are done (0 of 0: not known). Raises `JobLost`."""
        now = time.monotonic()
        if now - self._last < REPORT_SECONDS and stage == self._job.stage and done < total:
            return
        self._last = now
        _write(self._job, done=done, total=total, stage=stage)

    def finish(self, result: dict[str, JSON] | None = None) -> None:
        """End the job well, in the transaction of its work. Raises `JobLost`, which undoes that work."""
        _write(self._job, status=JobStatus.DONE, finished=timezone.now(), result=result or {})


@dataclass(frozen=True)
class Kind:
    """A kind of work. `limit`: after so long without an end its worker counts as lost."""

    run: Callable[[Job, Progress], None]
    limit: dt.timedelta = dt.timedelta(minutes=15)


_KINDS: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Make a kind of work known; called from `AppConfig.ready()`."""
    _KINDS[name] = kind


def begin(
    *,
    caller: Caller,
    organisation: Organisation | None,
    kind: str,
    params: dict[str, JSON] | None = None,
    file: Blob | None = None,
) -> Job:
    """Return a new job, queued when the transaction commits. Raises KeyError for a kind that nobody registered."""
    _KINDS[kind]
    at = timezone.now()
    with transaction.atomic():
        job = Job.objects.create(
            organisation=organisation,
            kind=kind,
            requested_by=caller.user,
            params=params or {},
            file=file,
            created=at,
            queued_at=at,
        )
        _send(job)
    return job


def _send(job: Job) -> None:
    after_commit("organisations.run_job", job_id=str(job.pk))


def caller_of(job: Job) -> Caller:
    """Return the caller in whose name the work is done: whoever asked for it, through a task."""
    return Caller(user=job.requested_by, channel=Channel.TASK, request_id=str(job.pk), label=job.kind)


def claim(job_id: uuid.UUID | str) -> Job | None:
    """Make a queued job this worker's own and return it; None when there is nothing to claim."""
    waiting = Job.objects.filter(pk=job_id, status=JobStatus.QUEUED)
    job = waiting.select_related("organisation", "requested_by", "file").first()
    if job is None:
        return None
    values: dict[str, Any] = {
        "status": JobStatus.RUNNING,
        "attempt": job.attempt + 1,
        "claimed_at": timezone.now(),
        "done": 0,
        "total": 0,
        "stage": "",
    }
    claimed = waiting.filter(attempt=job.attempt).update(**values)
    for name, value in values.items():
        setattr(job, name, value)
    return job if claimed else None


def carry_out(job: Job) -> None:
    """Do a claimed job to its end. A fault of ours ends it too, as not carried out."""
    started = time.monotonic()
    try:
        _KINDS[job.kind].run(job, Progress(job))
        if job.is_open:
            Progress(job).finish()
    except JobLost:
        log.info("job lost", job=str(job.pk), kind=job.kind, attempt=job.attempt)
    except Exception:
        log.exception("job failed", job=str(job.pk), kind=job.kind)
        fail(job, FAULT)
    else:
        log.info("job done", job=str(job.pk), kind=job.kind, ms=round((time.monotonic() - started) * 1000))


def fail(job: Job, code: str, **values: JSON) -> bool:
    """End a job that could not be carried out, with the code of the reason; say whether it was still open."""
    return bool(
        Job.objects.filter(pk=job.pk, attempt=job.attempt, status__in=OPEN).update(
            status=JobStatus.FAILED, finished=timezone.now(), result={"code": code, **values}
        )
    )


def _write(job: Job, **values: Any) -> None:
    own = Job.objects.filter(pk=job.pk, attempt=job.attempt, status=JobStatus.RUNNING)
    if not own.update(**values):
        raise JobLost
    for name, value in values.items():
        setattr(job, name, value)


def sweep(*, at: dt.datetime) -> int:
    """Look after jobs whose message or worker was lost, as of `at`; return how many were sent again or ended."""
    jobs = list(Job.objects.filter(status__in=OPEN).defer("params", "result"))
    return sum(_sweep_waiting(job, at) if job.status == JobStatus.QUEUED else _sweep_running(job, at) for job in jobs)


def _sweep_waiting(job: Job, at: dt.datetime) -> bool:
    if job.queued_at > at - FIRST_PATIENCE * 2 ** (job.sendings - 1):
        return False
    if job.sendings >= MAX_SENDINGS:
        return fail(job, NOT_STARTED)
    return _queue_again(job, at, sendings=job.sendings + 1)


def _sweep_running(job: Job, at: dt.datetime) -> bool:
    if job.claimed_at is None or job.claimed_at > at - _KINDS[job.kind].limit:
        return False
    if job.attempt >= MAX_ATTEMPTS:
        return fail(job, INTERRUPTED)
    return _queue_again(job, at, sendings=1)


def _queue_again(job: Job, at: dt.datetime, *, sendings: int) -> bool:
    with transaction.atomic():
        as_seen = Job.objects.filter(
            pk=job.pk, status=job.status, attempt=job.attempt, sendings=job.sendings, queued_at=job.queued_at
        )
        if not as_seen.update(status=JobStatus.QUEUED, queued_at=at, sendings=sendings):
            return False
        _send(job)
    return True
