"""R2 in short: a crash of the database, two savers, a double click, a retry – against gunicorn and a PostgreSQL."""

from collections.abc import Callable

from benchmarks.races import race
from tests.servers.postgres import programs


def test_nothing_is_lost_or_doubled(require_service: Callable[..., str]) -> None:
    if programs() is None:
        require_service("postgresql", "initdb")
    raced = race(restarts=1)
    assert raced.is_right, raced.words()
