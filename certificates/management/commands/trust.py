"""Install root and issuing CA certificates, or list those that are installed."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from adgang.lib.commands import read_files, show_finding
from certificates.kinds import Environment
from certificates.models import TrustAnchor
from certificates.trusting import trust
from organisations.callers import Caller


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="act", required=True, parser_class=argparse.ArgumentParser)
        add = commands.add_parser("add", help="Install the CA certificates in the files: all of them, or none.")
        add.add_argument("files", nargs="+", type=Path, metavar="FILE")
        add.add_argument("--environment", choices=Environment.values)
        add.add_argument("--unpinned", action="store_true", help="Take unknown authorities without a warning (test).")
        commands.add_parser("list", help="List the installed authorities.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "list":
            self.list_anchors()
        else:
            self.add_anchors(options["files"], options["environment"], unpinned=options["unpinned"])

    def list_anchors(self) -> None:
        for anchor in TrustAnchor.objects.all():
            role = "root" if anchor.is_root else "issuing CA"
            pinned = "pinned" if anchor.pinned else "unpinned"
            until = anchor.not_after.date().isoformat()
            self.stdout.write(f"{anchor.environment}  {role}  {pinned}  until {until}  {anchor.subject}")
            self.stdout.write(f"    SHA-256 {anchor.sha256}")

    def add_anchors(self, paths: list[Path], environment: str | None, *, unpinned: bool) -> None:
        outcome = trust(
            caller=Caller.command("trust add"),
            files=[(str(path), content) for path, content in read_files(paths)],
            environment=Environment(environment) if environment else None,
            unpinned=unpinned,
        )
        for name, found in outcome.findings:
            show_finding(self.stderr, name, found)
        if outcome.refused:
            raise CommandError("Nothing was installed.", returncode=1)
        for row in outcome.present:
            self.stdout.write(f"already installed ({row.environment}): {row.subject}")
        for row in outcome.added:
            self.stdout.write(f"installed ({row.environment}): {row.subject}")
