"""How a check keeps what it finds: steps with findings, saved as each ends."""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from adgang.lib.deadlines import Deadline
from adgang.lib.failures import Failure
from adgang.lib.findings import Finding, Severity
from systems.step_codes import StepCode
from systems.step_texts import step_finding
from systems.steps.peers import visible

RUN_SECONDS = 60


class StepStatus(StrEnum):
    """How a step ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


OF_SEVERITY = {
    Severity.INFO: StepStatus.OK,
    Severity.WARNING: StepStatus.WARNING,
    Severity.ERROR: StepStatus.FAILED,
}
ORDER = [StepStatus.SKIPPED, StepStatus.OK, StepStatus.WARNING, StepStatus.FAILED]
JSON = dict[str, Any]


class Halt(Exception):
    """The step ended in a way that makes those after it, for the same place, pointless."""


@dataclass(kw_only=True)
class Step:
    """One step: `place` is the address it concerns (empty: the system as a whole), `found` values for the page."""

    code: StepCode
    protocol: str
    deadline: Deadline
    place: str = ""
    ms: int = 0
    skipped: bool = False
    found: JSON = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def report(self, code: str, /, **params: Any) -> None:
        """Add a finding, of the severity it has for the protocol."""
        self.findings.append(step_finding(code, self.protocol, **params))

    @property
    def status(self) -> StepStatus:
        """The worst finding decides."""
        if self.skipped:
            return StepStatus.SKIPPED
        return worst(OF_SEVERITY[finding.severity] for finding in self.findings)

    def as_json(self) -> JSON:
        """Return the form in which a run keeps the step; texts are made for the reader."""
        findings = [finding.as_json() for finding in self.findings]
        return {
            "code": str(self.code),
            "place": self.place,
            "status": str(self.status),
            "ms": self.ms,
            "found": _visible(self.found),
            "findings": _visible(findings),
        }


def _visible(value: Any) -> Any:
    """Return what a server may have had a hand in as it can be kept and shown, however deep it stands."""
    match value:
        case str():
            return visible(value)
        case list() | tuple():
            return [_visible(item) for item in value]
        case dict():
            return {name: _visible(item) for name, item in value.items()}
        case _:
            return value


def worst(statuses: Iterator[StepStatus]) -> StepStatus:
    """Return the worst of some statuses; ok of none."""
    return max(statuses, key=ORDER.index, default=StepStatus.OK)


@dataclass(kw_only=True)
class Recorder:
    """Collects the steps of one run. `save` is called with all steps so far whenever one has ended, and may raise to
    stop the run; `earlier` holds the steps of the run before, to tell what has changed since."""

    protocol: str
    at: dt.datetime
    save: Callable[[list[JSON]], None]
    earlier: Sequence[JSON] = ()
    deadline: Deadline = field(default_factory=lambda: Deadline(RUN_SECONDS))
    steps: list[Step] = field(default_factory=list)
    _kept: list[JSON] = field(default_factory=list)

    @contextmanager
    def step(self, code: StepCode, *, place: str = "", seconds: float) -> Iterator[Step]:
        """Run the block as a step of at most `seconds`.

        A `Failure`, a time-out or a broken connection in it is kept as a finding and raises `Halt`.
        """
        step = Step(code=code, protocol=self.protocol, place=place, deadline=self.deadline.within(seconds))
        started = time.monotonic()
        halted = False
        try:
            yield step
        except (Failure, OSError) as error:
            halted = True
            failed, params = self._cause(error, seconds)
            step.report(failed, **params)
        step.ms = round((time.monotonic() - started) * 1000)
        self._add(step)
        if halted:
            raise Halt

    @contextmanager
    def place(self, place: str, plan: Sequence[StepCode]) -> Iterator[None]:
        """Run the block as the steps of one address; those of `plan` that a failure cuts off are kept as skipped."""
        already = len(self.steps)
        try:
            yield
        except Halt:
            done = {step.code for step in self.steps[already:]}
            for code in plan:
                if code not in done:
                    self._keep(self._skipped(code, place))
            self.save(list(self._kept))

    def skip(self, code: StepCode, reason: str, *, place: str = "") -> None:
        """Keep a step that there is no need to take, with the reason for it."""
        step = self._skipped(code, place)
        step.report(reason)
        self._add(step)

    def fail(self, code: StepCode, reason: str, *, place: str = "") -> None:
        """Keep a step that cannot be taken, with what is missing for it."""
        step = Step(code=code, protocol=self.protocol, place=place, deadline=self.deadline)
        step.report(reason)
        self._add(step)

    def before(self, code: StepCode, place: str) -> JSON:
        """Return what the run before found in the same step; empty when it has none."""
        same = (step["found"] for step in self.earlier if (step["code"], step["place"]) == (str(code), place))
        return next(same, {})

    def _cause(self, error: Failure | OSError, seconds: float) -> tuple[str, JSON]:
        match error:
            case Failure():
                return error.code, error.params
            case TimeoutError() if not self.deadline.remaining():
                return "run.out_of_time", {"seconds": RUN_SECONDS}
            case TimeoutError():
                return "peer.silent", {"seconds": round(seconds)}
            case _:
                return "peer.closed", {}

    def _skipped(self, code: StepCode, place: str) -> Step:
        return Step(code=code, protocol=self.protocol, place=place, deadline=self.deadline, skipped=True)

    def _add(self, step: Step) -> None:
        self._keep(step)
        self.save(list(self._kept))

    def _keep(self, step: Step) -> None:
        self.steps.append(step)
        self._kept.append(step.as_json())  # once: a step that has ended changes no more
