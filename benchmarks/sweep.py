"""P9: ten thousand systems of a simulated country, checked on schedule by real workers."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from adgang.serve import processes
from benchmarks.registry import Measurement, benchmark
from tests.servers.installation import ROOT, Installation, installation
from tests.servers.postgres import postgres_server
from tests.servers.redis import redis_server

WORKERS = 3
SMALL, FULL = 1_000, 10_000
BAR_SECONDS, BAR_MB = 300, 300
GIVE_UP = 900.0
PAUSE = 0.5
# Failed, of a hundred of the country's systems: black holes, refusals, expired certificates, SSH greetings.
FAILING = 14


@dataclass
class Swept:
    """What a sweep came to: seconds from the first tick to the last result, and memory of the largest worker."""

    seconds: float
    megabytes: float
    systems: int
    results: int
    lost: int
    doubled: int
    failed: int
    load: float

    @property
    def is_right(self) -> bool:
        """Whether every system has its one result, and the right ones failed."""
        return not self.lost and not self.doubled and self.failed == self.systems * FAILING // 100


@benchmark("P9", "sweep of 10,000 systems, 5 % black holes, 5 % refused, endpoints with 50 ms delay")
def sweep_of_a_country() -> Measurement:
    """Sweep 1,000 and then 10,000 systems with three workers of sixteen threads on the machine's cores."""
    with country_and_workers() as swept:
        small, full = swept(SMALL), swept(FULL)
    growth = full.seconds / small.seconds
    return Measurement(
        value=round(full.seconds, 1),
        unit="s",
        bar=f"≤ {BAR_SECONDS} s, a worker ≤ {BAR_MB} MB, nothing lost or doubled",
        met=full.seconds <= BAR_SECONDS and full.megabytes <= BAR_MB and full.is_right and small.is_right,
        notes=(
            f"{full.systems} systems: {full.results} results, {full.failed} failed, {full.lost} lost, "
            f"{full.doubled} doubled; largest worker {full.megabytes:.0f} MB; {small.systems} systems took "
            f"{small.seconds:.1f} s, so ten times as many take {growth:.1f} times as long; {WORKERS} workers of 16 "
            f"threads, load of the machine before {full.load:.1f}"
        ),
    )


@contextmanager
def country_and_workers(workers: int = WORKERS) -> Iterator[Any]:
    """Give a function that sweeps so many systems; country, database, queue and workers run for the block."""
    redis = shutil.which("redis-server")
    if redis is None:
        raise RuntimeError("redis-server is not installed")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="adgang-p9-")))
        places = stack.enter_context(country(folder))
        database = stack.enter_context(postgres_server())
        variables = {
            "DATABASE_URL": database.url,
            "ADGANG_DNS_SERVERS": f"127.0.0.1:{places['dns']}",
            "ADGANG_EXTRA_CA_FILE": places["ca"],
            "ADGANG_CHECK_ALLOWED_NETWORKS": f"127.64.0.0/10,127.64.0.0/10:{places['smtp']}",
            "ADGANG_LOG_LEVEL": "WARNING",
        }
        made = stack.enter_context(installation(folder, broker=stack.enter_context(redis_server(redis)), **variables))
        running = [stack.enter_context(process(made, command)) for command in _commands(workers)]
        yield lambda count: _sweep(made, database.url, places, count, running[:workers])


def _commands(workers: int) -> Iterator[tuple[str, ...]]:
    for number in range(workers):
        command = list(processes.CHECKS_WORKER)
        command[command.index("--hostname") + 1] = f"checks{number}@%h"
        yield tuple(command)
    yield processes.DEFAULT_WORKER
    yield processes.BEAT


@contextmanager
def country(folder: Path, delay: str = "0.05") -> Iterator[dict[str, Any]]:
    """Serve the country for the block; give where its places are."""
    command = [sys.executable, "-m", "benchmarks.country", str(folder), delay]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process_:
        try:
            assert process_.stdout is not None
            yield json.loads(process_.stdout.readline())
        finally:
            process_.terminate()


@contextmanager
def process(made: Installation, command: tuple[str, ...]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process of the installation for the block."""
    with (made.folder / "log").open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=made.environment, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, 9)
        started.wait()


def _sweep(
    made: Installation, url: str, places: dict[str, Any], count: int, workers: list[subprocess.Popen[bytes]]
) -> Swept:
    load = os.getloadavg()[0]
    module(made, "benchmarks.settlers", str(count), json.dumps(places))
    started = time.monotonic()
    module(made, *processes.CELERY, "call", "systems.schedule_checks")
    with psycopg.connect(url, autocommit=True) as connection:
        done, largest = 0, 0.0
        while done < count:
            if time.monotonic() - started > GIVE_UP:
                raise TimeoutError(f"{done} of {count} after {GIVE_UP} s: {(made.folder / 'log').read_text()[-3000:]}")
            time.sleep(PAUSE)
            largest = max(largest, *(megabytes(worker.pid) for worker in workers))
            done = _one(connection, "SELECT count(DISTINCT system_id) FROM systems_checkrun WHERE finished IS NOT NULL")
        seconds = time.monotonic() - started
        return Swept(seconds, largest, count, *_judge(connection), load=load)


def _judge(connection: psycopg.Connection[Any]) -> tuple[int, int, int, int]:
    """Return results, systems without any, results that are one too many, and systems whose first check failed.

    A system that failed is checked again after a minute; one that passed is not. No run may have been begun twice.
    """
    results = _one(connection, "SELECT count(*) FROM systems_checkrun WHERE status IN ('PASSED','WARNING','FAILED')")
    lost = _one(
        connection,
        "SELECT count(*) FROM systems_system s WHERE NOT EXISTS (SELECT 1 FROM systems_checkrun r "
        "WHERE r.system_id = s.id AND r.status IN ('PASSED','WARNING','FAILED'))",
    )
    doubled = _one(
        connection,
        "SELECT (SELECT count(*) FROM systems_checkrun WHERE attempt > 1) + (SELECT count(*) FROM (SELECT system_id "
        "FROM systems_checkrun WHERE status IN ('PASSED','WARNING') GROUP BY system_id HAVING count(*) > 1) AS twice)",
    )
    failed = _one(connection, "SELECT count(DISTINCT system_id) FROM systems_checkrun WHERE status = 'FAILED'")
    return results, lost, doubled, failed


def _one(connection: psycopg.Connection[Any], query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def module(made: Installation, name: str, *arguments: str) -> str:
    """Run a module in the installation's environment and return what it prints. Raises RuntimeError."""
    command = [sys.executable, "-m", name, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=made.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def megabytes(pid: int) -> float:
    """Return the most memory a process has held so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
