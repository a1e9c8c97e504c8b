"""Show how the installation does: its parts, workers, queues, mails, revocation lists and disk, and what to do.

Exit code 0: everything is well; 1: something is not (people can still work); 2: the portal cannot be used.
"""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

import adgang
from adgang.operations import queue
from adgang.operations.health import Health
from adgang.operations.state import state, worst

EXITS = {Health.OK: 0, Health.DEGRADED: 1, Health.UNAVAILABLE: 2}
MARKS = {Health.OK: "✓", Health.DEGRADED: "!", Health.UNAVAILABLE: "✗"}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="write one JSON object, as /readyz does, with more")

    def handle(self, *args: Any, **options: Any) -> None:
        checks = state(at=timezone.now())
        overall = worst(checks)
        if options["json"]:
            told = {name: check.as_json() for name, check in checks.items()}
            self.stdout.write(json.dumps({"status": overall, "version": adgang.__version__, "checks": told}, indent=2))
        else:
            for name, check in checks.items():
                part = queue.part(name, check)
                self.stdout.write(f"{MARKS[check.health]} {part.label}: {part.found or '–'}")
                if part.advice:
                    self.stdout.write(f"  → {part.advice}")
        if EXITS[overall]:
            raise SystemExit(EXITS[overall])
