"""Show what a set-up file, or saved answers of the registry, would do.

Exit code 0: no difference; 1: the file is refused; 2: usage; 3: differences.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from adgang.lib.commands import REFUSED, read_files, show_finding
from adgang.management.setup_plans import read_setup, show_changes, show_findings, write_plan
from adgang.setup import against, planning
from adgang.setup.planning import Plan
from contacts.management.arguments import organisation_of

DIFFERENT = 3
LIMIT = 200 * 1024 * 1024


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE|CVR", help="a set-up file; with --against a CVR number")
        parser.add_argument(
            "--against", nargs="+", type=Path, metavar="FILE", help="saved JSON answers of the registry"
        )
        parser.add_argument(
            "--cvr", help="the organisation, where the file names another one and has rules for carrying"
        )
        parser.add_argument("--json", action="store_true", help="write the plan as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = self.against(options) if options["against"] else self.of_file(options)
        if options["json"]:
            write_plan(self.stdout, plan)
        else:
            show_findings(self.stderr, plan)
            if not plan.refused:
                show_changes(self.stdout, plan)
        if plan.refused:
            raise SystemExit(REFUSED)
        if plan.changes:
            raise SystemExit(DIFFERENT)

    def of_file(self, options: dict[str, Any]) -> Plan:
        organisation, content = read_setup(Path(options["file"]), options["cvr"])
        return planning.plan(organisation, content, at=timezone.now())

    def against(self, options: dict[str, Any]) -> Plan:
        organisation = organisation_of(options["file"])
        files = {str(path): content for path, content in read_files(options["against"], limit=LIMIT)}
        done, plan = against.plan(organisation, files, at=timezone.now())
        for noted in done.noted:
            where = ": ".join(part for part in (noted.file, noted.where) if part)
            show_finding(self.stderr, where, noted.finding)
        if plan is None:
            raise SystemExit(REFUSED)
        return plan
