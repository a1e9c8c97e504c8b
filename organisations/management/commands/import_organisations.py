"""Register organisations from a CSV file (columns: cvr_number, name, type, authority_type, …), all or none."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisations import refusals
from organisations.callers import Caller
from organisations.importing import COLUMNS, Fault, Imported, import_organisations


class Command(BaseCommand):
    help = f"{__doc__} Columns: {', '.join(COLUMNS)}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(str(error), returncode=2) from error
        done = import_organisations(content, caller=Caller.command("import_organisations"), dry_run=options["dry_run"])
        for fault in done.faults:
            self.stderr.write(_line(fault))
        if done.faults:
            raise CommandError(_("Nothing was imported."), returncode=1)
        self._tell(done, dry_run=options["dry_run"])

    def _tell(self, done: Imported, *, dry_run: bool) -> None:
        for label in done.doubtful:
            self.stderr.write(_("Warning: %(label)s does not pass the check of CVR numbers.") % {"label": label})
        for label in done.present:
            self.stdout.write(_("Exists already, left alone: %(label)s") % {"label": label})
        for label in done.created:
            self.stdout.write(_("Created: %(label)s") % {"label": label})
        for email in done.invited:
            self.stdout.write(_("Invited: %(email)s") % {"email": email})
        count = len(done.created)
        total = ngettext("%(count)s organisation created.", "%(count)s organisations created.", count)
        self.stdout.write(
            total % {"count": count} + (" " + _("This was a trial: nothing was saved.") if dry_run else "")
        )


def _line(fault: Fault) -> str:
    where = _("Row %(row)s") % {"row": fault.row}
    if fault.column:
        where = _("Row %(row)s, column %(column)s") % {"row": fault.row, "column": fault.column}
    return f"{where}: {refusals.text(fault.finding)}"
