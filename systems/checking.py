"""Connection checks: asked for, claimed by one worker, carried out, finished once.

Nothing is done in a transaction while the network is waited for, and no database connection is held meanwhile. Every
write of a worker is conditional on the run still being its own: one that was given to another, or deleted, simply ends.
"""

import datetime as dt
import os
import socket
import threading
import time
import uuid
from functools import partial

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from adgang.lib.connections import release_connection
from adgang.lib.findings import finding
from adgang.lib.queueing import after_commit
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.events import Entry, record_all
from systems import check_limits, outages, probe_messages, probing, scheduling
from systems.check_results import count_result, deciding_code, failed_step, holds, reread
from systems.health import entry
from systems.models import CheckBatch, CheckRun, HealthChange, RunStatus, System, SystemHealth, Trigger
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
        return open_run(system) or _new_run(caller, system, trigger, at=timezone.now())


def ask_here(caller: Caller, system: System) -> CheckRun:
    """Return the system's open run, or a new one that is not queued: the caller carries it out itself."""
    with transaction.atomic():
        return open_run(system) or _new_run(caller, system, Trigger.COMMAND, at=timezone.now(), queued=False)


def ask_in_batch(batch: CheckBatch, system: System, *, at: dt.datetime) -> CheckRun:
    """Return a new run of a test of all systems, queued when the transaction commits; the batch has its own limits."""
    caller = Caller(user=batch.requested_by, channel=Channel.TASK, request_id=str(batch.pk))
    return _new_run(caller, system, Trigger.BATCH, at=at, batch=batch)


def open_run(system: System) -> CheckRun | None:
    """Return the system's run that waits or runs, if there is one."""
    found: CheckRun | None = CheckRun.objects.open().filter(system=system).first()
    return found


def _new_run(
    caller: Caller,
    system: System,
    trigger: Trigger,
    *,
    at: dt.datetime,
    queued: bool = True,
    batch: CheckBatch | None = None,
) -> CheckRun:
    subject = probing.planned(subject_of(system, at=at), system=system, trigger=trigger)
    if trigger in check_limits.LIMITED:
        check_limits.guard(user=caller.user, organisation=system.organisation, hosts=subject.hosts(), at=at)
    run = CheckRun(
        system=system,
        protocol=subject.protocol,
        trigger=trigger,
        requested_by=caller.user,
        batch=batch,
        created=at,
        queued_at=at,
        target=subject.as_json(),
        hosts=subject.hosts(),
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:  # somebody else asked at the same moment
        if other := open_run(system):
            return other
        raise
    if queued:
        send(run)
    return run


def send(run: CheckRun) -> None:
    """Put the run on its queue when the transaction commits. The message may be lost: the sweeper sends another."""
    scheduled = run.trigger == Trigger.SCHEDULED
    after_commit(scheduling.TASK if scheduled else "systems.check_system", run_id=str(run.pk))


def claim(run_id: uuid.UUID | str, *, worker: str | None = None) -> CheckRun | None:
    """Make a queued run this worker's own and return it; None when there is nothing to claim.

    One conditional UPDATE decides between workers that were given the same message.
    """
    waiting = CheckRun.objects.filter(pk=run_id, status=RunStatus.QUEUED)
    try:
        run: CheckRun = waiting.get()
    except CheckRun.DoesNotExist:
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
    """Carry out a claimed run to its end. A fault of ours ends it too, as not carried out.

    A database that is away is no such fault: the run is left to the sweeper, as if the worker had died.
    """
    started = time.monotonic()
    try:
        _take_steps(claimed, started=started)
    except (RunLost, System.DoesNotExist):
        log.info("check lost", run=str(claimed.pk), attempt=claimed.attempt)
    except (OperationalError, InterfaceError) as error:
        log.warning("check interrupted", run=str(claimed.pk), attempt=claimed.attempt, error=str(error))
    except Exception:
        log.exception("check failed", run=str(claimed.pk))
        abort(claimed, "run.fault")
    finally:
        release_connection()


def _take_steps(run: CheckRun, *, started: float) -> None:
    at = timezone.now()
    system = System.objects.with_check_data(run.protocol).get(pk=run.system_id)
    subject = probing.equipped(subject_of(system, at=at), system=system, run=run, at=at)
    run.target, run.protocol = subject.as_json(), subject.protocol
    # Nobody watches a check that asked for itself: it is written once, with the result.
    watched = run.trigger != Trigger.SCHEDULED
    if watched:
        _write(run, target=run.target, protocol=run.protocol)
    save = partial(_save_steps if watched else _keep_steps, run)
    recorder = Recorder(protocol=subject.protocol, at=at, save=save, earlier=_steps_before(run))
    release_connection()
    PROTOCOLS[subject.protocol].check(subject, recorder)
    finish(run, subject=subject, system=system, started=started)
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


def _keep_steps(run: CheckRun, steps: list[JSON]) -> None:
    run.steps = steps


def _steps_before(run: CheckRun) -> list[JSON]:
    """Return the steps of the system's run before this one."""
    runs = CheckRun.objects.with_result().filter(system=run.system_id, protocol=run.protocol).newest_first()
    return runs.values_list("steps", flat=True).first() or []


def finish(run: CheckRun, *, subject: Subject, system: System, started: float) -> None:
    """Sum up the steps of a run that is over: its result, the system's health, the event. Raises `RunLost`.

    `system` is as it was when the check began.
    """
    run.status = RESULT[worst(StepStatus(step["status"]) for step in run.steps)]
    run.finished, run.summary, run.failed_step = timezone.now(), deciding_code(run.steps), failed_step(run.steps)
    with transaction.atomic():
        # Its lock comes before the settings are read, for whoever changes them empties the row.
        health = next(iter(SystemHealth.objects.select_for_update().filter(system=run.system_id)), None)
        run.newly_unreachable = outages.is_new(run, health)
        before = _result_before(run) if _is_told(run) else ""
        _write(
            run,
            target=run.target,
            protocol=run.protocol,
            steps=run.steps,
            status=run.status,
            summary=run.summary,
            finished=run.finished,
            duration_ms=round((time.monotonic() - started) * 1000),
            failed_step=run.failed_step,
            newly_unreachable=run.newly_unreachable,
        )
        if subject.message is not None:
            probe_messages.settle(message=subject.message, steps=run.steps, at=timezone.now())
        now = reread(system)
        holding = now is system or holds(subject, now, run.finished)
        change = count_result(run, health, now) if health and holding else None
        _record(run, before, now, change)


def _is_told(run: CheckRun) -> bool:
    """Say whether the run itself is an event: somebody asked for it."""
    return run.trigger != Trigger.SCHEDULED and not run.batch_id


def _result_before(run: CheckRun) -> str:
    runs = CheckRun.objects.with_result().filter(system=run.system_id).exclude(pk=run.pk).newest_first()
    return runs.values_list("status", flat=True).first() or ""


def _record(run: CheckRun, before: str, system: System, change: HealthChange | None = None) -> None:
    """Log what somebody asked for; of scheduled runs only that the state of the system changed.

    Of a test of all systems the batch is the event: the end of a run lets it go on.
    """
    if run.batch_id:
        after_commit("systems.go_on_with_batch", batch_id=str(run.batch_id))
    told = [_entry(run, before, system) if _is_told(run) else None, entry(system, change) if change else None]
    if entries := [one for one in told if one]:
        record_all(_caller(run), [(system.organisation, one) for one in entries])


def _entry(run: CheckRun, before: str, system: System) -> Entry:
    after = {
        "status": str(run.status),
        "protocol": run.protocol,
        "summary": run.summary,
        "run": str(run.pk),
        "trigger": str(run.trigger),
    }
    return Entry(
        tag=Tag.CONNECTION_CHECKED,
        obj=system,
        before={"status": before} if before else {},
        after=after,
        system_id=system.pk,
    )


def _caller(run: CheckRun) -> Caller:
    label = "check_connection" if run.trigger == Trigger.COMMAND else "check_system"
    channel = Channel.COMMAND if run.trigger == Trigger.COMMAND else Channel.TASK
    return Caller(user=run.requested_by, channel=channel, request_id=str(run.pk), label=label)


def abort(run: CheckRun, code: str) -> bool:
    """End a run that could not be carried out, with the reason; say whether it was still open at this attempt.

    It says nothing of the system, so the system's health is left alone.
    """
    with transaction.atomic():
        values = {"status": RunStatus.ABORTED, "summary": finding(code).code, "finished": timezone.now()}
        if not CheckRun.objects.open().filter(pk=run.pk, attempt=run.attempt).update(**values):
            return False
        for name, value in values.items():
            setattr(run, name, value)
        _record(run, "", System.objects.select_related("organisation").get(pk=run.system_id))
    return True
