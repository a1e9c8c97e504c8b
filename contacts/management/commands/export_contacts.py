"""Write an authority's contact structure to the standard output, in the form that import_contacts reads."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contacts import exporting
from contacts.exporting import Format
from contacts.management.arguments import organisation_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cvr", metavar="CVR")
        parser.add_argument("--format", choices=list(Format), default=Format.CSV)

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = organisation_of(options["cvr"])
        # Bytes, for a workbook is no text, and what is to be redirected into a file needs no other line ends.
        for part in exporting.export(organisation, Format(options["format"])):
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
