"""Write docs/contact-import.md from the table of columns; with --check only say whether it is current."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contacts import csv_document


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        path, text = csv_document.PATH, csv_document.document()
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise CommandError(f"{path.name} is not current: run manage.py contact_columns")
