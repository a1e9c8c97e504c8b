"""Tell the seven-day rule of deliveries: a CSV file with the columns system, time and result, all rows or none."""

import csv
import io
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from systems import deliveries
from systems.deliveries import Report
from systems.models import System

RESULTS = {"delivered": True, "failed": False}
COLUMNS = ("system", "time", "result")


class Command(BaseCommand):
    help = (
        f"{__doc__} system: the ID here or in Digital Post; time: ISO 8601 with its zone; result: delivered or failed. "
        "Exit 0 when all were counted, 1 when a row was refused, 2 when the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what is wrong with the file, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = self._rows(options["file"])
        reports, faults = [], []
        for number, row in rows:
            found = _report(row)
            if isinstance(found, Report):
                reports.append(found)
            else:
                faults.append(f"Row {number}: {found}")
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError("Nothing was counted.", returncode=1)
        if not options["dry_run"]:
            with transaction.atomic():
                deliveries.note(reports)
        self.stdout.write(f"{len(reports)} deliveries {'would be counted' if options['dry_run'] else 'counted'}.")

    def _rows(self, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error), returncode=2) from error
        reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
        if set(COLUMNS) - set(reader.fieldnames or ()):
            raise CommandError(f"The first line names the columns: {', '.join(COLUMNS)}", returncode=2)
        return iter(enumerate(list(reader), 2))


def _report(row: dict[str, str]) -> Report | str:
    """Return what a row reports, or what is wrong with it."""
    system = _system(row["system"] or "")
    time = _time(row["time"] or "")
    result = RESULTS.get((row["result"] or "").strip().lower())
    if system is None:
        return f"no recipient system has the ID {row['system']!r}"
    if time is None:
        return f"{row['time']!r} is no time with its zone, such as 2026-11-23T14:05:00+01:00"
    if result is None:
        return f"{row['result']!r} is neither delivered nor failed"
    return Report(system, time, result)


def _system(text: str) -> uuid.UUID | None:
    try:
        id_ = uuid.UUID(text.strip())
    except ValueError:
        return None
    found = System.objects.filter(Q(pk=id_) | Q(registry_id=id_), is_recipient=True)
    return found.values_list("pk", flat=True).first()


def _time(text: str) -> datetime | None:
    try:
        time = parse_datetime(text.strip())
    except ValueError:
        return None
    return time if time is not None and time.tzinfo is not None else None
