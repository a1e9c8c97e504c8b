"""Strips of health as pictures made on the server. Each piece differs by shape too, not by colour alone."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib import dates
from systems.availability import Cell, Period, Shown
from systems.models import CheckRun, RunStatus

HEIGHT, STEP, WIDTH = 32, 12, 9
# The top of each piece and its colour, as readable on white as the design system asks.
SHAPES = {
    Shown.HEALTHY: (2, "#2e7d5b"),
    Shown.MAINTENANCE: (12, "#5b5f9e"),
    Shown.FAILING: (20, "#b30000"),
    Shown.UNKNOWN: (29, "#7a8388"),
}
RUN_SHAPES = {
    RunStatus.PASSED: Shown.HEALTHY,
    RunStatus.WARNING: Shown.HEALTHY,
    RunStatus.FAILED: Shown.FAILING,
    RunStatus.ABORTED: Shown.UNKNOWN,
}


def percent(share: float | None) -> str:
    """Return a share as people read it: full only when it is, "–" when nothing is known."""
    if share is None:
        return "–"
    rounded = 100 if share == 1 else min(99.9, round(share * 100, 1))
    return f"{number_format(rounded, 0 if rounded == 100 else 1)}\N{NO-BREAK SPACE}%"


def period_strip(period: Period, title: str) -> SafeString:
    """Return the strip of a period."""
    pieces = [(SHAPES[cell.shown], cell_words(cell)) for cell in period.cells]
    return _strip(pieces, f"{title}: {percent(period.share)}")


def cell_words(cell: Cell) -> str:
    """Return what a piece of the strip shows, in words."""
    words = f"{dates.moment(cell.start)}: {cell.shown.label}"
    if cell.shown is Shown.FAILING and cell.share:
        words = f"{words} ({percent(1 - cell.share)})"
    return words


def runs_strip(runs: Sequence[CheckRun]) -> SafeString:
    """Return the strip of the last runs, oldest first."""
    pieces = [(SHAPES[RUN_SHAPES[RunStatus(run.status)]], run_words(run)) for run in runs]
    passed = sum(run.has_passed for run in runs)
    return _strip(pieces, _("%(passed)s of the last %(all)s checks passed") % {"passed": passed, "all": len(runs)})


def run_words(run: CheckRun) -> str:
    """Return a run in words."""
    return f"{dates.moment(run.created)}: {RunStatus(run.status).label}"


def _strip(pieces: Sequence[tuple[tuple[int, str], str]], title: str) -> SafeString:
    drawn = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="1" fill="{}"><title>{}</title></rect>',
        (
            (place * STEP, top, WIDTH, HEIGHT - top, colour, words)
            for place, ((top, colour), words) in enumerate(pieces)
        ),
    )
    return format_html(
        '<svg class="health-strip" viewBox="0 0 {} {}" role="img" aria-label="{}" preserveAspectRatio="none">{}</svg>',
        max(STEP * len(pieces) - (STEP - WIDTH), STEP),
        HEIGHT,
        title,
        drawn,
    )
