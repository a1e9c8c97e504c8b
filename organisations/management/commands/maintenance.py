"""Switch maintenance on or off, on every machine at once. Off ends what is on and calls off what is planned."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from organisations import maintenance
from organisations.callers import Caller
from organisations.models import Maintenance


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("state", choices=["on", "off"])
        parser.add_argument("--until", help="when it ends by itself: YYYY-MM-DDTHH:MM, Danish time or with offset")
        parser.add_argument("--read-only", action="store_true", help="people may read on; without it all is closed")
        parser.add_argument("--reason", default="manage.py maintenance", help="stands in the event log")

    def handle(self, *args: Any, **options: Any) -> None:
        at, caller = timezone.now(), Caller.command("maintenance")
        if options["state"] == "off":
            ended = maintenance.end(caller=caller, ids=[one.pk for one in maintenance.not_over(at=at)], at=at)
            self.stdout.write(f"off; {ended} ended")
            return
        mode = Maintenance.Mode.READ_ONLY if options["read_only"] else Maintenance.Mode.CLOSED
        until = self.moment(options["until"])
        if until is not None and until <= at:
            raise CommandError("--until is past", returncode=2)
        made = Maintenance(mode=mode, starts=at, until=until, reason=options["reason"][:500])
        maintenance.plan(caller=caller, maintenance=made, at=at)
        self.stdout.write(f"on: {mode.value}" + (f" until {until.isoformat()}" if until else ""))

    def moment(self, text: str | None) -> Any:
        """Return the moment that was typed. Raises CommandError."""
        if not text:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None:
            raise CommandError(f"{text!r} is no time such as 2026-11-23T14:05", returncode=2)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
