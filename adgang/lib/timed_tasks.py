"""What every task does before its own work: make sure that this worker tells the right time."""

import threading
from typing import Any

import structlog
from celery import Task
from celery.exceptions import Reject
from django.db import DatabaseError

from adgang.lib import clock

# So long a worker with a wrong clock keeps a message from itself, so that another takes the next one.
PAUSE_SECONDS = 2.0

log = structlog.get_logger("adgang.clock")


class TimedTask(Task):  # type: ignore[type-arg]
    """A task that a worker whose clock differs from the database's hands back, for another worker to do."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self.request.called_directly and not self.request.is_eager and (off := _seconds_off()):
            log.error("clock is wrong", seconds=off, task=self.name)
            threading.Event().wait(PAUSE_SECONDS)
            raise Reject("this worker's clock is wrong", requeue=True)
        return super().__call__(*args, **kwargs)


def _seconds_off() -> int:
    """Return by how many seconds this worker is too far from the database's time; 0 when it may work."""
    try:
        off = clock.seconds_off()
    except DatabaseError:
        return 0  # the task itself will meet that, and tell
    return round(off) if abs(off) > clock.TOLERANCE else 0
