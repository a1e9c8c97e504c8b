"""The state of a system, from the results of its checks: failing after some in a row, working again after some others.

What is known is true of the settings it was found with: when those change, what single checks showed is forgotten. The
state is kept until new checks say otherwise, so whoever was told that a system fails is also told that it works again.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from organisations.event_tags import Tag
from organisations.events import Entry
from systems.models import CheckRun, HealthChange, HealthRules, HealthState, Outage, System, SystemHealth
from systems.models.monitoring import FAILURES, PASSES

# What a check dials, or shows to the other end.
DIALLED = (
    "service_protocol",
    "is_sender",
    "is_recipient",
    "endpoint",
    "receipt_endpoint",
    "sftp_host",
    "sftp_port",
    "smtp_relay_host",
    "smtp_relay_port",
    "ssh_username",
    "ssh_key_id",
)
# A state that turned this often within a day is told once, as unstable, and again when it has kept still.
UNSTABLE_CHANGES, UNSTABLE_WITHIN = 4, dt.timedelta(hours=24)
STILL_AFTER = dt.timedelta(hours=6)


@dataclass(frozen=True)
class Thresholds:
    """How many results in a row change a state."""

    failures: int = FAILURES
    passes: int = PASSES


def thresholds(organisation_id: uuid.UUID) -> Thresholds:
    """Return what the organisation wants to see before a state changes."""
    row = HealthRules.objects.filter(organisation=organisation_id).values_list("failures", "passes").first()
    return Thresholds(*row) if row else Thresholds()


def dials_the_same(before: System, after: System) -> bool:
    """Say whether a check of the one is a check of the other."""
    return all(getattr(before, field) == getattr(after, field) for field in DIALLED)


def forget_checks(system: System) -> None:
    """Empty the results of checks, and a person's confirmation, for what was checked is another thing now.

    A renewed certificate is no such thing: its own dates say whether it counts. The history of checks is kept, and so
    is the state; the next tick checks anew.
    """
    SystemHealth.objects.filter(system=system).update(
        last_check=None,
        last_check_status="",
        last_passed=None,
        confirmed=None,
        confirmed_by=None,
        confirmed_reason="",
        next_check_at=None,
        failures=0,
        passes=0,
        row_since=None,
        last_step="",
        last_summary="",
    )


def note(
    health: SystemHealth, run: CheckRun, *, organisation_id: uuid.UUID, outage: Outage | None, at: dt.datetime
) -> HealthChange | None:
    """Count the result of a finished run into the row, which the caller has locked and saves; return a changed state.

    While the fault is presumed ours (`outage`), a failure to connect says nothing of the system and is not counted.
    """
    health.last_step, health.last_summary = run.failed_step, run.summary
    if run.newly_unreachable and outage is not None:
        return None
    _count(health, passed=run.has_passed, at=at)
    state = _state(health, organisation_id)
    if state == health.state:
        return None
    change = HealthChange(
        system_id=run.system_id,
        before=health.state,
        state=state,
        since=health.row_since or at,
        noticed=at,
        run=run.pk,
        summary=run.summary,
    )
    _turn(health, change)
    change.save(force_insert=True)
    return change


def _count(health: SystemHealth, *, passed: bool, at: dt.datetime) -> None:
    continues = health.passes if passed else health.failures
    health.row_since = health.row_since if continues else at
    health.passes = health.passes + 1 if passed else 0
    health.failures = 0 if passed else health.failures + 1


def _state(health: SystemHealth, organisation_id: uuid.UUID) -> HealthState:
    """Return the state after the last result. The first pass of a system that nothing is known of is enough.

    The organisation's thresholds are asked for only when the result speaks against the state.
    """
    state = HealthState(health.state)
    failing, passed = state is HealthState.FAILING, health.passes > 0
    if passed != failing:
        return HealthState.HEALTHY if passed else state
    wanted = thresholds(organisation_id)
    if passed:
        return HealthState.HEALTHY if health.passes >= wanted.passes else state
    return HealthState.FAILING if health.failures >= wanted.failures else state


def _turn(health: SystemHealth, change: HealthChange) -> None:
    health.state, health.state_since = change.state, change.since
    if change.state == HealthState.HEALTHY and health.told == HealthState.UNKNOWN:
        health.told = HealthState.HEALTHY  # that a new system works is no news
    if change.before == HealthState.UNKNOWN:
        return  # the first change of all
    recent = HealthChange.objects.filter(system=change.system_id, noticed__gt=change.noticed - UNSTABLE_WITHIN)
    if health.unstable_since is None and recent.count() + 1 >= UNSTABLE_CHANGES:
        health.unstable_since = change.noticed


def entry(system: System, change: HealthChange) -> Entry | None:
    """Return the event of a change; none for the first thing that is known of a system, when it works."""
    if change.before == HealthState.UNKNOWN and change.state == HealthState.HEALTHY:
        return None
    return Entry(
        tag=Tag.SYSTEM_HEALTH_CHANGED,
        obj=system,
        before={"health": change.before},
        after={"health": change.state, "since": change.since.isoformat(), "summary": change.summary},
        system_id=system.pk,
    )


def settle(*, at: dt.datetime) -> int:
    """End the instability of systems whose state has kept still; returns of how many. Their state is told anew."""
    unstable = SystemHealth.objects.filter(unstable_since__isnull=False)
    moved = HealthChange.objects.filter(noticed__gt=at - STILL_AFTER).values("system_id")
    return unstable.exclude(system__in=moved).update(unstable_since=None)
