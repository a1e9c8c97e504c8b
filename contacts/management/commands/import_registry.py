"""Take saved JSON answers of the registry (systems/, contact-groups/, contact-points/), all or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from adgang.lib.commands import MARKS, REFUSED, read_files
from contacts.management.arguments import add_draft, of_draft, organisation_of
from contacts.registry_importing import Imported, import_registry
from contacts.registry_reading import Noted
from organisations.callers import Caller

LIMIT = 200 * 1024 * 1024


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cvr", metavar="CVR")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and do nothing")
        add_draft(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = organisation_of(options["cvr"])
        files = {str(path): content for path, content in read_files(options["files"], limit=LIMIT)}
        done = import_registry(
            caller=Caller.command("import_registry"),
            organisation=organisation,
            files=files,
            dry_run=options["dry_run"],
            draft_name=options["draft"] or "",
        )
        for noted in done.noted:
            self.show(noted)
        if done.refused:
            raise CommandError(_("Nothing was imported."), returncode=REFUSED)
        self.tell(done, dry_run=options["dry_run"])

    def show(self, noted: Noted) -> None:
        found = noted.finding
        where = ": ".join(part for part in (noted.file, noted.where) if part)
        self.stderr.write(f"{MARKS[found.severity]} {where}: {found.message} [{found.code}]")
        if found.remedy:
            self.stderr.write(f"  → {found.remedy}")

    def tell(self, done: Imported, *, dry_run: bool) -> None:
        kinds = {"systems": _("Systems"), "groups": _("Groups"), "points": _("Contact points")}
        outcomes = {"created": _("created"), "changed": _("changed"), "unchanged": _("unchanged")}
        for kind, label in kinds.items():
            if tally := done.tally.get(kind):
                counts = ", ".join(f"{count} {outcomes[outcome]}" for outcome, count in tally.items())
                self.stdout.write(f"{label}: {counts}")
        if done.draft:
            self.stdout.write(of_draft(done.draft))
        if dry_run:
            self.stdout.write(_("This was a trial: nothing was saved."))
