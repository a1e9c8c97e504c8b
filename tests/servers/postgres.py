"""A PostgreSQL server of the test's own, so that it may be stopped, restarted and thrown away."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.servers.programs import free_port, workplace

SECONDS = "60"


def programs() -> Path | None:
    """Return the folder of PostgreSQL's own programs, the newest installed; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@dataclass
class PostgresServer:
    """`url` is that of an empty database; connections are trusted, on loopback only."""

    folder: Path
    port: int
    bin: Path

    @property
    def url(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._ctl("start", "-w", "-o", options, "-l", str(self.folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends what is under way, `immediate` is like a crash."""
        self._ctl("stop", "-w", "-m", mode)

    def restart(self, mode: str = "immediate") -> None:
        self.stop(mode)
        self.start()

    def _ctl(self, *arguments: str) -> None:
        run(str(self.bin / "pg_ctl"), "-D", str(self.folder / "data"), "-t", SECONDS, *arguments)


def run(*command: str) -> None:
    """Run a program that refuses to be root, as the user postgres where we are. Raises RuntimeError with its words."""
    as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/", check=False,
        close_fds=True, **as_user,  # type: ignore[call-overload]
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stdout.decode(errors="replace"))


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a new server for the block."""
    where = programs()
    if where is None:
        raise RuntimeError("PostgreSQL's initdb is not installed")
    with workplace() as folder:
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = str(folder / "data")
        run(str(where / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "-N")
        server = PostgresServer(folder, free_port(), where)
        server.start()
        try:
            with psycopg.connect(server.url) as connection:
                connection.execute("SELECT 1")
            yield server
        finally:
            server.stop("immediate")
