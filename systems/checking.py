"""Connection checks: asked for, claimed by one worker, carried out, finished once.

Nothing is done in a transaction while the network is waited for, and no database connection is held meanwhile. Every
write of a worker is conditional on the run still being its own: a run that was given to another, or whose system was
deleted, simply ends.
"""

import datetime as dt
import os
import socket
import threading
import time
import uuid
from functools import partial

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from adgang.lib.connections import release_connection
from adgang.lib.findings import Severity, finding
from adgang.lib.queueing import after_commit
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.events import Entry, record
from systems import check_limits
from systems.models import CheckRun, RunStatus, System, SystemHealth, Trigger
from systems.models.check_run import GOOD
from systems.steps.protocols import PROTOCOLS
from systems.steps.recording import JSON, Recorder, StepStatus, worst
from systems.steps.subject import Subject
from systems.subjects import subject_of

log = structlog.get_logger("adgang.checks")

RESULT = {
    StepStatus.OK: RunStatus.PASSED,
    StepStatus.SKIPPED: RunStatus.PASSED,
    StepStatus.WARNING: RunStatus.WARNING,
    StepStatus.FAILED: RunStatus.FAILED,
}


class RunLost(Exception):
    """The run is no longer this worker's: it was taken over, finished or deleted."""


def ask(caller: Caller, system: System, trigger: Trigger) -> CheckRun:
    """Return the system's open run, or a new one that is queued when the transaction commits.

    Raises `check_limits.TooManyChecks`.
    """
    with transaction.atomic():
        return _open_run(system) or _new_run(caller, system, trigger, at=timezone.now())


def ask_here(caller: Caller, system: System) -> CheckRun:
    """Return the system's open run, or a new one that is not queued: the caller carries it out itself."""
    with transaction.atomic():
        return _open_run(system) or _new_run(caller, system, Trigger.COMMAND, at=timezone.now(), queued=False)


def _open_run(system: System) -> CheckRun | None:
    found: CheckRun | None = CheckRun.objects.open().filter(system=system).first()
    return found


def _new_run(caller: Caller, system: System, trigger: Trigger, *, at: dt.datetime, queued: bool = True) -> CheckRun:
    subject = subject_of(system, at=at)
    if trigger in check_limits.LIMITED:
        check_limits.guard(user=caller.user, organisation=system.organisation, hosts=subject.hosts(), at=at)
    run = CheckRun(
        system=system,
        protocol=subject.protocol,
        trigger=trigger,
        requested_by=caller.user,
        created=at,
        queued_at=at,
        target=subject.as_json(),
        hosts=subject.hosts(),
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:  # somebody else asked at the same moment
        if other := _open_run(system):
            return other
        raise
    if queued:
        send(run)
    return run


def send(run: CheckRun) -> None:
    """Put the run on the queue when the transaction commits. The message may be lost: the sweeper sends another."""
    after_commit("systems.check_system", run_id=str(run.pk))


def claim(run_id: uuid.UUID | str, *, worker: str | None = None) -> CheckRun | None:
    """Make a queued run this worker's own and return it; None when there is nothing to claim.

    One conditional UPDATE decides between workers that were given the same message.
    """
    waiting = CheckRun.objects.filter(pk=run_id, status=RunStatus.QUEUED)
    run: CheckRun | None = waiting.select_related("requested_by").first()
    if run is None:
        return None
    run.status, run.attempt, run.claimed_at, run.steps = RunStatus.RUNNING, run.attempt + 1, timezone.now(), []
    run.worker = worker or worker_name()
    claimed = waiting.filter(attempt=run.attempt - 1).update(
        status=run.status, attempt=run.attempt, claimed_at=run.claimed_at, steps=[], worker=run.worker
    )
    return run if claimed else None


def worker_name() -> str:
    """Return machine, process and thread, for the log and the page of operation."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


def run(claimed: CheckRun) -> None:
    """Carry out a claimed run to its end. A fault of ours ends it too, as not carried out."""
    started = time.monotonic()
    try:
        _take_steps(claimed, started=started)
    except (RunLost, System.DoesNotExist):
        log.info("check lost", run=str(claimed.pk), attempt=claimed.attempt)
    except Exception:
        log.exception("check failed", run=str(claimed.pk))
        abort(claimed, "run.fault")
    finally:
        release_connection()


def _take_steps(run: CheckRun, *, started: float) -> None:
    at = timezone.now()
    subject = subject_of(System.objects.with_page_data().get(pk=run.system_id), at=at)
    _write(run, target=subject.as_json(), protocol=subject.protocol)
    save = partial(_save_steps, run)
    recorder = Recorder(protocol=subject.protocol, at=at, save=save, earlier=_steps_before(run))
    release_connection()
    PROTOCOLS[subject.protocol].check(subject, recorder)
    finish(run, subject=subject, started=started)
    log.info("check finished", run=str(run.pk), status=str(run.status), summary=run.summary, ms=run.duration_ms)


def _write(run: CheckRun, **values: object) -> None:
    """Write to the run as long as it is ours. Raises `RunLost`."""
    own = CheckRun.objects.filter(pk=run.pk, attempt=run.attempt, status=RunStatus.RUNNING)
    if not own.update(**values):
        raise RunLost
    for name, value in values.items():
        setattr(run, name, value)


def _save_steps(run: CheckRun, steps: list[JSON]) -> None:
    _write(run, steps=steps)
    release_connection()


def _steps_before(run: CheckRun) -> list[JSON]:
    """Return the steps of the system's run before this one."""
    runs = CheckRun.objects.with_result().filter(system=run.system_id, protocol=run.protocol).newest_first()
    return runs.values_list("steps", flat=True).first() or []


def finish(run: CheckRun, *, subject: Subject, started: float) -> None:
    """Sum up the steps of a run that is over: its result, the system's health, the event. Raises `RunLost`."""
    status = RESULT[worst(StepStatus(step["status"]) for step in run.steps)]
    with transaction.atomic():
        before = _result_before(run)
        _write(
            run,
            status=status,
            summary=deciding_code(run.steps),
            finished=timezone.now(),
            duration_ms=round((time.monotonic() - started) * 1000),
        )
        _update_health(run, subject)
        _record(run, before)


def deciding_code(steps: list[JSON]) -> str:
    """Return the code of the first of the worst findings; empty when nothing is wrong."""
    for severity in (Severity.ERROR, Severity.WARNING):
        for step in steps:
            for found in step["findings"]:
                if found["severity"] == severity:
                    return str(found["code"])
    return ""


def _result_before(run: CheckRun) -> str:
    runs = CheckRun.objects.with_result().filter(system=run.system_id).exclude(pk=run.pk).newest_first()
    return runs.values_list("status", flat=True).first() or ""


def _update_health(run: CheckRun, subject: Subject) -> None:
    """Keep the result with the system, unless its settings were changed while the check ran.

    Whoever changes them empties the health row, so its lock is taken before the settings are read.
    """
    health = SystemHealth.objects.select_for_update().filter(system=run.system_id).first()
    now_set = subject_of(System.objects.with_page_data().get(pk=run.system_id), at=timezone.now())
    if health is None or _settings(now_set) != _settings(subject):
        return
    health.last_check, health.last_check_status = run.finished, run.status
    health.last_passed = run.finished if run.has_passed else health.last_passed
    health.save(update_fields=["last_check", "last_check_status", "last_passed"])


def _settings(subject: Subject) -> JSON:
    return subject.as_json() | {"last_seen": ""}


def _record(run: CheckRun, before: str) -> None:
    """Log what somebody asked for; of scheduled runs only a change between passed and not passed."""
    if run.trigger == Trigger.SCHEDULED and (before in GOOD) == run.has_passed:
        return
    system = System.objects.select_related("organisation").get(pk=run.system_id)
    after = {
        "status": str(run.status),
        "protocol": run.protocol,
        "summary": run.summary,
        "run": str(run.pk),
        "trigger": str(run.trigger),
    }
    entry = Entry(
        tag=Tag.CONNECTION_CHECKED,
        obj=system,
        before={"status": before} if before else {},
        after=after,
        system_id=system.pk,
    )
    record(_caller(run), system.organisation, entry)


def _caller(run: CheckRun) -> Caller:
    label = "check_connection" if run.trigger == Trigger.COMMAND else "check_system"
    channel = Channel.COMMAND if run.trigger == Trigger.COMMAND else Channel.TASK
    return Caller(user=run.requested_by, channel=channel, request_id=str(run.pk), label=label)


def abort(run: CheckRun, code: str) -> bool:
    """End a run that could not be carried out, with the reason; say whether it was still open at this attempt.

    It says nothing of the system, so the system's health is left alone.
    """
    with transaction.atomic():
        open_still = CheckRun.objects.open().filter(pk=run.pk, attempt=run.attempt)
        values = {"status": RunStatus.ABORTED, "summary": finding(code).code, "finished": timezone.now()}
        if not open_still.update(**values):
            return False
        for name, value in values.items():
            setattr(run, name, value)
        _record(run, before="")
    return True
