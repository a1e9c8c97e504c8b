"""What a check found that the check before it did not: the first thing to look at when a connection fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from systems.check_showing import RunView, StepView
from systems.models import CheckRun
from systems.models.check_run import GOOD
from systems.step_values import FOUND, shown_value
from systems.steps.recording import StepStatus

# What a server words differently every time says nothing of a change.
VOLATILE = frozenset({"message_id", "banner", "reply"})


@dataclass(frozen=True)
class Change:
    """One difference: in which step, of what, what it was and what it is."""

    place: str
    step: str | Promise
    what: str | Promise
    was: str
    now: str


class RunChanges:
    """A finished run held against the one before it."""

    def __init__(self, run: CheckRun, before: CheckRun) -> None:
        self.run, self.before = run, before

    @property
    def settings_changed(self) -> bool:
        """Whether something else was checked: the system's settings were changed in between."""
        return _settings(self.run) != _settings(self.before)

    @property
    def lines(self) -> list[Change]:
        """Every difference, in the order of the steps."""
        was, now = _steps(self.before), _steps(self.run)
        return [change for key in dict.fromkeys([*now, *was]) for change in _of_step(was.get(key), now.get(key))]


def changes_of(run: CheckRun) -> RunChanges | None:
    """Return a finished run held against the one before it; None when there is none. One query."""
    if run.is_open:
        return None
    earlier = CheckRun.objects.with_result().filter(system=run.system_id, created__lt=run.created)
    before: CheckRun | None = earlier.exclude(steps=[]).newest_first().first()
    return RunChanges(run, before) if before else None


def with_results_before(runs: QuerySet[CheckRun]) -> QuerySet[CheckRun]:
    """Return the runs with `status_before` and `summary_before`: how the one before each ended, None for the first."""
    earlier = CheckRun.objects.with_result().filter(system=OuterRef("system"), created__lt=OuterRef("created"))
    newest = earlier.newest_first()
    return runs.annotate(
        status_before=Subquery(newest.values("status")[:1]), summary_before=Subquery(newest.values("summary")[:1])
    )


def compared(run: Any) -> str:
    """Return how a run of `with_results_before` compares with the one before it, in a word or two."""
    if run.is_open or (not run.has_passed and run.status != "FAILED"):
        return ""
    if run.status_before is None:
        return _("The first check")
    passed_before = run.status_before in GOOD
    if run.has_passed != passed_before:
        return _("Cured") if run.has_passed else _("New fault")
    return _("As before") if run.summary == run.summary_before else _("Another cause")


# What changes by itself, or says only how far a check went.
PASSING = ("last_seen", "probes", "deliver_to")


def _settings(run: CheckRun) -> dict[str, Any]:
    return {name: value for name, value in run.target.items() if name not in PASSING}


def _steps(run: CheckRun) -> dict[tuple[str, str], StepView]:
    return {(step.place, str(step.code)): step for step in RunView(run).steps}


def _of_step(was: StepView | None, now: StepView | None) -> Iterator[Change]:
    one = now or was
    if one is None:
        return
    if _told(was) != _told(now) and not _is_aftermath(was, now):
        yield Change(one.place, one.label, _("Result"), _said(was), _said(now))
    if was is None or now is None:
        return
    for name, label in FOUND.items():
        before, after = was.found.get(name), now.found.get(name)
        if name not in VOLATILE and before != after and before and after:
            yield Change(one.place, one.label, label, shown_value(before), shown_value(after))


def _is_aftermath(was: StepView | None, now: StepView | None) -> bool:
    """Say whether a step is in order one time and was not reached the other: the step that failed says it all."""
    taken = was or now
    return (was is None or now is None) and taken is not None and taken.status == StepStatus.OK


def _told(step: StepView | None) -> tuple[str, list[str]]:
    return (step.status, [found.code for found in step.findings]) if step else ("", [])


def _said(step: StepView | None) -> str:
    if step is None:
        return _("Not taken")
    return f"{step.word}: {step.deciding.message}" if step.deciding else str(step.word)
