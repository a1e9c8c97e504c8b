"""How far the steps are, in numbers, marks and words; and the expected outputs that they lead to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.overview.marks import Mark, symbol
from adgang.overview.picture import Package, Part
from adgang.overview.readiness import State, Status
from adgang.overview.steps import GUIDES, PACKAGES, Guide, Step

STEP_WORDS: dict[Mark, Promise] = {
    Mark.DONE: gettext_lazy("Finished"),
    Mark.STARTED: gettext_lazy("Under way"),
    Mark.MISSING: gettext_lazy("Not begun"),
    Mark.LATE: gettext_lazy("Overdue"),
    Mark.NOT_RELEVANT: gettext_lazy("Not relevant"),
}
LINE_WORDS: dict[State, Promise] = {
    State.DONE: gettext_lazy("Done"),
    State.CONFIRMED: gettext_lazy("Confirmed"),
    State.ORDERED: gettext_lazy("Ordered"),
    State.MISSING: gettext_lazy("Missing"),
    State.NOT_RELEVANT: gettext_lazy("Not relevant"),
}


@dataclass(frozen=True)
class Tally:
    """How many of some lines are finished, of those that are relevant and count, and the mark they make together."""

    finished: int
    total: int
    mark: Mark

    @property
    def share(self) -> float:
        """The finished part, 0–1; nothing to do is all done."""
        return self.finished / self.total if self.total else 1.0

    @property
    def symbol(self) -> SafeString:
        """The mark as a small image."""
        return symbol(self.mark)

    @property
    def words(self) -> str:
        """The mark as a word, with the numbers where they explain it."""
        word = str(STEP_WORDS[self.mark])
        if self.total < 2:
            return word
        return _("%(state)s (%(finished)s of %(total)s)") % {
            "state": word,
            "finished": self.finished,
            "total": self.total,
        }


def tally(statuses: Iterable[Status]) -> Tally:
    """Count some lines; recommendations and what is not relevant do not count."""
    counted = [status for status in statuses if status.line.counts and status.state is not State.NOT_RELEVANT]
    finished = sum(status.finished for status in counted)
    return Tally(finished=finished, total=len(counted), mark=_mark(counted, finished))


def _mark(counted: Sequence[Status], finished: int) -> Mark:
    if not counted:
        return Mark.NOT_RELEVANT
    if finished == len(counted):
        return Mark.DONE
    if any(status.late for status in counted):
        return Mark.LATE
    return Mark.STARTED if finished or any(status.begun for status in counted) else Mark.MISSING


def word(status: Status) -> str:
    """Return the state of a line in one word."""
    if status.mark is Mark.LATE:
        return _("Overdue")
    if status.mark is Mark.WARNING:
        return _("Warning")
    if status.mark is Mark.STARTED and status.state is State.MISSING:
        return _("Under way")
    return str(LINE_WORDS[status.state])


@dataclass(frozen=True)
class StepProgress:
    """A step with its lines."""

    guide: Guide
    statuses: list[Status]
    tally: Tally

    @property
    def heading(self) -> str:
        """ "Step 1"; the marking comes after the steps."""
        return _("Step %(number)s") % {"number": self.guide.step.value} if self.guide.is_numbered else _("After that")


def steps(statuses: Sequence[Status]) -> list[StepProgress]:
    """Return the steps in order, each with its lines."""
    grouped: dict[Step, list[Status]] = {step: [] for step in Step}
    for status in statuses:
        grouped[status.line.step].append(status)
    return [StepProgress(GUIDES[step], own, tally(own)) for step, own in grouped.items()]


def parts(progress: Iterable[StepProgress]) -> list[Part]:
    """Return the steps as the picture draws them; every box leads to its step on the page."""
    return [
        Part(
            heading=step.heading,
            title=step.guide.title,
            mark=step.tally.mark,
            state=step.tally.words,
            share=step.tally.share,
            url=f"#{step.guide.anchor}",
            packages=[_package(status, status.line.package) for status in step.statuses if status.line.package],
        )
        for step in progress
    ]


def _package(status: Status, number: int) -> Package:
    return Package(
        heading=_("Work package %(number)s") % {"number": number},
        title=PACKAGES[number],
        mark=status.mark,
        state=word(status),
        url=f"#line-{status.line.key}",
    )


@dataclass(frozen=True)
class Output:
    """What the work is expected to lead to, judged by the lines that make it up."""

    title: str | Promise
    statuses: list[Status]
    tally: Tally


OUTPUTS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("Access is established"), ("terms", "user_administrator", "roles", "signed_in")),
    (gettext_lazy("Sender systems are set up and connected to Digital Post"), ("sender_systems",)),
    (gettext_lazy("Recipient systems are set up and connected to Digital Post"), ("recipient_systems",)),
    (gettext_lazy("The contact structure is established"), ("contact_points", "points_connected")),
)


def outputs(statuses: Iterable[Status]) -> list[Output]:
    """Return the expected outputs of the guide with the lines that prove them."""
    by_key = {status.line.key: status for status in statuses}
    return [Output(title, own, tally(own)) for title, keys in OUTPUTS if (own := [by_key[key] for key in keys])]
