"""Django's `migrate`, which on PostgreSQL never waits long for a table: whoever waits stops all behind them."""

import time
from typing import Any

from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

LOCK_TIMEOUT = "5s"
ATTEMPTS = 20
PAUSE_SECONDS = 3.0


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "postgresql":
            super().handle(*args, **options)
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            self._again_and_again(*args, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")

    def _again_and_again(self, *args: Any, **options: Any) -> None:
        """Migrate; where a long query holds a table, let the others pass and try again. What was done stays done."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                super().handle(*args, **options)
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable) or attempt == ATTEMPTS:
                    raise
                self.stderr.write(f"A table is in use; trying again in {PAUSE_SECONDS:.0f} seconds.")
                time.sleep(PAUSE_SECONDS)
