"""A month of health for the demo's systems: most have worked, one fails, one is unstable, one is in maintenance.

The past cannot be made by the portal's rules, so it is written as they would have left it. From now on the schedule
checks the systems for real.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adgang.demo.people import by
from systems import monitoring
from systems.models import (
    CheckRun,
    HealthChange,
    HealthState,
    MaintenanceWindow,
    RunStatus,
    System,
    SystemHealth,
    Trigger,
)
from systems.subjects import hosts_of

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
DAYS = 30
TOOK_MS = 740


@dataclass(frozen=True)
class Past:
    """How a system fared: the times in which it failed, as (began, ended) before now; ended 0 is still going on."""

    failed: tuple[tuple[dt.timedelta, dt.timedelta], ...] = ()
    step: str = ""
    summary: str = ""
    unstable: bool = False


NOTHING = dt.timedelta()
PASTS: Mapping[str, Past] = {
    "postkasse": Past(),
    "fagsystem": Past(failed=((17 * DAY, 16.5 * DAY),), step="DIAL", summary="dial.timeout"),
    "sagsbasen": Past(failed=((2 * DAY, NOTHING),), step="TLS", summary="tls.expired"),
    "brevmotor": Past(
        failed=((9 * HOUR, 7 * HOUR), (5 * HOUR, 3 * HOUR)), step="DIAL", summary="dial.timeout", unstable=True
    ),
    "tilsyn": Past(failed=((8 * DAY, 7.8 * DAY),), step="BANNER", summary="smtp.unavailable"),
}
MAINTAINED = "fagsystem"


def make_health(systems: Mapping[str, System], *, at: dt.datetime) -> None:
    """Give the systems their past, and announce maintenance of one."""
    for key, past in PASTS.items():
        system = System.objects.with_page_data().get(pk=systems[key].pk)
        HealthChange.objects.filter(system=system).delete()  # what the demo's own check began
        CheckRun.objects.bulk_create(_runs(system, past, at))
        HealthChange.objects.bulk_create(_changes(system, past, at))
        _leave(system, past, at)
    window = MaintenanceWindow(
        system=systems[MAINTAINED], starts=at - HOUR, ends=at + 5 * HOUR, reason="Leverandøren flytter mailserveren"
    )
    monitoring.plan_maintenance(caller=by("sigurd"), window=window, at=at)


def _runs(system: System, past: Past, at: dt.datetime) -> Iterator[CheckRun]:
    """Yield a check a day, in the last day one an hour; what the demo itself checked comes last."""
    moments = [at - n * DAY for n in range(DAYS, 1, -1)] + [at - n * HOUR for n in range(24, 0, -1)]
    for moment in moments:
        failed = any(moment >= at - began and moment < at - ended for began, ended in past.failed)
        yield CheckRun(
            system=system,
            protocol=system.service_protocol,
            trigger=Trigger.SCHEDULED,
            status=RunStatus.FAILED if failed else RunStatus.PASSED,
            created=moment,
            queued_at=moment,
            claimed_at=moment,
            finished=moment + dt.timedelta(milliseconds=TOOK_MS),
            duration_ms=TOOK_MS,
            attempt=1,
            hosts=hosts_of(system),
            summary=past.summary if failed else "",
            failed_step=past.step if failed else "",
        )


def _changes(system: System, past: Past, at: dt.datetime) -> Iterator[HealthChange]:
    turns = [((DAYS + 1) * DAY, HealthState.UNKNOWN, HealthState.HEALTHY)]
    for began, ended in past.failed:
        turns.append((began, HealthState.HEALTHY, HealthState.FAILING))
        if ended:
            turns.append((ended, HealthState.FAILING, HealthState.HEALTHY))
    for ago, before, state in turns:
        summary = past.summary if state is HealthState.FAILING else ""
        yield HealthChange(
            system=system, before=before, state=state, since=at - ago, noticed=at - ago + 6 * MINUTE, summary=summary
        )


def _leave(system: System, past: Past, at: dt.datetime) -> None:
    """Leave the row as the last check would have: told already, so that the demo does not begin with mails."""
    last = HealthChange.objects.filter(system=system).latest("since")
    failing = last.state == HealthState.FAILING
    SystemHealth.objects.filter(system=system).update(
        state=last.state,
        state_since=last.since,
        failures=3 if failing else 0,
        passes=0 if failing else 2,
        row_since=last.since,
        last_step=past.step if failing else "",
        last_summary=last.summary,
        told="UNSTABLE" if past.unstable else last.state,
        unstable_since=at - 3 * HOUR if past.unstable else None,
        reminded=at if failing else None,
        next_check_at=at + 20 * MINUTE,
    )
