"""Results of checks, as a worker would bring them, without dialling anything."""

import datetime as dt
import uuid

from django.utils import timezone

from systems import outages, scheduling
from systems.health import note
from systems.models import CheckRun, RunStatus, System, SystemHealth, Trigger


def result(
    system: System,
    *,
    passed: bool = False,
    at: dt.datetime | None = None,
    step: str = "DIAL",
    summary: str = "dial.timeout",
    trigger: Trigger = Trigger.SCHEDULED,
) -> CheckRun:
    """Count a finished run into the system's health, as `checking.finish` does."""
    now = at or timezone.now()
    health = SystemHealth.objects.get(system=system)
    run = CheckRun(
        id=uuid.uuid4(),
        system=system,
        protocol=system.service_protocol,
        trigger=trigger,
        status=RunStatus.PASSED if passed else RunStatus.FAILED,
        created=now,
        queued_at=now,
        claimed_at=now,
        finished=now,
        summary="" if passed else summary,
        failed_step="" if passed else step,
        hosts=scheduling.hosts_of(system),
    )
    run.newly_unreachable = outages.is_new(run, health)
    run.save(force_insert=True)
    health.last_check, health.last_check_status = now, run.status
    outage = outages.current()
    note(health, run, organisation_id=system.organisation_id, outage=outage, at=now)
    health.next_check_at = scheduling.next_time(
        health, run, is_default_recipient=system.is_default_recipient, outage=outage, at=now
    )
    health.save()
    return run
