"""Whether this process tells the time as the database does.

Several machines decide by the time: whose lease has run out, what is due, whether a certificate is valid. One whose
clock is an hour off would take others' work from them and judge wrongly. The database's clock is the one all share.
"""

import datetime as dt
import time

from django.db import connection

from adgang.lib.connections import release_connection

TOLERANCE = 30.0
ASK_AGAIN_SECONDS = 60.0

# When the database was asked last, by the clock that nobody turns, and what it said; one process, one pair.
_asked: tuple[float, float] | None = None


def seconds_off() -> float:
    """Return how many seconds this process is ahead of the database (behind: below zero); it is asked once a minute.

    Between two questions the clock that nobody turns tells what the time must be, so that a jump is seen at once.
    Raises DatabaseError.
    """
    if _asked is None or time.monotonic() - _asked[0] > ASK_AGAIN_SECONDS:
        return _ask()
    off = time.time() - _asked[1] - (time.monotonic() - _asked[0])
    # Or all clocks of the machine were put right, the database's among them.
    return off if abs(off) <= TOLERANCE else _ask()


def _ask() -> float:
    global _asked
    told = _database_time()
    _asked = time.monotonic(), told
    return time.time() - told


def _database_time() -> float:
    if connection.vendor != "postgresql":
        return time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: dt.datetime = cursor.fetchone()[0]
    release_connection()
    return told.timestamp()
