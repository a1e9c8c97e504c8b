"""Judge SSH public keys in files. Nothing is kept."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from adgang.lib.commands import finish, read_files, show_finding, write_json
from certificates.ssh_keys import SshVerdict, judge_ssh_key


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        judged = [
            (path, judge_ssh_key(content, refuse_short_rsa=settings.ADGANG_REFUSE_SHORT_RSA))
            for path, content in read_files(options["files"])
        ]
        if options["json"]:
            write_json(self.stdout, [verdict.as_json() for _path, verdict in judged])
        else:
            for path, verdict in judged:
                self.show(str(path), verdict)
        finish(accepted=all(verdict.accepted for _path, verdict in judged))

    def show(self, name: str, verdict: SshVerdict) -> None:
        outcome = _("accepted") if verdict.accepted else _("refused")
        self.stdout.write(f"{name}: {outcome}")
        if verdict.fingerprint:
            self.stdout.write(f"  {verdict.type} {verdict.bits} {verdict.fingerprint} {verdict.comment}")
        for found in verdict.findings:
            show_finding(self.stdout, name, found)
