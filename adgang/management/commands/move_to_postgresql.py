"""Move an installation from SQLite to an empty PostgreSQL database, all of it or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from adgang.data import moving
from adgang.data.manifest import Unfit


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        # In a file, for a password on a command line is read by everybody on the machine.
        text = "a file that holds the new DATABASE_URL: postgres://user:password@host:5432/name"
        parser.add_argument("file", type=Path, metavar="FILE", help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moved = moving.move(options["file"].read_text(encoding="utf-8").strip(), told=self.stdout.write)
        except Unfit as unfit:
            raise CommandError(str(unfit), returncode=1) from unfit
        except (OSError, UnicodeError) as error:
            raise CommandError(str(error), returncode=2) from error
        rows = sum(table.rows for table in moved)
        self.stdout.write(f"{rows} rows of {len(moved)} tables were moved and found equal; the event log is untouched.")
        self.stdout.write("Start the portal with the new DATABASE_URL (or DATABASE_URL_FILE) and the same keys.")
