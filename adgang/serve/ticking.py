"""Beat's scheduler: the fixed ticks of `adgang.schedule`, by a clock that nobody turns, with nothing kept on disk.

Celery's own counts by the time of day: set back by an hour, it would stay silent for that hour. And it keeps in a file
when each tick came last, which a container loses or must be given a volume for. Here each tick comes first a while
after the start, so that what is due once a day is not put off by a start every day; all of them may come too often.
"""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from celery.beat import Scheduler
from django.conf import settings

FIRST_SECONDS = 60.0
LONGEST_SLEEP = 30.0


class Ticks(Scheduler):
    """Sends each tick when its time has come since the last one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._next: dict[str, float] = {}
        super().__init__(*args, **kwargs)

    def tick(self, *_: Any, **__: Any) -> float:
        """Send what is due; return the seconds until something is."""
        now = time.monotonic()
        for name, entry in self.schedule.items():
            period = entry.schedule.run_every.total_seconds()  # type: ignore[union-attr]
            if now >= self._next.setdefault(name, now + min(period, FIRST_SECONDS)):
                self._next[name] = now + period
                self.apply_entry(entry, producer=self.producer)
        self._show_life()
        return max(0.0, min([LONGEST_SLEEP, *(at - time.monotonic() for at in self._next.values())]))

    def _show_life(self) -> None:
        """Let `adgang.serve.health` see that beat goes on; on a full disk it looks dead, and works."""
        if settings.ADGANG_BEAT_SIGN:
            with suppress(OSError):
                Path(settings.ADGANG_BEAT_SIGN).write_text(f"{time.monotonic()}\n", encoding="ascii")
