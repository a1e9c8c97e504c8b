"""Install root and issuing CA certificates from files or from their publisher, or list those that are installed."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from adgang.lib.commands import REFUSED, read_files, show_finding
from adgang.lib.dates import day
from certificates.kinds import Environment
from certificates.models import TrustAnchor
from certificates.trust_fetching import fetch_and_trust
from certificates.trusting import Trusted, trust
from organisations.callers import Caller


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="act", required=True, parser_class=argparse.ArgumentParser)
        add = commands.add_parser("add", help="Install the CA certificates in the files: all of them, or none.")
        add.add_argument("files", nargs="+", type=Path, metavar="FILE")
        add.add_argument("--environment", choices=Environment.values)
        add.add_argument("--unpinned", action="store_true", help="Take unknown authorities without a warning (test).")
        fetch = commands.add_parser("fetch", help="Get the known authorities from where they are published.")
        fetch.add_argument("--environment", choices=Environment.values, help="only these (production and test)")
        commands.add_parser("list", help="List the installed authorities.")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["act"]:
            case "list":
                self.list_anchors()
            case "fetch":
                self.fetch_anchors(options["environment"])
            case _:
                self.add_anchors(options["files"], options["environment"], unpinned=options["unpinned"])

    def list_anchors(self) -> None:
        for anchor in TrustAnchor.objects.all():
            role = _("root") if anchor.is_root else _("issuing CA")
            pinned = _("known") if anchor.pinned else _("unknown")
            environment = anchor.get_environment_display()
            self.stdout.write(f"{environment}  {role}  {pinned}  {day(anchor.not_after)}  {anchor.subject}")
            self.stdout.write(f"    SHA-256 {anchor.sha256}")

    def add_anchors(self, paths: list[Path], environment: str | None, *, unpinned: bool) -> None:
        outcome = trust(
            caller=Caller.command("trust add"),
            files=[(str(path), content) for path, content in read_files(paths)],
            environment=Environment(environment) if environment else None,
            unpinned=unpinned,
        )
        if self.report(outcome):
            raise CommandError(_("Nothing was installed."), returncode=REFUSED)

    def fetch_anchors(self, environment: str | None) -> None:
        wanted = [Environment(environment)] if environment else list(Environment)
        caller = Caller.command("trust fetch")
        refused = [self.report(fetch_and_trust(caller=caller, environment=each)) for each in wanted]
        if all(refused):
            raise CommandError(_("Nothing was installed."), returncode=REFUSED)
        if any(refused):
            raise CommandError(_("Not everything was installed."), returncode=REFUSED)

    def report(self, outcome: Trusted) -> bool:
        """Tell what came of it; return whether it was refused."""
        for name, found in outcome.findings:
            show_finding(self.stderr, name, found)
        for row in outcome.present:
            self.tell(_("already installed"), row)
        for row in outcome.added:
            self.tell(_("installed"), row)
        return outcome.refused

    def tell(self, done: str, row: TrustAnchor) -> None:
        self.stdout.write(f"{done} ({row.get_environment_display()}): {row.subject}")
