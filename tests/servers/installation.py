"""A whole installation as a process: `manage.py serve` over a database, a queue and a folder of its own."""

import atexit
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

from adgang.demo import addresses
from tests.servers.programs import free_port

ROOT = Path(__file__).resolve().parents[2]
STARTING_SECONDS = 60
STOPPING_SECONDS = 30
PAUSE_SECONDS = 0.05
MIGRATED = "adgang.sqlite3"


@dataclass
class Installation:
    """`environment` is complete: any command run with it concerns this installation."""

    folder: Path
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return self.environment["ADGANG_BASE_URL"]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def running(self, *command: str) -> Iterator["Running"]:
        """Run `manage.py serve` (or another command) for the block, as the leader of a process group of its own."""
        output = self.folder / f"output-{uuid.uuid4()}"
        with output.open("wb") as file:
            process = subprocess.Popen(
                command or [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        run = Running(process, output)
        try:
            yield run
        finally:
            run.end()


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    _output: Path

    @property
    def output(self) -> str:
        """Everything it has said so far."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    def until_said(self, text: str) -> None:
        """Return when the output contains `text`; fail when it ends without having said it."""
        deadline = time.monotonic() + STARTING_SECONDS
        while text not in self.output:
            assert self.process.poll() is None, f"ended with {self.process.returncode}:\n{self.output}"
            assert time.monotonic() < deadline, f"did not say {text!r}:\n{self.output}"
            time.sleep(PAUSE_SECONDS)

    def exit_code(self) -> int:
        """Wait for the end and return its exit code."""
        return self.process.wait(timeout=STOPPING_SECONDS)

    def members(self) -> list[int]:
        """Return the processes (not zombies) of the group."""
        listing = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
        rows = (line.split() for line in listing.splitlines())
        return [int(pid) for pid, group, state in rows if int(group) == self.process.pid and not state.startswith("Z")]

    def until_empty(self) -> list[int]:
        """Wait for the last process of the group to end; return those that did not."""
        deadline = time.monotonic() + STOPPING_SECONDS
        while (members := self.members()) and time.monotonic() < deadline:
            time.sleep(PAUSE_SECONDS)
        return members

    def end(self) -> None:
        """Make sure that nothing is left running."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.members():
                os.killpg(self.process.pid, number)
                self.until_empty()
        self.process.wait()


def demo_ports() -> int:
    """Return the first of as many free neighbouring ports as the demo's endpoints need."""
    while True:
        first = free_port()
        if first + len(addresses.Endpoint) < 65536 and all(_free(first + each.value) for each in addresses.Endpoint):
            return first


def _free(port: int) -> bool:
    try:
        socket.create_server((addresses.HOST, port)).close()
    except OSError:
        return False
    return True


@contextmanager
def installation(folder: Path, *, broker: str = "", **variables: str) -> Iterator[Installation]:
    """Give a migrated installation on the suite's kind of database; its queue is at `broker`, or the suite's."""
    broker = broker or os.environ.get("CELERY_BROKER_URL", "")
    port = free_port()
    environment = {
        **_essentials(),
        "ADGANG_VAR_DIR": str(folder),
        "ADGANG_STATIC_ROOT": os.environ.get("ADGANG_STATIC_ROOT", str(ROOT / "var" / "static")),
        "ADGANG_DEMO_FIRST_PORT": str(demo_ports()),
        "ADGANG_QUEUE_PREFIX": f"test-{uuid.uuid4()}:",
        "PORT": str(port),
        "ADGANG_BASE_URL": f"http://127.0.0.1:{port}",
        **({"CELERY_BROKER_URL": broker} if broker else {}),
        **variables,
    }
    if url := variables.get("DATABASE_URL"):
        made = Installation(folder, environment | {"DATABASE_URL": url})
        _migrate(made)
        yield made
    elif settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        with _postgresql_database() as url:
            yield Installation(folder, environment | {"DATABASE_URL": url})
    else:
        # Its write-ahead log belongs to it, so the file alone would not be the database.
        with closing(sqlite3.connect(_migrated_file())) as one, closing(sqlite3.connect(folder / MIGRATED)) as other:
            one.backup(other)
        yield Installation(folder, environment)


def _essentials() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}


def _migrate(made: Installation) -> None:
    migrated = made.manage("migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr


@cache
def _migrated_file() -> Path:
    """Return a migrated SQLite database to be copied: migrating takes longer than most tests of an installation."""
    folder = Path(tempfile.mkdtemp(prefix="adgang-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _migrate(Installation(folder, _essentials() | {"ADGANG_VAR_DIR": str(folder)}))
    return folder / MIGRATED


@cache
def _migrated_template() -> str:
    """Return the name of a migrated PostgreSQL database to be copied."""
    name = _create_database()
    atexit.register(_drop_database, name)
    folder = Path(tempfile.mkdtemp(prefix="adgang-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _migrate(
        Installation(folder, _essentials() | {"ADGANG_VAR_DIR": str(folder), "DATABASE_URL": f"{_server()}/{name}"})
    )
    return name


@contextmanager
def _postgresql_database() -> Iterator[str]:
    """Give the URL of a new, migrated database for the block."""
    name = _create_database(_migrated_template())
    try:
        yield f"{_server()}/{name}"
    finally:
        _drop_database(name)


def _server() -> str:
    given = settings.DATABASES["default"]
    credentials = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
    return f"postgres://{credentials}@{given['HOST']}:{given['PORT'] or 5432}"


def _create_database(template: str = "template1") -> str:
    name = f"adgang_installation_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{_server()}/postgres", autocommit=True) as connection:
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(command.format(sql.Identifier(name), sql.Identifier(template)))
    return name


def _drop_database(name: str) -> None:
    with psycopg.connect(f"{_server()}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
