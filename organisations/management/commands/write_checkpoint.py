"""Sign the heads of all chains of the event log and write them to a file, to be kept away from the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from organisations import checkpoints


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            written = checkpoints.write(options["file"])
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error
        heads = written["heads"]
        self.stdout.write(_("%(count)s chains signed.") % {"count": len(heads)})
