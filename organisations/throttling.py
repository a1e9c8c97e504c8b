"""Counting attempts in the database, so that every process counts together."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from organisations.models import Throttle

# One statement, where counting by the ORM takes four: it runs with every call of the API.
COUNT = """
    INSERT INTO organisations_throttle AS kept ("key", "count", resets) VALUES (%s, 1, %s)
    ON CONFLICT ("key") DO UPDATE SET
        "count" = CASE WHEN kept.resets <= %s THEN 1 ELSE kept."count" + 1 END,
        resets = CASE WHEN kept.resets <= %s THEN excluded.resets ELSE kept.resets END
    RETURNING "count", resets
"""


def allow(key: str, *, limit: int, window: dt.timedelta, at: dt.datetime) -> bool:
    """Count an attempt under `key` and say whether it is among the first `limit` of the current window.

    The key is kept as a hash, for it may name an address or a person. A window begins with its first attempt.
    """
    hashed = hashlib.sha256(key.encode()).hexdigest()
    row = Throttle.objects.filter(key=hashed)
    Throttle.objects.bulk_create([Throttle(key=hashed, resets=at + window)], ignore_conflicts=True)
    row.filter(resets__lte=at).update(count=0, resets=at + window)
    row.update(count=F("count") + 1)
    return row.filter(count__lte=limit).exists()


@dataclass(frozen=True)
class Standing:
    """How much of a limit is left: how many more of the window's `limit`, and when it begins anew."""

    limit: int
    count: int
    resets: dt.datetime

    @property
    def allowed(self) -> bool:
        """Whether the attempt that was counted is within the limit."""
        return self.count <= self.limit

    @property
    def remaining(self) -> int:
        """How many more are allowed in the window."""
        return max(0, self.limit - self.count)

    def seconds_left(self, at: dt.datetime) -> int:
        """Return in how many seconds the limit begins anew."""
        return max(1, round((self.resets - at).total_seconds()))


def count(key: str, *, limit: int, window: dt.timedelta, at: dt.datetime) -> Standing:
    """Count an attempt under `key` in one statement; as `allow`, and it tells how much is left."""
    hashed = hashlib.sha256(key.encode()).hexdigest()
    resets = Throttle._meta.get_field("resets")
    now, end = (resets.get_db_prep_value(moment, connection) for moment in (at, at + window))
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [hashed, end, now, now])
        number, until = cursor.fetchone()
    return Standing(limit, number, _aware(until))


def _aware(value: dt.datetime | str) -> dt.datetime:
    """SQLite tells times as texts, in UTC."""
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
