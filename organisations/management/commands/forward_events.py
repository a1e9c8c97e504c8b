"""Hand what is new in the event log to the SIEM that ADGANG_SIEM names, or all of it since a day once more."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisations import event_forwarding
from organisations.event_filters import start_of


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="once more from this day")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ADGANG_SIEM:
            raise CommandError(_("ADGANG_SIEM names no place to send to."), returncode=2)
        if options["since"]:
            event_forwarding.rewind(since=start_of(options["since"]))
        sent = event_forwarding.forward(at=timezone.now())
        if event_forwarding.oldest_waiting():
            raise CommandError(_("The SIEM could not be reached; see the technical log."), returncode=1)
        self.stdout.write(ngettext("%(count)s entry was sent.", "%(count)s entries were sent.", sent) % {"count": sent})
