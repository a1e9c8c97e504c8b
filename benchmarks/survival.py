"""S1: an hour of the production shape, in which everything is restarted, killed, filled and turned, while people work.

`ADGANG_SURVIVAL_MINUTES` says for how long (60); `tests/platform/test_survival.py` does it in a few.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.aftermath import Aftermath, judged
from benchmarks.disturbing import FAULTS, Fault, Moment, let_some_be_due, settled
from benchmarks.ledger import Answer, Ledger, busy
from benchmarks.registry import Measurement, benchmark
from benchmarks.shape import Shape, production_shape

MINUTES = 60.0
SYSTEMS = 200
PAUSE = 1.5  # between two things that one person does
REST_SECONDS = 65.0  # between two faults; a short run takes every fault once, with what time it has


@dataclass
class Survived:
    """What happened, and what was left of it."""

    moments: list[Moment]
    ledger: Ledger
    aftermath: Aftermath
    minutes: float
    memory: dict[str, tuple[float, float]] = field(default_factory=dict)
    is_volume_small: bool = True

    @property
    def unexcused(self) -> list[Answer]:
        """Errors that fell into no moment of failure."""
        excusing = [moment for moment in self.moments if moment.fault.excuses]
        return [
            one
            for one in self.ledger.answers
            if one.is_error and not any(one.ended >= moment.began and one.began <= moment.ended for moment in excusing)
        ]

    @property
    def faults(self) -> list[str]:
        """Everything that should not be, in words."""
        errors = Counter(f"{one.status or 'no answer'} for {one.what}" for one in self.unexcused)
        return [
            *(f"{count} × {what} outside the moment of failure" for what, count in errors.items()),
            *self.ledger.surprises,
            *self.aftermath.faults(self.ledger),
            *(f"{moment.fault.name}: {moment.trouble}" for moment in self.moments if moment.trouble),
        ]

    def words(self) -> str:
        """Return the figures, a line for each kind of fault."""
        lines = [
            f"{self.minutes:.0f} minutes, {len(self.ledger.answers)} requests, {self.ledger.signed_in} sign-ins, "
            f"{sum(self.ledger.saves.values())} saves, {len(self.ledger.runs)} checks started by people, "
            f"{len(self.ledger.groups)} groups by the API; {self.aftermath.words()}"
        ]
        for name in dict.fromkeys(moment.fault.name for moment in self.moments):
            lines.append(self._words_of([moment for moment in self.moments if moment.fault.name == name]))
        grown = (f"{name} {before:.0f} → {after:.0f}" for name, (before, after) in self.memory.items())
        lines.append(f"memory in MB: {', '.join(grown)}")
        lines += [f"NOT RIGHT: {fault}" for fault in self.faults]
        return "\n  ".join(lines)

    def _words_of(self, moments: list[Moment]) -> str:
        answers = [
            one
            for moment in moments
            for one in self.ledger.answers
            if one.ended >= moment.began and one.began <= moment.ended
        ]
        errors = Counter(str(one.status or "no answer") for one in answers if one.is_error)
        slowest = max((one.ended - one.began for one in answers), default=0)
        counted = ", ".join(f"{count} × {status}" for status, count in errors.items()) or "no error"
        back = max(moment.ended - moment.began for moment in moments)
        works = max(moment.works - moment.began for moment in moments)
        return (
            f"{moments[0].fault.name} × {len(moments)}: {counted} in {len(answers)} requests meanwhile, slowest "
            f"{slowest:.1f} s; over after {back:.1f} s, work went on after {works:.1f} s at most"
        )


@benchmark(
    "S1", "an hour of production: restarts, kills, full disk, clock jumps, with people at work", only_by_name=True
)
def survive_an_hour() -> Measurement:
    """Let it happen for an hour, or as long as the environment says."""
    survived = survive(minutes=float(os.environ.get("ADGANG_SURVIVAL_MINUTES", MINUTES)))
    return Measurement(
        value=len(survived.faults),
        unit="faults",
        bar="nothing lost, nothing twice, no 500 outside the moment of failure, none in a rolling restart",
        met=not survived.faults,
        notes=survived.words(),
    )


def survive(*, minutes: float, pause: float = PAUSE, say: Callable[[str], None] | None = None) -> Survived:
    """Run the shape, let people work, disturb them, and return what came of it."""
    say = say or _said
    with tempfile.TemporaryDirectory(prefix="adgang-s1-") as folder, production_shape(Path(folder)) as shape:
        people = settled(shape, SYSTEMS)
        started = time.monotonic()
        with busy(shape, people, pause) as ledger:
            before = _memory(shape)
            moments = _disturbed(shape, started, minutes * 60, say)
            after = _memory(shape)
        aftermath = judged(shape, people)
        memory = {name: (before[name], after[name]) for name in before}
        return Survived(moments, ledger, aftermath, (time.monotonic() - started) / 60, memory, shape.is_volume_small)


def _disturbed(shape: Shape, started: float, seconds: float, say: Callable[[str], None]) -> list[Moment]:
    """Let one fault after the other happen until the time is up, each at least once; return them."""
    rounds = max(1, int(seconds // (REST_SECONDS * len(FAULTS))))
    plan = [fault for _ in range(rounds) for fault in FAULTS]
    moments = []
    for number, fault in enumerate(plan):
        let_some_be_due(shape)
        moments.append(_happened(shape, fault))
        say(moments[-1].words())
        # The rest is for what the fault left behind to show itself.
        time.sleep(max(0.0, started + (number + 1) * seconds / len(plan) - time.monotonic()))
    return moments


def _happened(shape: Shape, fault: Fault) -> Moment:
    moment = Moment(fault)
    moment.happen(shape)
    return moment


def _memory(shape: Shape) -> dict[str, float]:
    return {name: child.megabytes() for name, child in shape.children.items()}


def _said(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stderr.flush()
