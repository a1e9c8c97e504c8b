"""Triggers that refuse to change or delete events, and the one way around them.

They are made after every `migrate`: SQLite drops a table's triggers silently when a migration rebuilds it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

TABLE = "organisations_event"
REFUSAL = "events are neither changed nor deleted"

SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS event_no_{act.lower()} BEFORE {act} ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
    for act in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION event_guard() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    f"""CREATE OR REPLACE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION event_guard()""",
    f"""CREATE OR REPLACE TRIGGER event_no_truncate BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION event_guard()""",
]
NAMES = {"sqlite": ["event_no_update", "event_no_delete"], "postgresql": ["event_no_change", "event_no_truncate"]}


def install(using: str = "default", **_: Any) -> None:
    """Make the triggers on the event table; does nothing where they are."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)


def missing(using: str = "default") -> list[str]:
    """Return the names of the triggers that are not there."""
    connection = connections[using]
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in NAMES[connection.vendor] if name not in present]


@contextmanager
def unlocked(using: str = "default") -> Iterator[None]:
    """Take the triggers away while pruning, tearing a test down or resetting the demo; they come back in any case."""
    connection = connections[using]
    on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with transaction.atomic(using=using):
        with connection.cursor() as cursor:
            for name in NAMES[connection.vendor]:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
        yield
        install(using)
