"""Moving an installation from SQLite to PostgreSQL: every row with its key, in one transaction, compared afterwards.

The source is locked against writing and otherwise left as it is, so a move that fails is simply made again.
"""

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import environ
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import DatabaseError, connections, transaction
from django.db.models import Model
from django.utils import timezone

from adgang.data.manifest import Unfit
from adgang.data.restoring import AT_WORK
from adgang.operations.health import pending_migrations
from organisations import checkpoints, event_guard, heartbeat

TARGET = "target"
CHUNK = 1000
# The search's vocabulary, which the triggers of the other database work out from the rows themselves.
DERIVED = frozenset({"contacts.SearchWord"})
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """What was moved of one table: how many rows, and a digest of their content that no order changes."""

    name: str
    rows: int
    digest: str


def move(url: str, *, told: Callable[[str], None] = lambda line: None) -> list[Table]:
    """Move the installation's database to an empty one; returns what was moved. Raises `Unfit`."""
    _require_source()
    with _target(url):
        told("Making the tables …")
        _manage(url, "migrate", "--noinput", "--verbosity", "0")
        _require_empty()
        # Takes SQLite's one lock for writing: what is read below is all there is.
        with transaction.atomic(), tempfile.TemporaryDirectory(prefix="adgang-move-") as folder:
            checkpoint = Path(folder) / "checkpoint.json"
            checkpoints.write(checkpoint)
            moved = _copy_all(told)
            told("Walking the event log …")
            _manage(url, "verify_events", "--checkpoint", str(checkpoint))
    return moved


def _require_source() -> None:
    if connections["default"].vendor != "sqlite":
        raise Unfit("DATABASE_URL names no SQLite database: there is nothing to move.")
    if pending := pending_migrations():
        raise Unfit(f"The database lacks {len(pending)} migrations; run manage.py migrate first.")
    last = heartbeat.last_beat("worker")
    if last and timezone.now() - last < AT_WORK:
        raise Unfit("The portal is running. Stop it, and wait half a minute.")


@contextmanager
def _target(url: str) -> Iterator[None]:
    """Let Django reach the other database for the block."""
    own = environ.Env.db_url_config(url) if url.startswith(("postgres://", "postgresql://")) else {}
    if not own:
        raise Unfit("The file does not hold the address of a PostgreSQL database: postgres://user:password@host/name")
    known = connections.databases["default"]
    connections.databases[TARGET] = {**known, "HOST": "", "PORT": "", "PASSWORD": "", **own, "CONN_MAX_AGE": 0}
    connections.databases[TARGET]["OPTIONS"] = {"options": "-c jit=off"}
    try:
        yield
    finally:
        connections[TARGET].close()
        del connections[TARGET], connections.databases[TARGET]


def _manage(url: str, *arguments: str) -> None:
    """Run a command on the other database, as an installation of its own. Raises `Unfit` with its words."""
    env = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    env.pop("DATABASE_URL_FILE", None)
    done = subprocess.run(  # noqa: S603 – a command of ours
        [sys.executable, "-m", "django", *arguments],
        cwd=settings.BASE_DIR, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Unfit(f"{arguments[0]}: {done.stdout}{done.stderr}".strip())


def models() -> list[type[Model]]:
    """Return the models whose rows are moved."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and model._meta.label not in DERIVED]


def _require_empty() -> None:
    for label in ("organisations.User", "organisations.Organisation", "organisations.Event"):
        if apps.get_model(label)._base_manager.using(TARGET).exists():
            raise Unfit("The other database is not empty. An installation is moved into an empty one only.")


def _copy_all(told: Callable[[str], None]) -> list[Table]:
    moved = []
    connection = connections[TARGET]
    try:
        with transaction.atomic(using=TARGET):
            for model in models():
                model._base_manager.using(TARGET).all()._raw_delete(TARGET)  # what `migrate` itself has put there
            for model in models():
                moved.append(_copied(model))
                told(f"{moved[-1].name}: {moved[-1].rows}")
            for table, model in zip(moved, models(), strict=True):
                if (there := summary(model, _rows(model, TARGET))) != table:
                    raise Unfit(f"{table.name} is not there as it was here: {there.rows} of {table.rows} rows.")
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), models()):
                    cursor.execute(statement)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # every reference leads somewhere
            if missing := event_guard.missing(TARGET):
                raise Unfit(f"The event log is not guarded: {', '.join(missing)}.")
    except (DatabaseError, psycopg.Error) as error:  # the latter while rows are handed over
        raise Unfit(f"Nothing was moved. {error}") from error
    return moved


def _copied(model: type[Model]) -> Table:
    """Write the rows of one table over there, as they are: no default, no time of now, no new key."""
    connection, fields = connections[TARGET], model._meta.local_concrete_fields
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    statement = f"COPY {quoted(model._meta.db_table)} ({columns}) FROM STDIN"

    def passed_on(copy: Any) -> Iterator[Row]:
        for row in _rows(model, "default"):
            copy.write_row(
                [field.get_db_prep_value(value, connection) for field, value in zip(fields, row, strict=True)]
            )
            yield row

    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        return summary(model, passed_on(copy))


def _rows(model: type[Model], using: str) -> Iterator[Row]:
    names = [field.attname for field in model._meta.local_concrete_fields]
    rows = model._base_manager.using(using).order_by().values_list(*names)
    return iter(rows.iterator(chunk_size=CHUNK))


def summary(model: type[Model], rows: Iterable[Row]) -> Table:
    """Return how many rows there are, and the sum of their digests."""
    count = total = 0
    for row in rows:
        text = json.dumps([_plain(value) for value in row], sort_keys=True, ensure_ascii=False)
        total += int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest(), "big")
        count += 1
    return Table(model._meta.db_table, count, f"{total % (1 << 256):064x}")


def _plain(value: Any) -> Any:
    """Return a value as both databases give it."""
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case Decimal():
            return str(value.normalize())
        case None | str() | int() | float() | list() | dict():
            return value
        case _:
            return str(value)
