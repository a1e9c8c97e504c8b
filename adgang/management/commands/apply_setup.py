"""Carry out a set-up file: all of it, or nothing. Exit code 0: done, or nothing to do; 1: refused; 2: usage."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_lazy as _

from adgang.lib.commands import REFUSED
from adgang.management.setup_plans import read_setup, show_changes, show_findings, write_plan
from adgang.setup import applying
from adgang.setup.applying import ReasonMissing, SetupChanged, SetupRefused
from organisations.callers import Caller


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--cvr", help="the organisation, where the file names another one and has rules for carrying"
        )
        parser.add_argument("--plan", default="", metavar="FINGERPRINT", help="only if the plan is still this one")
        parser.add_argument("--reason", default="", help="why; needed where a system goes into service unchecked")
        parser.add_argument("--json", action="store_true", help="write what was done as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation, content = read_setup(options["file"], options["cvr"])
        try:
            plan = applying.apply(
                caller=Caller.command("apply_setup"),
                organisation=organisation,
                content=content,
                seen=options["plan"],
                reason=options["reason"],
            )
        except (SetupRefused, SetupChanged, ReasonMissing) as refused:
            show_findings(self.stderr, refused.plan)
            raise CommandError(WHY[type(refused)] % {"digest": refused.plan.digest}, returncode=REFUSED) from None
        if options["json"]:
            write_plan(self.stdout, plan)
            return
        show_findings(self.stderr, plan)
        show_changes(self.stdout, plan)


WHY = {
    SetupRefused: _("Nothing was done: the file has faults."),
    SetupChanged: _("Nothing was done: the plan is another one now (%(digest)s). Look at it with plan_setup."),
    ReasonMissing: _("Nothing was done: a system would go into service unchecked. Say why with --reason."),
}
