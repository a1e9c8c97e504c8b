"""The sweeper: what was lost is found again, and in the end every run ends."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from organisations.callers import Caller
from organisations.models import Event
from systems import checking
from systems.models import CheckRun, RunStatus, SystemHealth, Trigger
from systems.sweeping import MAX_ATTEMPTS, Swept, sweep
from tests.factories import systems

pytestmark = pytest.mark.django_db


def asked(trigger: Trigger = Trigger.MANUAL) -> CheckRun:
    return checking.ask(Caller.task("test"), systems.reread(systems.system()), trigger)


def later(run: CheckRun, seconds: float) -> dt.datetime:
    return run.created + dt.timedelta(seconds=seconds)


def test_a_lost_message_is_sent_again(django_capture_on_commit_callbacks: Any) -> None:
    run = asked()
    assert sweep(at=later(run, 59)) == Swept()
    with django_capture_on_commit_callbacks() as callbacks:
        assert sweep(at=later(run, 60)) == Swept(queued=1)
    assert len(callbacks) == 1
    run.refresh_from_db()
    assert (run.status, run.sendings, run.queued_at) == ("QUEUED", 2, later(run, 60))


def test_messages_become_rarer_and_the_run_ends_when_nobody_takes_it() -> None:
    run = asked()
    outcomes = {minute: sweep(at=later(run, 60 * minute)) for minute in range(1, 17)}
    assert {minute: swept for minute, swept in outcomes.items() if swept != Swept()} == {
        1: Swept(queued=1),
        3: Swept(queued=1),
        7: Swept(queued=1),
        15: Swept(aborted=1),
    }
    run.refresh_from_db()
    assert (run.status, run.summary) == ("ABORTED", "run.not_started")
    assert run.finished is not None
    assert SystemHealth.objects.get(system=run.system_id).last_check is None
    assert Event.objects.get(tag="CONNECTION_CHECKED").system_id == run.system_id


def test_a_line_that_moves_is_not_made_longer() -> None:
    waiting, asked_for, taken = asked(Trigger.SCHEDULED), asked(), asked(Trigger.SCHEDULED)
    assert checking.claim(taken.pk)
    CheckRun.objects.filter(pk=taken.pk).update(claimed_at=later(taken, 30))
    assert sweep(at=later(waiting, 61)) == Swept(queued=1)
    asked_for.refresh_from_db()
    assert asked_for.sendings == 2
    CheckRun.objects.filter(pk=taken.pk).update(claimed_at=later(taken, 300))
    assert sweep(at=later(waiting, 290)).queued == 1
    assert CheckRun.objects.get(pk=waiting.pk).sendings == 1
    assert sweep(at=later(waiting, 301)).queued == 1
    assert CheckRun.objects.get(pk=waiting.pk).sendings == 2


def test_a_run_whose_worker_died_is_given_to_another() -> None:
    run = checking.claim(asked().pk)
    assert run
    assert run.claimed_at
    assert sweep(at=run.claimed_at + dt.timedelta(seconds=74)) == Swept()
    assert sweep(at=run.claimed_at + dt.timedelta(seconds=76)) == Swept(queued=1)
    again = checking.claim(run.pk)
    assert again
    assert (again.attempt, again.steps) == (2, [])


def test_after_three_attempts_it_ends() -> None:
    run = asked()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claimed = checking.claim(run.pk)
        assert claimed
        swept = sweep(at=timezone.now() + dt.timedelta(seconds=80))
        assert swept == (Swept(queued=1) if attempt < MAX_ATTEMPTS else Swept(aborted=1))
    run.refresh_from_db()
    assert (run.status, run.summary, run.attempt) == ("ABORTED", "run.interrupted", MAX_ATTEMPTS)
    assert checking.claim(run.pk) is None


def test_a_worker_that_comes_back_too_late_changes_nothing() -> None:
    stale = checking.claim(asked().pk)
    assert stale
    sweep(at=timezone.now() + dt.timedelta(seconds=80))
    checking.run(stale)
    assert CheckRun.objects.get(pk=stale.pk).status == RunStatus.QUEUED


def test_an_abandoned_schedule_is_not_logged() -> None:
    run = asked(Trigger.SCHEDULED)
    for minute in (1, 3, 7, 15):
        sweep(at=later(run, 60 * minute))
    assert CheckRun.objects.get(pk=run.pk).status == RunStatus.ABORTED
    assert Event.objects.filter(tag="CONNECTION_CHECKED").count() == 0


def test_finished_runs_are_left_alone() -> None:
    run = asked()
    CheckRun.objects.filter(pk=run.pk).update(status=RunStatus.PASSED)
    assert sweep(at=later(run, 100_000)) == Swept()
