"""For how much of a time a system worked: from the changes of its state, without what was announced as maintenance."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db import models
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from systems.models import HealthChange, HealthState, MaintenanceWindow, System

PERIODS = {"day": dt.timedelta(hours=24), "week": dt.timedelta(days=7), "month": dt.timedelta(days=30)}
LONGEST = max(PERIODS.values())
# So many cells has the strip of each period: hours, quarters of days, days.
CELLS = {"day": 24, "week": 28, "month": 30}


class Shown(models.TextChoices):
    """What a system did at a moment, as the strip shows it."""

    HEALTHY = "HEALTHY", _("worked")
    FAILING = "FAILING", _("failed")
    MAINTENANCE = "MAINTENANCE", _("maintenance")
    UNKNOWN = "UNKNOWN", _("not known")


@dataclass(frozen=True)
class Span:
    """A time in which nothing changed."""

    start: dt.datetime
    end: dt.datetime
    shown: Shown

    @property
    def length(self) -> dt.timedelta:
        """How long it lasted."""
        return self.end - self.start


@dataclass(frozen=True)
class Cell:
    """A piece of the strip; `share` is how much of what is known of it worked, None when nothing is."""

    start: dt.datetime
    end: dt.datetime
    shown: Shown
    share: float | None


@dataclass(frozen=True)
class Period:
    """A system over one period."""

    key: str
    cells: list[Cell]
    share: float | None


def with_history(systems: QuerySet[System], *, at: dt.datetime) -> QuerySet[System]:
    """Return the systems with what `period` reads, in two queries however many they are."""
    since = at - LONGEST
    changes = HealthChange.objects.filter(since__gt=since).order_by("since")
    windows = MaintenanceWindow.objects.standing().filter(ends__gt=since, starts__lt=at)
    return systems.prefetch_related(
        Prefetch("health_changes", changes, to_attr="recent_changes"),
        Prefetch("maintenance_windows", windows, to_attr="recent_windows"),
    )


def period(system: System, key: str, *, at: dt.datetime) -> Period:
    """Return how a system from `with_history` fared over a period that ends now."""
    start = at - PERIODS[key]
    found = [span for span in spans(system, at=at) if span.end > start]
    clipped = list(_within(found, start, at))
    return Period(key, list(_cells(clipped, start, at, CELLS[key])), share(clipped))


def spans(system: System, *, at: dt.datetime) -> list[Span]:
    """Return the longest period in spans: states, overlaid by maintenance."""
    since = at - LONGEST
    changes: list[HealthChange] = system.recent_changes  # type: ignore[attr-defined]
    windows: list[MaintenanceWindow] = system.recent_windows  # type: ignore[attr-defined]
    turns = [(change.since, _shown(change.state)) for change in changes if change.since < at]
    edges = [edge for window in windows for edge in (window.starts, window.ends) if since < edge < at]
    marks = sorted({since, at, *(moment for moment, _state in turns), *edges})
    found = []
    for start, end in pairwise(marks):
        covered = any(window.covers(start) for window in windows)
        found.append(Span(start, end, Shown.MAINTENANCE if covered else _at(start, turns, _before(system, changes))))
    return found


def _shown(state: str) -> Shown:
    return Shown(state) if state else Shown.UNKNOWN


def _before(system: System, changes: Sequence[HealthChange]) -> Shown:
    """Return the state in which the longest period began."""
    if changes:
        return _shown(changes[0].before)
    health = system.known_health
    return _shown(health.state if health else HealthState.UNKNOWN)


def _at(moment: dt.datetime, turns: Sequence[tuple[dt.datetime, Shown]], first: Shown) -> Shown:
    past = [state for since, state in turns if since <= moment]
    return past[-1] if past else first


def _within(found: Iterable[Span], start: dt.datetime, end: dt.datetime) -> Iterator[Span]:
    for span in found:
        if span.start < end and span.end > start:
            yield Span(max(span.start, start), min(span.end, end), span.shown)


def share(found: Sequence[Span]) -> float | None:
    """Return which part of the known time worked, 0 to 1; None when nothing is known. Maintenance does not count."""
    worked = sum((span.length for span in found if span.shown is Shown.HEALTHY), dt.timedelta())
    failed = sum((span.length for span in found if span.shown is Shown.FAILING), dt.timedelta())
    return worked / (worked + failed) if worked + failed else None


def _cells(found: Sequence[Span], start: dt.datetime, end: dt.datetime, count: int) -> Iterator[Cell]:
    step = (end - start) / count
    for place in range(count):
        begin = start + place * step
        inside = list(_within(found, begin, begin + step))
        shown = {span.shown for span in inside}
        worst = next((one for one in WORST if one in shown), Shown.UNKNOWN)
        yield Cell(begin, begin + step, worst, share(inside))


# What a piece in which several things happened is shown as.
WORST = (Shown.FAILING, Shown.MAINTENANCE, Shown.HEALTHY, Shown.UNKNOWN)
