"""Check MeMo messages and containers in files, or on standard input (-). No network; nothing is kept."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.commands import MARKS, UNUSABLE, finish, write_json
from memo.contract import told
from memo.reports import Limits

STANDARD_INPUT = Path("-")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a message or a container; - for stdin")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        results: list[dict[str, Any]] = []
        valid = True
        for path in options["files"]:
            with _opened(path) as source:
                result = told(source, at=timezone.now(), limits=Limits.of_installation())
            valid = valid and bool(result["valid"])
            results.append(result)
            if not options["json"]:
                self.show(str(path), result)
        if options["json"]:
            write_json(self.stdout, results)
        finish(accepted=valid)

    def show(self, name: str, result: dict[str, Any]) -> None:
        for message in result.get("messages", ()):
            self.show(f"{name}: {message['name']}", message)
        outcome = _("accepted") if result["valid"] else _("refused")
        self.stdout.write(f"{name}: {outcome}" + (f" (MeMo {result['version']})" if result["version"] else ""))
        for one in result["findings"]:
            where = " ".join(filter(None, [one["path"], one["line"] and _("line %(line)s") % {"line": one["line"]}]))
            self.stdout.write(f"{MARKS[one['severity']]} {where or name}: {one['message']} [{one['code']}]")
            if one["remedy"]:
                self.stdout.write(f"  → {one['remedy']}")


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, or standard input, for as long as it is read. Raises CommandError (exit code 2)."""
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        source = path.open("rb")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", returncode=UNUSABLE) from None
    with source:
        try:
            yield source
        except IsADirectoryError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=UNUSABLE) from None
