"""Signs of life: when a part of the installation last did something."""

import datetime as dt

from organisations.models import Heartbeat


def beat(name: str, *, at: dt.datetime) -> None:
    """Note that the named part is alive at that time."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat": at})


def last_beat(name: str) -> dt.datetime | None:
    """Return when the named part last showed life, or None when it never has."""
    return Heartbeat.objects.filter(name=name).values_list("beat", flat=True).first()
