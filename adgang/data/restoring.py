"""Bringing a backup back, and looking whether what is there now is what was there then."""

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from adgang.data import backups, manifest, postgresql, sqlite, waking
from adgang.data.manifest import Manifest, Unfit
from adgang.data.waking import Held
from organisations import event_guard, heartbeat
from organisations.checkpoints import Checkpoint
from organisations.models import Event, Heartbeat, Organisation, User
from organisations.verifying import Broken, chains, verify

# A worker shows itself every 10 seconds.
AT_WORK = dt.timedelta(seconds=30)


@dataclass
class Restored:
    """What came back. `broken`: the first broken entry of each chain that is not as the backup's checkpoint says."""

    said: Manifest
    warnings: list[str]
    held: Held
    entries: int = 0
    broken: list[Broken] = field(default_factory=list)


def inspect(path: Path) -> tuple[Manifest, list[str]]:
    """Return what the backup says of itself and what to warn of; writes nothing. Raises `Unfit` and OSError."""
    with backups.opened(path) as (said, tar), tempfile.TemporaryDirectory(prefix="adgang-restore-") as folder:
        warnings = manifest.judge(said)
        backups.extract(tar, said, Path(folder) / backups.DATABASE)
    return said, warnings


def restore(
    path: Path, *, replace: bool, send_mails: bool, told: Callable[[str], None] = lambda line: None
) -> Restored:
    """Bring a backup back into an empty database, or with `replace` over what is there.

    Everything that could refuse it is looked at first; loading is one transaction. Raises `Unfit` and OSError.
    """
    with backups.opened(path) as (said, tar), tempfile.TemporaryDirectory(prefix="adgang-restore-") as folder:
        warnings = manifest.judge(said)
        _require_room(replace)
        content = Path(folder) / backups.DATABASE
        backups.extract(tar, said, content)
        told("Loading the database …")
        if connection.vendor == "postgresql":
            postgresql.load(content)
        else:
            sqlite.load(content, Path(folder))
    _compare(said)
    told("Bringing it up to this version …")
    call_command("migrate", interactive=False, verbosity=0)
    if missing := event_guard.missing():
        raise Unfit(f"The event log is not guarded: {', '.join(missing)}.")
    told("Walking the event log …")
    restored = Restored(said, warnings, Held())
    _verify(restored)
    restored.held = waking.settle(said, at=timezone.now(), send_mails=send_mails)
    return restored


def _require_room(replace: bool) -> None:
    """Refuse a database in which people have worked, or on which a worker works."""
    present = set(connection.introspection.table_names())
    if Heartbeat._meta.db_table in present:
        last = heartbeat.last_beat("worker")
        if last and timezone.now() - last < AT_WORK:
            raise Unfit("The portal is running on this database. Stop web, workers and beat, and wait half a minute.")
    rows = (model for model in (User, Organisation, Event) if model._meta.db_table in present)
    if not replace and any(model.objects.exists() for model in rows):
        raise Unfit("The database is not empty. What is in it would be lost: --replace says that it may.")


def _compare(said: Manifest) -> None:
    now = manifest.row_counts()
    if other := [table for table, count in said.rows.items() if now.get(table) != count]:
        raise Unfit(f"After loading, {other[0]} has {now.get(other[0])} rows, not {said.rows[other[0]]}.")


def _verify(restored: Restored) -> None:
    kept = restored.said.checkpoint
    checkpoint = Checkpoint(made=kept["made"], heads=kept["heads"])
    walked = [verify(chain, checkpoint=checkpoint) for chain in sorted({*chains(), *checkpoint.chains()})]
    restored.entries = sum(walk.entries for walk in walked)
    restored.broken = [walk.broken for walk in walked if walk.broken]
