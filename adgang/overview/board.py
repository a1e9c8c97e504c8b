"""The set-up of one organisation as it stands: facts, dates and lines, asked for in a fixed number of queries."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from adgang.lib.exports import Value
from adgang.overview import deadlines, facts, progress, readiness
from adgang.overview.deadlines import Plan
from adgang.overview.facts import Facts
from adgang.overview.lines import KIND_LABELS
from adgang.overview.readiness import Status
from adgang.overview.showing import signature
from adgang.overview.steps import GUIDES
from organisations.models import Organisation


@dataclass(frozen=True, kw_only=True)
class Board:
    """The state of an organisation's set-up at a moment."""

    organisation: Organisation
    facts: Facts
    plan: Plan
    statuses: list[Status]

    @property
    def today(self) -> dt.date:
        """The day in Denmark."""
        return timezone.localdate(self.facts.at)


def board(organisation: Organisation, *, at: dt.datetime) -> Board:
    """Return the board as it stands at a moment."""
    known = facts.gather(organisation, at=at)
    plan = deadlines.plan_of(organisation)
    statuses = readiness.statuses(
        known,
        list(organisation.readiness_lines.select_related("confirmed_by")),
        due={step: plan.due(guide.deadlines) for step, guide in GUIDES.items()},
        today=timezone.localdate(at),
    )
    return Board(organisation=organisation, facts=known, plan=plan, statuses=statuses)


HEADER: tuple[str | Promise, ...] = (
    _("Step"),
    _("What must be done"),
    _("Kind of line"),
    _("Status"),
    _("Evidence"),
    _("Said by"),
    _("Responsible"),
    _("Responsible person's e-mail"),
    _("Due"),
    _("Your note"),
)


def rows(shown: Board) -> Iterator[Sequence[Value]]:
    """Yield the lines as rows of a file, under `HEADER`."""
    for status in shown.statuses:
        row = status.row
        evidence = [str(one.text) for one in status.found] + [status.irrelevant, row.evidence]
        yield (
            status.line.step.value,
            str(status.line.title),
            str(KIND_LABELS[status.line.kind]),
            progress.word(status),
            "; ".join(text for text in evidence if text),
            signature(status),
            row.responsible_name,
            row.responsible_email,
            status.due,
            row.note,
        )
