"""Change how much is logged, in every process on every machine, for a time; without a level show what was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from organisations import log_levels
from organisations.callers import Caller


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        loggers = ", ".join(name for name in log_levels.LOGGERS if name)
        parser.add_argument("what", nargs="*", metavar="[LOGGER] LEVEL", help=f"{loggers}; without one: the portal")
        parser.add_argument("--minutes", type=int, default=log_levels.MINUTES, help="until it falls back by itself")
        parser.add_argument("--reset", action="store_true", help="fall back now")

    def handle(self, *args: Any, **options: Any) -> None:
        at, caller = timezone.now(), Caller.command("log_level")
        if options["reset"]:
            log_levels.fall_back(caller=caller, at=at)
        elif options["what"]:
            *loggers, level = options["what"]
            logger = loggers[0] if loggers else ""
            try:
                log_levels.change(caller=caller, logger=logger, level=level.upper(), minutes=options["minutes"], at=at)
            except ValueError as error:
                raise CommandError(str(error), returncode=2) from None
        for row in log_levels.in_force(at=at):
            self.stdout.write(f"{row.logger or 'all'} {row.level} until {row.until.isoformat(timespec='seconds')}")
