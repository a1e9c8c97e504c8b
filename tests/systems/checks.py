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
    unclosed = [str(warning.message) for warning in left if is_ours(str(warning.message))]
    assert unclosed == [], unclosed
    assert [len(steps) for steps in saved] == sorted(len(steps) for steps in saved)
    return saved[-1]


def is_ours(message: str) -> bool:
    """Say whether a socket that was left open is a check's own.

    Where the peer resets before TLS begins, CPython leaves the half-made SSLSocket, without a peer, to the collector.
    """
    half_made = "<ssl.SSLSocket" in message and "raddr=" not in message
    return "laddr=('127.0.0.1'" in message and not half_made


def outline(steps: Steps) -> list[tuple[str, str, list[str]]]:
    """Return (code, status, codes of findings) of each step."""
    return [(step["code"], step["status"], [found["code"] for found in step["findings"]]) for step in steps]


def codes(steps: Steps, code: str) -> list[str]:
    """Return the codes of what one step found."""
    return next(found for name, _, found in outline(steps) if name == code)


def status(steps: Steps, code: str) -> str:
    """Return how one step ended."""
    return str(next(step["status"] for step in steps if step["code"] == code))
