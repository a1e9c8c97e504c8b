"""Judge receipts (JSON) in files, or on standard input (-), as Digital Post takes them."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from adgang.lib.commands import finish, read_files, show_finding, write_json
from memo import receipts

STANDARD_INPUT = Path("-")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a receipt; - for stdin")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        judged = [(path, receipts.judge(_content(path))) for path in options["files"]]
        if options["json"]:
            write_json(self.stdout, [verdict.as_json() for _path, verdict in judged])
        else:
            for path, verdict in judged:
                outcome = _("accepted") if verdict.accepted else _("refused")
                self.stdout.write(f"{path}: {outcome}")
                for found in verdict.findings:
                    show_finding(self.stdout, str(path), found)
        finish(accepted=all(verdict.accepted for _path, verdict in judged))


def _content(path: Path) -> bytes:
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read(receipts.MAX_BYTES + 1)
    ((_path, content),) = read_files([path], limit=receipts.MAX_BYTES)
    return content
