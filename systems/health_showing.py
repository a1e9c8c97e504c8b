"""A system's health as its pages show it."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib.templatetags.adgang import badge
from systems import availability, health_pictures
from systems.availability import Cell, Period
from systems.deliveries import DAY, LIMIT, Countdown, countdown
from systems.lifecycle import in_service
from systems.models import CheckRun, HealthChange, HealthState, MaintenanceWindow, Monitoring, System
from systems.monitoring import monitoring_of

SHOWN_RUNS = 40
SHOWN_CHANGES = 20
COLOURS = {HealthState.HEALTHY: "success", HealthState.FAILING: "error", HealthState.UNKNOWN: ""}


def titles() -> dict[str, str]:
    """Return what the periods are called."""
    return {"day": _("The last 24 hours"), "week": _("The last 7 days"), "month": _("The last 30 days")}


def state_badge(system: System) -> SafeString:
    """Return the state of a system's health in a coloured box."""
    health = system.known_health
    state = HealthState(health.state) if health else HealthState.UNKNOWN
    if health and health.unstable_since:
        return badge(_("Unstable"), "warning")
    return badge(state.label, COLOURS[state])


@dataclass(frozen=True)
class Row:
    """A period with its title, its share in words and its strip."""

    title: str
    share: str
    strip: SafeString
    period: Period

    @property
    def cells(self) -> list[Cell]:
        """The pieces of the strip, for the table."""
        return self.period.cells


def rows(system: System, *, at: dt.datetime) -> list[Row]:
    """Return the three periods of a system from `availability.with_history`."""
    found = []
    for key, title in titles().items():
        period = availability.period(system, key, at=at)
        strip = health_pictures.period_strip(period, title)
        found.append(Row(title, health_pictures.percent(period.share), strip, period))
    return found


class HealthView:
    """What is shown of the health of one system, from `System.objects.with_page_data()`."""

    def __init__(self, system: System, *, at: dt.datetime, may_change: bool) -> None:
        self.system, self.at, self.may_change = system, at, may_change

    @cached_property
    def countdown(self) -> Countdown | None:
        """How far the seven-day rule has come."""
        return countdown(getattr(self.system, "deliveries", None), at=self.at) if self.system.is_recipient else None

    @property
    def is_automatic(self) -> bool:
        """Whether the rule takes systems out of service here."""
        return bool(settings.ADGANG_AUTO_DEACTIVATE)

    @property
    def would_end(self) -> dt.datetime | None:
        """When the rule would strike if deliveries fared as the checks do; None with a count, or without a fault."""
        health = self.system.known_health
        if self.countdown or health is None or not health.is_failing or not self.system.is_recipient:
            return None
        return health.state_since + LIMIT * DAY if health.state_since and self.is_watched else None

    @property
    def badge(self) -> SafeString:
        """The state in a coloured box."""
        return state_badge(self.system)

    @cached_property
    def flags(self) -> Monitoring:
        """Whether it is checked on schedule, and whether mails are sent."""
        return monitoring_of(self.system)

    @property
    def is_watched(self) -> bool:
        """Whether it is checked on schedule now."""
        return self.flags.monitored and in_service(self.system, self.at)

    @property
    def why_not_watched(self) -> str:
        """Why it is not checked on schedule."""
        if not self.flags.monitored:
            return _("Scheduled checks are switched off for this system.")
        return _("The system is not in service, so it is not checked on schedule.")

    @cached_property
    def rows(self) -> list[Row]:
        """The three periods."""
        found = System.objects.select_related("health").filter(pk=self.system.pk)
        return rows(availability.with_history(found, at=self.at).get(), at=self.at)

    @cached_property
    def runs(self) -> list[CheckRun]:
        """The last runs that are over, oldest first."""
        over = CheckRun.objects.finished().filter(system=self.system).defer("steps", "target")
        return list(over.newest_first()[:SHOWN_RUNS])[::-1]

    @property
    def runs_strip(self) -> SafeString:
        """The strip of the last runs."""
        return health_pictures.runs_strip(self.runs)

    @property
    def newest_runs(self) -> list[CheckRun]:
        """The last runs, newest first, for the table."""
        return self.runs[::-1]

    @cached_property
    def windows(self) -> list[MaintenanceWindow]:
        """Maintenance that is under way or to come."""
        standing = MaintenanceWindow.objects.standing().filter(system=self.system, ends__gt=self.at)
        return list(standing.select_related("made_by"))

    @property
    def window_now(self) -> MaintenanceWindow | None:
        """Maintenance that is under way."""
        return next((window for window in self.windows if window.covers(self.at)), None)

    @cached_property
    def changes(self) -> list[HealthChange]:
        """The latest changes of the state, newest first."""
        return list(HealthChange.objects.filter(system=self.system).order_by("-since")[:SHOWN_CHANGES])
