"""Write docs/findings.md from the tables of findings; with --check only say whether it is current."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from adgang.lib import findings_document


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path, text = findings_document.path(), findings_document.document()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(f"{path.name} is not current: run manage.py findings")
            return
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
