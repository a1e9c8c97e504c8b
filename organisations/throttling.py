"""Counting attempts in the database, so that every process counts together."""

import datetime as dt
import hashlib

from django.db.models import F

from organisations.models import Throttle


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
