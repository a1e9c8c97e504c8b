"""What the overview shows to one reader, beside the lines: dates, checks, people, materials, open problems."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from adgang.overview import involvement, picture, problems, progress
from adgang.overview.board import Board
from adgang.overview.evidence import Evidence
from adgang.overview.facts import Registered
from adgang.overview.holidays import working_days_between
from adgang.overview.involvement import Involved
from adgang.overview.marks import Mark, symbol
from adgang.overview.showing import Shown, show
from organisations.callers import Grants
from organisations.models import Deadline, Material
from organisations.rights import Right
from systems.models.check_run import GOOD, RunStatus

# The newest checks tell enough here; the list of systems has them all.
CHECKS_SHOWN = 8
PROBLEMS_SHOWN = 10


@dataclass(frozen=True)
class Date:
    """A deadline of the strip; without a `deadline` nobody has set it."""

    label: str | Promise
    deadline: Deadline | None
    distance: str
    late: bool


@dataclass(frozen=True)
class Check:
    """The latest connection check of a system."""

    name: str
    url: str
    when: dt.datetime | None
    mark: Mark
    word: str | Promise

    @property
    def symbol(self) -> SafeString:
        """The result's mark as a small image."""
        return symbol(self.mark)


@dataclass(frozen=True)
class Guidance:
    """A material or contact of the operator, in the reader's language."""

    title: str
    url: str


def context(board: Board, *, grants: Grants) -> dict[str, Any]:
    """Return the context of `overview/overview.html`."""
    steps = progress.steps(board.statuses)
    drawn = progress.parts(steps)
    shown = {status.line.key: show(status, facts=board.facts, grants=grants) for status in board.statuses}
    found = problems.found(board.organisation)
    return {
        "board": board,
        "tally": progress.tally(board.statuses),
        "picture_wide": picture.wide(drawn),
        "picture_tall": picture.tall(drawn),
        "steps": [(step, [shown[status.line.key] for status in step.statuses]) for step in steps],
        "outputs": [
            (output, evidence([shown[status.line.key] for status in output.statuses]))
            for output in progress.outputs(board.statuses)
        ],
        "dates": dates(board),
        "go_live": _date(board, Deadline.Kind.GO_LIVE),
        "problems": [one.problem for one in found[:PROBLEMS_SHOWN]],
        "further_problems": len(found[PROBLEMS_SHOWN:]),
        "people": people(board, grants),
        "checks": checks(board, grants),
        "systems_count": len(board.facts.systems),
        "may_change": grants.allow(Right.READINESS_CHANGE),
        "may_see_systems": grants.allow(Right.SYSTEMS_VIEW),
        **guidance(),
    }


def evidence(lines: Iterable[Shown]) -> list[Evidence]:
    """Return what was seen for some lines, each thing once."""
    return list(dict.fromkeys(one for line in lines for one in line.evidence))


def dates(board: Board) -> list[Date]:
    """Return the deadlines in the order of the work, set or not."""
    return [_date(board, Deadline.Kind(kind)) for kind in Deadline.Kind]


def _date(board: Board, kind: Deadline.Kind) -> Date:
    deadline = board.plan.deadlines.get(kind)
    if deadline is None:
        return Date(kind.label, None, "", late=False)
    return Date(kind.label, deadline, distance(deadline.date, today=board.today), late=deadline.date < board.today)


def distance(date: dt.date, *, today: dt.date) -> str:
    """Return how far away a date is: in working days ahead, in days behind."""
    if date == today:
        return _("today")
    if date < today:
        days = (today - date).days
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    days = working_days_between(today, date)
    return ngettext("in %(count)s working day", "in %(count)s working days", days) % {"count": days}


def people(board: Board, grants: Grants) -> list[Involved]:
    """Return the people to involve; the link to add somebody only for those who may."""
    found = involvement.involved(board.facts, board.statuses)
    return [one if grants.allow(one.right) else replace(one, url="") for one in found]


def checks(board: Board, grants: Grants) -> list[Check]:
    """Return the latest check of each system, failures first, then the newest."""
    found = [_check(board, registered, linked=grants.allow(Right.SYSTEMS_VIEW)) for registered in board.facts.systems]
    return sorted(found, key=lambda check: (check.mark is not Mark.LATE, -_seconds(check.when)))[:CHECKS_SHOWN]


def _seconds(when: dt.datetime | None) -> float:
    return when.timestamp() if when else 0.0


def _check(board: Board, registered: Registered, *, linked: bool) -> Check:
    system, health = registered.system, getattr(registered.system, "health", None)
    url = reverse("system", args=[board.organisation.cvr_number, system.pk]) if linked else ""
    if health is None or health.last_check is None or not health.last_check_status:
        return Check(system.name, url, None, Mark.MISSING, _("Not checked yet"))
    status = RunStatus(health.last_check_status)
    return Check(system.name, url, health.last_check, _check_mark(status), status.label)


def _check_mark(status: RunStatus) -> Mark:
    if status is RunStatus.WARNING:
        return Mark.WARNING
    return Mark.DONE if status in GOOD else Mark.LATE


def guidance() -> dict[str, list[Guidance]]:
    """Return the operator's materials and contacts."""
    rows = list(Material.objects.all())
    return {
        "materials": list(_guidance(rows, Material.Kind.MATERIAL)),
        "contacts": list(_guidance(rows, Material.Kind.CONTACT)),
    }


def requirements(step: int) -> list[Guidance]:
    """Return the minimum requirements that the operator lists for a step."""
    rows = Material.objects.filter(step__in=[0, step])
    return list(_guidance(rows, Material.Kind.REQUIREMENT))


def _guidance(rows: Iterable[Material], kind: Material.Kind) -> Iterable[Guidance]:
    english = get_language() == "en"
    for row in rows:
        if row.kind == kind:
            yield Guidance(row.title_en if english and row.title_en else row.title_da, row.url)
