"""Migrations after the last release keep people working; the rules refuse what would not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from psycopg.errors import LockNotAvailable

from adgang.lib.migrations import AddIndexOnline
from adgang.management.commands import migrate
from tests.platform.releases import RELEASES, ROOMS, ZERO_DOWNTIME_SINCE
from tests.platform.zero_downtime import faults


def after_release() -> Iterator[tuple[str, str]]:
    """Yield the migrations that came after the last release, in their order."""
    graph = MigrationLoader(None).graph
    last = RELEASES[max(RELEASES, key=lambda one: tuple(map(int, one.split("."))))]
    had = {node for leaf in last.items() for node in graph.forwards_plan(leaf)}
    for leaf in graph.leaf_nodes():
        for node in graph.forwards_plan(leaf):
            if node not in had and node[0] in ROOMS:
                had.add(node)
                yield node


def test_migrations_since_the_last_release() -> None:
    if ZERO_DOWNTIME_SINCE not in RELEASES:
        return  # 0.1.0 is upgraded from with the portal stopped
    loader = MigrationLoader(None)
    found = [
        fault
        for node in after_release()
        for fault in faults(loader.graph.nodes[node], loader.project_state(node, at_end=False))
    ]
    assert found == []


def state() -> ProjectState:
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20))]
    made = ProjectState()
    for name in ("Event", "Small"):
        made.add_model(ModelState("memo", name, [(key, field.clone()) for key, field in fields]))
    return made


def judged(*operations: Any, **attributes: Any) -> list[str]:
    migration = migrations.Migration("0002_x", "memo")
    migration.operations = list(operations)
    for name, value in attributes.items():
        setattr(migration, name, value)
    return faults(migration, state())


INDEX = models.Index(fields=["name"], name="x")
CHECK = models.CheckConstraint(condition=~models.Q(name=""), name="c")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("small", "name"),
        migrations.RenameField("small", "name", "title"),
        migrations.RenameModel("Small", "Tiny"),
        migrations.DeleteModel("Small"),
        migrations.AddField("small", "new", models.CharField(max_length=5, default="")),
        migrations.AddField("event", "new", models.CharField(max_length=5, null=True, db_index=True)),
        migrations.AlterField("small", "name", models.CharField(max_length=10)),
        migrations.AlterField("small", "name", models.IntegerField()),
        migrations.AlterField("small", "name", models.CharField(max_length=20, unique=True)),
        migrations.AddIndex("event", INDEX),
        AddIndexOnline("event", INDEX),
        migrations.AddConstraint("small", CHECK),
        migrations.RunPython(migrations.RunPython.noop),
        migrations.RunSQL("SELECT 1"),
    ],
    ids=lambda one: one.__class__.__name__,
)
def test_it_refuses_what_breaks_or_locks(operation: Any) -> None:
    assert len(judged(operation)) == 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("small", "new", models.CharField(max_length=5, db_default="")),
        migrations.AddField("event", "new", models.CharField(max_length=5, null=True)),
        migrations.AlterField("small", "name", models.CharField("Name", max_length=30, null=True)),
        migrations.AddIndex("small", INDEX),
    ],
    ids=lambda one: one.__class__.__name__,
)
def test_it_takes_what_does_not(operation: Any) -> None:
    assert judged(operation) == []


def test_what_is_used_no_more_may_go_a_release_later() -> None:
    assert judged(migrations.RemoveField("small", "name"), second_step="0.3.0") == []
    assert judged(AddIndexOnline("event", INDEX), atomic=False) == []
    assert judged(migrations.RunPython(migrations.RunPython.noop), atomic=False) == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_migrate_lets_others_pass_and_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, pauses = [], []

    def handle(self: Any, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            seen.append(cursor.fetchone()[0])
        if len(seen) < 3:
            raise OperationalError from LockNotAvailable()

    monkeypatch.setattr(migrate.migrate.Command, "handle", handle)
    monkeypatch.setattr(migrate.time, "sleep", pauses.append)
    call_command("migrate", verbosity=0)
    assert seen == ["5s"] * 3
    assert len(pauses) == 2
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] == "0"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_another_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def handle(self: Any, *args: Any, **options: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(migrate.migrate.Command, "handle", handle)
    with pytest.raises(OperationalError, match="gone"):
        call_command("migrate", verbosity=0)
