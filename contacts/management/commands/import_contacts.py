"""Import a contact structure from CSV, Excel or JSON, all or nothing; docs/contact-import.md describes its columns."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from adgang.lib.commands import MARKS, REFUSED, read_files
from contacts import differences, importing
from contacts.differences import Change
from contacts.file_reading import MAX_BYTES
from contacts.importing import ImportRefused
from contacts.management.arguments import add_draft, of_draft, organisation_of
from contacts.planning import Plan
from contacts.sheets import Found
from organisations.callers import Caller

SIGNS = {differences.Act.CREATE: "+", differences.Act.CHANGE: "~", differences.Act.DELETE: "-"}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cvr", metavar="CVR")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="show every fault and every change, and do nothing")
        add_draft(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = organisation_of(options["cvr"])
        ((_path, content),) = read_files([options["file"]], limit=MAX_BYTES)
        given: dict[str, Any] = {"organisation": organisation, "content": content}
        caller, draft = Caller.command("import_contacts"), None
        try:
            if options["dry_run"]:
                plan = importing.dry_run(**given)
            elif options["draft"]:
                draft, plan = importing.into_draft(caller=caller, **given, into=options["draft"])
            else:
                plan = importing.apply(caller=caller, **given)
        except ImportRefused as refused:
            plan = refused.plan
        self.show(plan.findings.found)
        if plan.refused:
            raise CommandError(_("Nothing was imported."), returncode=REFUSED)
        self.tell(plan, dry_run=options["dry_run"])
        if draft is not None:
            self.stdout.write(of_draft(draft))

    def show(self, findings: Iterable[Found]) -> None:
        for found in sorted(findings, key=lambda one: one.row or 0):
            self.stderr.write(
                f"{MARKS[found.finding.severity]} {_place(found)}{found.finding.message} [{found.finding.code}]"
            )
            if found.finding.remedy:
                self.stderr.write(f"  → {found.finding.remedy}")

    def tell(self, plan: Plan, *, dry_run: bool) -> None:
        changes = differences.changes(plan)
        for change in changes:
            self.stdout.write(_line(change))
        self.stdout.write(_("%(count)s changes.") % {"count": len(changes)})
        if dry_run:
            self.stdout.write(_("This was a trial: nothing was saved."))


def _place(found: Found) -> str:
    parts = [_("row %(row)s") % {"row": found.row}] if found.row else []
    parts += [_("column %(column)s") % {"column": found.column}] if found.column else []
    return f"{', '.join(parts)}: " if parts else ""


def _line(change: Change) -> str:
    where = f"{change.path} / " if change.path else ""
    line = f"{SIGNS[change.act]} {change.kind} {where}{change.name}"
    if change.act is not differences.Act.CHANGE:
        return line
    return "\n".join([line, *(f"    {one.column}: {one.before!r} → {one.after!r}" for one in change.fields)])
