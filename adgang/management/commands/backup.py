"""Write a backup of the database to a file, or into a folder, while the portal runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from adgang.data import backups
from adgang.data.manifest import Unfit


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", type=Path, metavar="FOLDER|FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path, said = backups.write(options["place"])
        except Unfit as unfit:
            raise CommandError(str(unfit), returncode=1) from unfit
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error
        rows, size = sum(said.rows.values()), path.stat().st_size / 1_000_000
        self.stdout.write(f"{path}: {rows} rows of {len(said.rows)} tables, {size:.1f} MB.")
        self.stdout.write("SECRET_KEY, ADGANG_FIELD_KEYS and ADGANG_EVENT_KEY are not in it: keep them apart from it.")
