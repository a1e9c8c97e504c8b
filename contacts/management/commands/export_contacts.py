"""Write an authority's contact structure to the standard output, in the form that import_contacts reads."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contacts import exporting
from contacts.management.arguments import organisation_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cvr", metavar="CVR")
        parser.add_argument("--format", choices=["csv"], default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        for line in exporting.csv_of(organisation_of(options["cvr"])):
            self.stdout.write(line, ending="")
