"""`manage.py check_connection SYSTEM_ID [--json]`: check one system now, in the foreground."""

import time
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from adgang.lib.commands import MARKS, UNUSABLE, finish, write_json
from organisations.callers import Caller
from systems import checking
from systems.check_showing import RunView, StepView
from systems.models import CheckRun, System
from systems.sweeping import RUN_LIMIT

LOOK_AGAIN_SECONDS = 0.2


class Command(BaseCommand):
    """Exit code 0 when the check passed (remarks are allowed), 1 when it did not, 2 when there is no such system."""

    help = "Check the connection of one system and say what must be done by whom. No worker is needed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the system's id here."""
        parser.add_argument("system_id", metavar="SYSTEM_ID", type=uuid.UUID)
        parser.add_argument("--json", action="store_true", help="write one JSON object")

    def handle(self, *, system_id: uuid.UUID, **options: Any) -> None:
        """Carry the check out, or follow the one that is under way."""
        system = System.objects.with_page_data().filter(pk=system_id).first()
        if system is None:
            raise CommandError(f"there is no system {system_id}", returncode=UNUSABLE)
        run = checking.ask_here(Caller.command("check_connection"), system)
        if claimed := checking.claim(run.pk):
            checking.run(claimed)
        shown = RunView(ended(run))
        if options["json"]:
            write_json(self.stdout, [shown.as_json()])
        else:
            self.show(shown)
        finish(accepted=shown.run.has_passed)

    def show(self, shown: RunView) -> None:
        """Write the run as a person reads it."""
        for step in shown.steps:
            self.stdout.write(heading(step))
            for found in step.findings:
                self.stdout.write(f"    {MARKS[found.severity]} {found.message} [{found.code}]")
                if found.remedy:
                    self.stdout.write(f"      → {found.remedy}")
        self.stdout.write(str(shown.status.label))


def heading(step: StepView) -> str:
    """Return the line that begins a step: result, name, address, milliseconds."""
    return " ".join(filter(None, [f"{step.word}:", str(step.label), step.place, f"({step.ms} ms)"]))


def ended(run: CheckRun) -> CheckRun:
    """Return the run when it is over: a worker may have been quicker and still be at it."""
    until = time.monotonic() + RUN_LIMIT.total_seconds()
    run.refresh_from_db()
    while run.is_open and time.monotonic() < until:
        time.sleep(LOOK_AGAIN_SECONDS)
        run.refresh_from_db()
    return run
