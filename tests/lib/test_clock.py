"""A worker that does not tell the time as the database does hands its tasks back."""

import time

import pytest
from celery import Celery
from celery.exceptions import Reject
from django.db import DatabaseError

from adgang.lib import clock, timed_tasks
from adgang.lib.timed_tasks import TimedTask


@pytest.fixture(autouse=True)
def never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_asked", None)
    monkeypatch.setattr(timed_tasks, "PAUSE_SECONDS", 0)


def database_says(monkeypatch: pytest.MonkeyPatch, seconds: float) -> list[int]:
    """Let the database be so many seconds ahead of this process; return what counts the questions."""
    asked: list[int] = []

    def told() -> float:
        asked.append(1)
        return time.time() + seconds

    monkeypatch.setattr(clock, "_database_time", told)
    return asked


@pytest.mark.django_db
def test_the_database_is_asked_for_the_time() -> None:
    assert abs(clock.seconds_off()) < clock.TOLERANCE


def test_it_is_asked_once_as_long_as_nothing_jumps(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = database_says(monkeypatch, 0)
    assert round(clock.seconds_off()) == round(clock.seconds_off()) == 0
    assert len(asked) == 1


def test_a_jump_is_seen_at_once_and_so_is_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    database_says(monkeypatch, 0)
    assert round(clock.seconds_off()) == 0
    asked = database_says(monkeypatch, -3600)  # now the process is an hour ahead
    monkeypatch.setattr(clock, "_asked", (time.monotonic(), time.time() - 3600))
    assert round(clock.seconds_off()) == 3600
    assert asked
    database_says(monkeypatch, 0)
    assert round(clock.seconds_off()) == 0


@pytest.fixture
def task() -> TimedTask:
    app = Celery("test", task_cls=TimedTask, set_as_current=False)

    def work() -> str:
        return "done"

    return app.task(name="test.work")(work)


def as_from_a_message(task: TimedTask) -> str:
    task.push_request(called_directly=False, is_eager=False)
    try:
        return str(task())
    finally:
        task.pop_request()


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_task_is_handed_back(task: TimedTask, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    database_says(monkeypatch, seconds)
    with pytest.raises(Reject) as raised:
        as_from_a_message(task)
    assert raised.value.requeue is True


def test_a_task_is_done_by_a_right_clock_without_a_database_and_when_called(
    task: TimedTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    database_says(monkeypatch, 5)
    assert as_from_a_message(task) == "done"

    def fails() -> float:
        raise DatabaseError

    monkeypatch.setattr(clock, "_asked", None)
    monkeypatch.setattr(clock, "_database_time", fails)
    assert as_from_a_message(task) == "done"
    database_says(monkeypatch, 3600)
    assert task() == "done"
