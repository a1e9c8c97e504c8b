"""Carrying a check out in a test, without the database: the steps come back as a run would keep them.

No connection may be left open behind it.
"""

import datetime as dt
import gc
import warnings
from collections.abc import Sequence
from typing import Any

from adgang.lib.deadlines import Deadline
from systems.steps.protocols import PROTOCOLS
from systems.steps.recording import Recorder
from systems.steps.subject import Subject

Steps = list[dict[str, Any]]
SECONDS = 20.0


def carry_out(subject: Subject, *, earlier: Sequence[Any] = (), seconds: float = SECONDS) -> Steps:
    """Return all steps of a check of `subject`; `earlier` are those of the run before."""
    saved: list[Steps] = []
    recorder = Recorder(
        protocol=subject.protocol,
        at=dt.datetime.now(dt.UTC),
        save=saved.append,
        earlier=earlier,
        deadline=Deadline(seconds),
    )
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always", ResourceWarning)
        PROTOCOLS[subject.protocol].check(subject, recorder)
        gc.collect()
    assert [str(warning.message) for warning in left if "laddr=('127.0.0.1'" in str(warning.message)] == []
    assert [len(steps) for steps in saved] == sorted(len(steps) for steps in saved)
    return saved[-1]


def outline(steps: Steps) -> list[tuple[str, str, list[str]]]:
    """Return (code, status, codes of findings) of each step."""
    return [(step["code"], step["status"], [found["code"] for found in step["findings"]]) for step in steps]


def codes(steps: Steps, code: str) -> list[str]:
    """Return the codes of what one step found."""
    return next(found for name, _, found in outline(steps) if name == code)


def status(steps: Steps, code: str) -> str:
    """Return how one step ended."""
    return str(next(step["status"] for step in steps if step["code"] == code))
