"""Make the demo world: authorities, people for every role, systems in every state, a contact structure."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from adgang.demo import world
from adgang.demo.papers import folder
from adgang.demo.people import ORGANISATIONS, PEOPLE


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="Empty the demo's database and make the demo anew.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = world.make(reset=options["reset"])
        except world.NotForDemo as refusal:
            raise CommandError(str(refusal)) from refusal
        if not made:
            self.stdout.write("The demo world is there already; --reset makes it anew.")
            return
        self.stdout.write(f"Made {len(ORGANISATIONS)} organisations and {len(PEOPLE)} people.")
        self.stdout.write(f"Certificates, keys and messages to try out lie in {folder()}")
