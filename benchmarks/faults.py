"""R1: workers killed at random while they check, the broker restarted, the queue flushed – and nothing is lost."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from adgang.serve import processes
from benchmarks.registry import Measurement, benchmark
from benchmarks.sweep import country, module, process
from tests.servers.installation import Installation, installation
from tests.servers.postgres import postgres_server
from tests.servers.programs import free_port, program

RUNS, MAILS = 500, 50
GIVE_UP = 600.0
PAUSE = 0.1
DELAY = "0.2"  # seconds before each answer of the country: a check lasts long enough to be killed in


@dataclass
class Broker:
    """A broker with what may happen to it: `flush` loses every message, `restart` loses them and the connections."""

    url: str
    flush: Callable[[], None]
    restart: Callable[[], None]


@dataclass
class Outcome:
    """What `benchmarks.facts` told at the end, how many checks each killed worker had in hand, and how long it took."""

    facts: dict[str, Any]
    killed: list[int]
    seconds: float
    broker: str = ""

    @property
    def open(self) -> int:
        """Runs that have not ended."""
        return sum(self.facts["statuses"].get(status, 0) for status in ("QUEUED", "RUNNING"))

    @property
    def is_right(self) -> bool:
        """Whether every run ended, those asked for told once each, and every mail was sent at least once.

        A system that failed is checked again by the schedule meanwhile; such a run tells nobody.
        """
        facts = self.facts
        once = facts["asked"] == facts["systems"] == facts["events"] and not facts["told_twice"]
        return once and not self.open and not facts["mails_unsent"] and not facts["mails_lost"]

    def words(self) -> str:
        """Return the outcome in a line."""
        facts = self.facts
        return (
            f"{self.broker}: {facts['runs']} runs, {facts['asked']} of them asked for, "
            f"{len(self.killed)} workers killed with {sum(self.killed)} checks in hand, "
            f"{facts['again']} runs begun again, "
            f"{facts['statuses'].get('ABORTED', 0)} ended with a reason, {self.open} open, {facts['told_twice']} told "
            f"twice; {facts['mails']} mails, {facts['mails_lost']} lost, {facts['mails_twice']} sent again; "
            f"{self.seconds:.0f} s"
        )


@benchmark("R1", "workers killed at random during 500 checks, broker restarted, queue flushed")
def survive_on_both_brokers() -> Measurement:
    """Do it on Redis and on the queue in a folder, with the sweeper's own patience."""
    outcomes = []
    with postgres_server() as server:
        # As in production, and as on one machine without services: a single worker beside SQLite.
        for name, make, database, workers in (
            ("Redis and PostgreSQL", redis_broker, server.url, 2),
            ("folder and SQLite", folder_broker, "", 1),
        ):
            with tempfile.TemporaryDirectory(prefix="adgang-r1-") as folder, make(Path(folder)) as broker:
                outcome = survive(
                    Path(folder), broker, runs=RUNS, mails=MAILS, kills=12, workers=workers, database=database
                )
                outcome.broker = name
                outcomes.append(outcome)
    unfinished = sum(outcome.open + outcome.facts["told_twice"] for outcome in outcomes)
    return Measurement(
        value=unfinished,
        unit="runs open or twice",
        bar="every run ends in a final state, none twice in effect, mails at least once",
        met=all(outcome.is_right for outcome in outcomes),
        notes="; ".join(outcome.words() for outcome in outcomes),
    )


def survive(
    folder: Path, broker: Broker, *, runs: int, mails: int, kills: int, workers: int, ahead: int = 0, database: str = ""
) -> Outcome:
    """Ask for checks, kill workers while they run, lose the queue; return what has become of it.

    With `ahead` the sweeper is asked as of so many seconds from now, instead of by beat in its own time.
    """
    with Killed.running(folder, broker, workers, beat=not ahead, database=database) as world:
        module(world.made, "benchmarks.settlers", str(runs), json.dumps(world.places))
        started = time.monotonic()
        module(world.made, "benchmarks.facts", "ask", str(runs), str(mails))
        killed = []
        for number in range(kills):
            killed.append(world.kill())
            if number == kills // 3:
                broker.flush()
            if number == 2 * kills // 3:
                broker.restart()
        facts = world.until_over(ahead, started)
        return Outcome(facts, killed, time.monotonic() - started)


@dataclass
class Killed:
    """An installation whose workers are killed and replaced."""

    made: Installation
    places: dict[str, Any]
    stack: ExitStack
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    @contextmanager
    def running(cls, folder: Path, broker: Broker, workers: int, *, beat: bool, database: str) -> Iterator["Killed"]:
        """Run country and processes for the block."""
        with ExitStack() as stack:
            places = stack.enter_context(country(folder, DELAY))
            variables = {
                "ADGANG_DNS_SERVERS": f"127.0.0.1:{places['dns']}",
                "ADGANG_EXTRA_CA_FILE": places["ca"],
                "ADGANG_CHECK_ALLOWED_NETWORKS": f"127.64.0.0/10,127.64.0.0/10:{places['smtp']}",
                "ADGANG_LOG_LEVEL": "WARNING",
                **({"DATABASE_URL": database} if database else {}),
            }
            made = stack.enter_context(installation(folder, broker=broker.url, **variables))
            world = cls(made, places, stack)
            for _ in range(workers):
                world.start()
            for command in (processes.DEFAULT_WORKER, *([processes.BEAT] if beat else [])):
                stack.enter_context(process(made, command))
            yield world

    def start(self) -> None:
        """Start another worker of the checks."""
        self.workers.append(self.stack.enter_context(process(self.made, processes.CHECKS_WORKER)))

    def kill(self) -> int:
        """Kill a worker outright amid its work and start another; return how many checks it had in hand."""
        victim = self.workers.pop(random.randrange(len(self.workers)))
        deadline = time.monotonic() + GIVE_UP
        while self._asked("status = 'RUNNING'", victim) == 0 and self._asked("status IN ('QUEUED', 'RUNNING')"):
            if time.monotonic() > deadline:
                raise TimeoutError("the worker does not work")
            time.sleep(PAUSE)
        time.sleep(random.uniform(0, 0.5))  # shorter than any check of the country
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
        in_hand = self._asked("status = 'RUNNING'", victim)
        self.start()
        return in_hand

    def _asked(self, where: str, worker: subprocess.Popen[bytes] | None = None) -> int:
        """Return how many runs there are of which that is true, of a worker's or of all."""
        query = f"SELECT count(*) FROM systems_checkrun WHERE {where}"
        query += f" AND worker LIKE '%:{worker.pid}:%'" if worker else ""
        if url := self.made.environment.get("DATABASE_URL"):
            with psycopg.connect(url) as connection:
                row = connection.execute(query).fetchone()
        else:
            with closing(sqlite3.connect(self.made.folder / "adgang.sqlite3", timeout=20)) as connection:
                row = connection.execute(query).fetchone()
        return int(row[0])

    def until_over(self, ahead: int, started: float) -> dict[str, Any]:
        """Wait until no run is open and no mail waits, and return what there is then."""
        while True:
            facts: dict[str, Any] = json.loads(module(self.made, "benchmarks.facts", "tell"))
            waits = facts["mails_unsent"] + sum(facts["statuses"].get(name, 0) for name in ("QUEUED", "RUNNING"))
            if not waits or time.monotonic() - started > GIVE_UP:
                return facts
            if ahead:
                module(self.made, "benchmarks.facts", "sweep", str(ahead))
            time.sleep(1)


@contextmanager
def redis_broker(_folder: Path) -> Iterator[Broker]:
    """Give a Redis of its own that can be emptied and restarted."""
    path, port = shutil.which("redis-server"), free_port()
    if path is None:
        raise RuntimeError("redis-server is not installed")
    with tempfile.TemporaryDirectory(prefix="adgang-redis-") as folder, ExitStack() as stack:
        log = Path(folder) / "log"
        command = [path, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        server = ExitStack()
        stack.callback(lambda: server.close())
        server.enter_context(program(command, port, log))

        def restart() -> None:
            server.close()
            server.enter_context(program(command, port, log))

        def flush() -> None:
            client = shutil.which("redis-cli") or "redis-cli"
            subprocess.run([client, "-p", str(port), "FLUSHALL"], check=True, capture_output=True)

        yield Broker(f"redis://127.0.0.1:{port}/0", flush, restart)


@contextmanager
def folder_broker(folder: Path) -> Iterator[Broker]:
    """Give the queue in the installation's folder; there is no server to restart, so its files are lost twice."""

    def flush() -> None:
        for path in (folder / "queue").glob("*"):
            if path.is_file():
                path.unlink(missing_ok=True)

    yield Broker("filesystem://localhost/", flush, flush)
