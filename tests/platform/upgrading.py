"""A database of an earlier version, with a row in every table, brought up to this one."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from adgang.lib.snapshots import as_json
from organisations.events import canonical, chain_hash
from tests.factories.rows import row
from tests.platform.releases import RELEASES, ROOMS
from tests.servers.installation import _create_database, _drop_database

# Table → column → the values that stand there, one for each row, as the database has them.
Kept = dict[str, dict[str, list[Any]]]


@contextmanager
def empty_database(folder: Path) -> Iterator[None]:
    """Let this thread's connection lead to an empty database for the block."""
    connection.close()
    own, is_postgresql = connection.settings_dict, connection.vendor == "postgresql"
    name = _create_database() if is_postgresql else str(folder / "upgraded.sqlite3")
    connection.settings_dict = {**own, "NAME": name}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = own
        if is_postgresql:
            _drop_database(name)


def at_release(version: str) -> Any:
    """Make the tables of a version; returns its models."""
    executor = MigrationExecutor(connection)
    leaves = RELEASES[version]
    targets = [(room, leaves[room]) for room in ROOMS if room in leaves]
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def fill(apps: Any) -> tuple[Kept, uuid.UUID]:
    """Write a row into every table of the rooms; returns what stands there, and the chain that has a genuine entry."""
    made: dict[str, Any] = {}
    for model in _models(apps):
        if model.__name__ not in ("Event", "EventHead"):
            row(model, made)
    organisation = made["organisations.Organisation"]
    _event(apps, organisation)
    return {model._meta.db_table: _columns(model._meta.db_table) for model in _models(apps)}, organisation.pk


def _columns(table: str) -> dict[str, list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
    return {name: sorted((row[place] for row in rows), key=repr) for place, name in enumerate(names)}


def _models(apps: Any) -> list[Any]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]


def _event(apps: Any, organisation: Any) -> None:
    """Append an entry as it was written then: the payload's form has not changed since the first version."""
    id_, time = uuid.uuid4(), dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    payload: dict[str, Any] = {
        "id": str(id_), "organisation": str(organisation.pk), "seq": 1, "time": as_json(time),
        "tag": "ORGANISATION_CHANGED", "slice": "ACTIONS", "channel": "COMMAND", "request_id": "r", "actor": None,
        "actor_label": "test", "system": None, "object": ["organisation", str(organisation.pk), "Skovby Kommune"],
        "before": {"name": "A"}, "after": {"name": "B"}, "reason": "", "previous": "",
    }  # fmt: skip
    text = canonical(payload)
    row(
        apps.get_model("organisations", "Event"), {},
        id=id_, organisation_id=organisation.pk, seq=1, time=time, tag=payload["tag"], slice="ACTIONS", actor_id=None,
        object_kind="organisation", object_id=organisation.pk, object_label="Skovby Kommune", payload=text,
        previous_hash="", hash=chain_hash(text), **_where(apps, "system_id"),
    )  # fmt: skip
    apps.get_model("organisations", "EventHead").objects.create(
        organisation_id=organisation.pk, seq=1, hash=chain_hash(text)
    )


def _where(apps: Any, name: str) -> dict[str, None]:
    fields = {one.name for one in apps.get_model("organisations", "Event")._meta.local_fields}
    return {name: None} if name in fields else {}


def upgrade() -> None:
    """Bring the database up to this version, as an operator does."""
    call_command("migrate", interactive=False, verbosity=0)


def lost(before: Kept) -> set[str]:
    """Return the tables that are gone, and "table.column" for what is gone or holds other values than it did.

    A table may have got rows besides.
    """
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    missing = before.keys() - present
    for table in before.keys() & present:
        after = _columns(table)
        missing |= {
            f"{table}.{name}"
            for name, values in before[table].items()
            if any(value not in after.get(name, ()) for value in values)
        }
    return missing
