"""The processes of the installation, as each says of itself."""

import datetime as dt
import os
import uuid

from organisations.models import RunningProcess

SILENT = dt.timedelta(minutes=1)
FORGOTTEN = dt.timedelta(hours=1)


def tell(*, id_: uuid.UUID, kind: str, host: str, version: str, started: dt.datetime, at: dt.datetime) -> None:
    """Note that this process runs, and forget those that have been silent for long."""
    fields = {"kind": kind, "host": host[:100], "pid": os.getpid(), "version": version, "started": started}
    RunningProcess.objects.update_or_create(pk=id_, defaults={**fields, "seen": at})
    RunningProcess.objects.filter(seen__lt=at - FORGOTTEN).delete()


def running(*, at: dt.datetime) -> list[RunningProcess]:
    """Return the processes that showed themselves within a minute."""
    return list(RunningProcess.objects.filter(seen__gte=at - SILENT))


def beats_at_once(found: list[RunningProcess]) -> int:
    """Return how many beats run; one that another has followed does not count."""
    beats = [one for one in found if one.kind == "beat"]
    newest = max((one.started for one in beats), default=None)
    return sum(1 for one in beats if newest is None or one.started == newest or one.seen > newest)
