"""Bring a backup back into an empty database, and verify the event log by the backup's checkpoint."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from adgang.data import restoring
from adgang.data.manifest import Manifest, Unfit
from adgang.data.waking import Held
from organisations.verifying import Broken, fault_text

AGAIN = """What happened after the backup is not in it: roles, tokens, passkeys and sign-ins that were taken away since
are there again, and mails about dates may be sent a second time. Go through the event log kept elsewhere (SIEM)."""


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="over what is in the database, which is lost")
        parser.add_argument("--send-mails", action="store_true", help="send mails that waited when it was made")
        parser.add_argument("--check", action="store_true", help="only say whether the backup could be restored here")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                self._show(*restoring.inspect(options["file"]))
                return
            keep = {"replace": options["replace"], "send_mails": options["send_mails"]}
            restored = restoring.restore(options["file"], told=self.stdout.write, **keep)
        except Unfit as unfit:
            raise CommandError(str(unfit), returncode=1) from unfit
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error
        self._show(restored.said, restored.warnings)
        self._tell(restored.held)
        for broken in restored.broken:
            self.stdout.write(_line(broken))
        if restored.broken:
            raise CommandError("The event log is not as it was when the backup was made.", returncode=1)
        self.stdout.write(f"The event log is as it was when the backup was made: {restored.entries} entries.")

    def _show(self, said: Manifest, warnings: list[str]) -> None:
        rows = sum(said.rows.values())
        self.stdout.write(f"A backup of {said.made}, version {said.version}, {said.vendor} {said.server}: {rows} rows.")
        for warning in warnings:
            self.stderr.write(warning)

    def _tell(self, held: Held) -> None:
        self.stdout.write(
            f"Held back: {held.mails} waiting mails. Ended: {held.sessions} sessions, {held.links} links."
        )
        if held.checkpoints:
            self.stdout.write(f"{held.checkpoints} later checkpoints were set aside: their entries are lost.")
        self.stdout.write(AGAIN)


def _line(broken: Broken) -> str:
    return f"{broken.organisation_id}: entry {broken.seq}: {fault_text(broken.fault)}"
