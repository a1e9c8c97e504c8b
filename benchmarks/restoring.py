"""R7: a backup made while two people write, brought back and compared; and the way up from every released version."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.registry import Measurement, benchmark

if TYPE_CHECKING:
    from organisations.models import Organisation

ENTRIES = 5_000  # of the event log, before the writers begin


@benchmark("R7", "backup while people write, restore, compare; upgrade from every released version")
def backup_and_restore() -> Measurement:
    """What the backup's manifest counts must be there again, each row with its entry, and every chain must verify."""
    from django.db import connection

    from adgang.data import backups, manifest, restoring
    from benchmarks import structure
    from organisations import event_guard, verifying
    from tests.factories.organisations import organisation

    org, other = structure.organisation_with(), organisation()
    for number in range(ENTRIES):
        act(other, number)
    with tempfile.TemporaryDirectory(prefix="adgang-r7-") as folder:
        with writers(org, other) as written:
            begun, before = time.perf_counter(), len(written)
            path, said = backups.write(Path(folder))
            writing, meanwhile = time.perf_counter() - begun, len(written) - before
        megabytes = path.stat().st_size / 1_000_000
        begun = time.perf_counter()
        restored = restoring.restore(path, told=lambda _line: None, replace=True, send_mails=False)
        loading = time.perf_counter() - begun
        faults = [
            *(f"{len(restored.broken)} chains are broken" for _ in restored.broken[:1]),
            *(["lines without an entry, or the other way round"] if halves() else []),
            *(["triggers are missing"] if event_guard.missing() else []),
            *(["a chain does not verify"] if any(verifying.verify(one).broken for one in verifying.chains()) else []),
        ]
        now, rows = manifest.row_counts("default"), said.rows
        # The restoring itself is an entry of the log, and beats of the heart are not kept.
        faults += [f"{name}: {now[name]} of {rows[name]}" for name in LOOKED_AT if now[name] != rows[name]]
        versions = upgraded(Path(folder))
    faults += [f"{version} lost {', '.join(tables)}" for version, tables in versions.items() if tables]
    return Measurement(
        value=len(faults),
        unit="faults",
        bar="documented, tested: nothing lost, nothing by halves, every chain verifies, every version comes up",
        met=not faults,
        notes=(
            f"{connection.vendor}, {sum(rows.values()):,} rows in {len(rows)} tables, {megabytes:.1f} MB: written in "
            f"{writing:.1f} s while {meanwhile} changes were made, restored and verified in {loading:.1f} s; "
            f"{restored.entries:,} entries walked. Upgraded from {', '.join(versions)}."
            f"{' Found: ' + '; '.join(faults) if faults else ''}"
        ),
    )


LOOKED_AT = ("contacts_contactpoint", "contacts_placement", "contacts_contactgroup", "organisations_readinessline")


def act(org: "Organisation", number: int) -> None:
    """Write what belongs together: a row, and the entry of the log that tells of it."""
    from django.db import transaction

    from organisations import events
    from organisations.callers import Caller
    from organisations.event_tags import Tag
    from organisations.models import ReadinessLine

    with transaction.atomic():
        line = ReadinessLine.objects.create(organisation=org, text=f"Linje {number}", step=1)
        entry = events.Entry(tag=Tag.READINESS_CHANGED, obj=line, after={"text": line.text})
        events.record(Caller.command("benchmark"), org, entry)


def halves() -> bool:
    """Say whether a line stands without its entry, or an entry without its line."""
    from organisations.event_tags import Tag
    from organisations.models import Event, ReadinessLine

    lines = ReadinessLine.objects.filter(text__startswith="Linje").values_list("pk", flat=True)
    told = Event.objects.filter(tag=Tag.READINESS_CHANGED, object_label__startswith="Linje")
    return set(lines) != set(told.values_list("object_id", flat=True))


@contextmanager
def writers(*orgs: "Organisation") -> Iterator[list[int]]:
    """Let one person for each organisation write without a pause during the block; gives the list of what was."""
    from django.db import connections

    stop, written = threading.Event(), list[int]()

    def write(org: "Organisation") -> None:
        with closing(connections["default"]):
            while not stop.is_set():
                act(org, ENTRIES + len(written))
                written.append(1)

    threads = [threading.Thread(target=write, args=(org,), daemon=True) for org in orgs]
    for thread in threads:
        thread.start()
    while len(written) < 10 * len(orgs) and any(thread.is_alive() for thread in threads):
        stop.wait(0.01)
    try:
        yield written
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def upgraded(folder: Path) -> dict[str, set[str]]:
    """Return for every released version the tables that lost a row on the way up, but for those known to."""
    from tests.platform import upgrading
    from tests.platform.releases import DROPPED, RELEASES

    found = {}
    for version in RELEASES:
        place = folder / version
        place.mkdir()
        with upgrading.empty_database(place):
            before, _chain = upgrading.fill(upgrading.at_release(version))
            upgrading.upgrade()
            found[version] = set(upgrading.lost(before)) - set(DROPPED)
    return found
