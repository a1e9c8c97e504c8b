"""A PostgreSQL database dumped as of one moment, and put back in one transaction, by PostgreSQL's own programs.

The password reaches them in a file that only we can read: command lines are seen by everybody on the machine.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from django.db import connections, transaction

from adgang.data.manifest import Unfit

# Whoever waits for a table makes everybody behind it wait, too.
LOCK_TIMEOUT = "-c lock_timeout=10s"
# Everything of ours goes; what belongs to an extension stays, for it may be an administrator's.
EMPTY = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT c.oid::regclass AS name FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP TABLE %s CASCADE', one.name); END LOOP;
    FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP FUNCTION %s CASCADE', one.name); END LOOP;
END $$;
"""


@contextmanager
def snapshot(using: str = "default") -> Iterator[str]:
    """Let everything that the block reads be of one moment; gives the name by which another program reads the same."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def dump(target: Path, *, moment: str) -> None:
    """Write the database as of a snapshot to the file. Raises `Unfit` with the program's words."""
    with environment() as env:
        command = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={moment}"]
        done = _run("pg_dump", *command, f"--file={target}", env=env)
    if done.returncode:
        raise Unfit(f"pg_dump: {done.stderr.decode(errors='replace').strip()}")


def load(dumped: Path) -> None:
    """Put a dump in the place of everything in the database: all of it or nothing. Raises `Unfit`."""
    connections["default"].close()
    with environment() as env, tempfile.TemporaryFile() as words:
        reader = _begin("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(dumped), env=env, stderr=words)
        options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        writer = _begin("psql", *options, "--file=-", env=env, stdin=subprocess.PIPE, stderr=words)
        try:
            _feed(reader, writer)
        except BrokenPipeError:  # psql has stopped at an error, and says which
            reader.kill()
        if writer.wait() or reader.wait():
            words.seek(0)
            raise Unfit(f"The database was left as it was. {words.read().decode(errors='replace').strip()}")


def _feed(reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes]) -> None:
    source, target = cast("IO[bytes]", reader.stdout), cast("IO[bytes]", writer.stdin)
    target.write(f"BEGIN;\n{EMPTY}".encode())
    shutil.copyfileobj(source, target, 1 << 20)
    # A dump that breaks off ends without it, and psql then leaves the database as it was.
    if reader.wait() == 0:
        target.write(b"\nCOMMIT;\n")
    target.close()


@contextmanager
def environment(using: str = "default") -> Iterator[dict[str, str]]:
    """Give the environment in which PostgreSQL's programs find the database."""
    given = connections[using].settings_dict
    names = {"PGHOST": given["HOST"], "PGPORT": given["PORT"], "PGUSER": given["USER"], "PGDATABASE": given["NAME"]}
    names |= {f"PG{name.upper()}": given["OPTIONS"].get(name) for name in ("sslmode", "sslrootcert")}
    env = {**os.environ, **{name: str(value) for name, value in names.items() if value}, "PGOPTIONS": LOCK_TIMEOUT}
    with tempfile.NamedTemporaryFile("w", prefix="adgang-pgpass-") as file:  # made with mode 0600
        if given["PASSWORD"]:
            escaped = str(given["PASSWORD"]).replace("\\", "\\\\").replace(":", "\\:")
            file.write(f"*:*:*:*:{escaped}\n")
            file.flush()
            env["PGPASSFILE"] = file.name
        yield env


def _program(name: str) -> str:
    if found := shutil.which(name):
        return found
    raise Unfit(f"{name} is not on the PATH; it comes with PostgreSQL (Debian: postgresql-client).")


def _run(name: str, *arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 – a program of PostgreSQL, with arguments of ours
        [_program(name), *arguments], env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )


def _begin(
    name: str, *arguments: str, env: dict[str, str], stderr: IO[bytes], stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    out: Any = subprocess.PIPE if stdin == subprocess.DEVNULL else subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603 – as above
        [_program(name), *arguments], env=env, stdin=stdin, stdout=out, stderr=stderr
    )
