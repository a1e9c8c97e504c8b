"""The faults of S1, each an act on the production shape that returns when the fault itself is over."""

import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg

from benchmarks.shape import WEBS, Shape, until
from benchmarks.sweep import module

GRACE_SECONDS = 45.0  # what docker-compose.yml leaves the web process
WORKER_SECONDS = 90.0
PASSED_OVER = 3.5  # seconds for which the proxy passes over a web process that did not answer, and a little
HOUR = 3600
DUE = 20
MAILS = 3


@dataclass(frozen=True)
class Fault:
    """What is done; `excuses`: whether a request that falls into it may fail."""

    name: str
    act: Callable[[Shape], None]
    excuses: bool


@dataclass
class Moment:
    """A fault that happened: from its beginning until both web processes are ready, and until work goes on."""

    fault: Fault
    began: float = 0.0
    ended: float = 0.0
    works: float = 0.0
    trouble: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    def happen(self, shape: Shape) -> None:
        """Let it happen and wait for the end of it. What does not recover is a trouble, not an exception."""
        self.began = time.monotonic()
        try:
            self.fault.act(shape)
            shape.until_ready()
            self.ended = time.monotonic()
            until_worked(shape)
        except TimeoutError as error:
            self.trouble = str(error)
        self.works = time.monotonic()
        self.ended = self.ended or self.works

    def words(self) -> str:
        """Return it in a line."""
        over, works = self.ended - self.began, self.works - self.began
        return f"{self.fault.name}: over after {over:.1f} s, work went on after {works:.1f} s {self.trouble}"


def settled(shape: Shape, systems: int) -> list[dict[str, str]]:
    """Fill the installation; return the people who may work."""
    return list(
        json.loads(module(shape.made, "benchmarks.survivors", "prepare", str(systems), json.dumps(shape.places)))
    )


def let_some_be_due(shape: Shape) -> None:
    """Let a few systems be due for their check, and a few mails be to be sent."""
    with psycopg.connect(shape.database.url) as connection:
        connection.execute(
            "UPDATE systems_systemhealth SET next_check_at = NULL WHERE system_id IN "
            "(SELECT system_id FROM systems_systemhealth ORDER BY random() LIMIT %s)",
            [DUE],
        )
        connection.execute(
            'INSERT INTO organisations_mail (id, kind, "to", language, object_id, created, attempts, next_attempt, '
            "error) SELECT gen_random_uuid(), 'locked_out', email, 'da', id, now(), 0, now(), '' "
            "FROM organisations_user WHERE is_active LIMIT %s",
            [MAILS],
        )


def until_worked(shape: Shape) -> None:
    """Return when both kinds of workers have done something that beat asked for after now."""
    seen = _beats(shape)
    until(lambda: all(_beats(shape).get(name) != seen.get(name) for name in ("worker", "checks")), "workers to work")


def _beats(shape: Shape) -> dict[str, Any]:
    with psycopg.connect(shape.database.url) as connection:
        return dict(connection.execute("SELECT name, beat FROM organisations_heartbeat").fetchall())


def _rolling_restart(shape: Shape) -> None:
    for name in WEBS:
        shape.children[name].stop(GRACE_SECONDS)
        shape.children[name].start()
        shape.until_ready(name)
        time.sleep(PASSED_OVER)


def _restart_workers(shape: Shape) -> None:
    for name in ("checks1", "worker1", "beat"):
        shape.children[name].stop(WORKER_SECONDS)
        shape.children[name].start()


def _kill_workers(shape: Shape) -> None:
    for name in ("checks1", "worker2"):
        shape.children[name].kill()
        shape.children[name].start()


def _kill_web(shape: Shape) -> None:
    shape.children[WEBS[1]].kill()
    shape.children[WEBS[1]].start()


def _fill_log_volume(shape: Shape) -> None:
    """Leave no byte free where the logs are, for as long as it takes to be noticed; then make room again."""
    if not shape.is_volume_small:
        return
    filler = shape.volume / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    until_worked(shape)
    with (shape.volume / "log").open("wb"):  # what rotation does
        pass
    filler.unlink()


def _turn(seconds: int) -> Callable[[Shape], None]:
    def turn(shape: Shape) -> None:
        shape.turn_clock(seconds)
        try:
            until_worked(shape)
        finally:
            shape.turn_clock(0)

    return turn


def _stop_a_moment(shape: Shape) -> None:
    """Let a worker of the checks lose its time: stopped, and going on as if nothing had been."""
    process = shape.children["checks1"].process
    assert process is not None
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        until_worked(shape)
    finally:
        os.killpg(process.pid, signal.SIGCONT)


FAULTS = (
    Fault("rolling restart of web", _rolling_restart, excuses=False),
    Fault("restart of workers and beat", _restart_workers, excuses=False),
    Fault("workers killed", _kill_workers, excuses=False),
    Fault("Redis restarted", lambda shape: shape.broker.restart(), excuses=True),
    Fault("PostgreSQL restarted", lambda shape: shape.database.restart("fast"), excuses=True),
    Fault("log volume full", _fill_log_volume, excuses=False),
    Fault("clocks an hour ahead", _turn(HOUR), excuses=False),
    Fault("a web process killed", _kill_web, excuses=True),
    Fault("clocks an hour behind", _turn(-HOUR), excuses=False),
    Fault("PostgreSQL crashed", lambda shape: shape.database.restart("immediate"), excuses=True),
    Fault("a worker stopped for a while", _stop_a_moment, excuses=False),
)
