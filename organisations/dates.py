"""Days of Denmark as moments."""

import datetime as dt

from django.utils import timezone


def end_of(day: dt.date) -> dt.datetime:
    """Return the moment in which a day in Denmark is over."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
