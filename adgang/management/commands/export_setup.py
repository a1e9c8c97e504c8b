"""Write the set-up of an organisation (systems, contact structure, letter types, people and rights) as YAML."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from adgang.lib.commands import REFUSED
from adgang.setup import documents
from adgang.setup.documents import Section
from adgang.setup.structure_writing import TooDeep
from contacts.management.arguments import organisation_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cvr", metavar="CVR")
        parser.add_argument(
            "--section",
            action="append",
            choices=[section.value for section in Section],
            help="only this part of it; may be given several times",
        )
        parser.add_argument(
            "--carry", action="store_true", help="propose rules for carrying it to another installation"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sections = [Section(name) for name in options["section"] or list(Section)]
        try:
            text = documents.export(organisation_of(options["cvr"]), sections, carry=options["carry"])
        except TooDeep:
            raise CommandError(_("Groups stand in groups deeper than a file can show."), returncode=REFUSED) from None
        self.stdout.write(text, ending="")
