"""What the result of a check says of its system: kept with it, counted into its health, and the next check set."""

import datetime as dt

from django.utils import timezone

from adgang.lib.findings import Severity
from systems import outages, scheduling
from systems.health import note
from systems.models import CheckRun, HealthChange, System, SystemHealth
from systems.steps.recording import JSON, StepStatus
from systems.steps.subject import Subject
from systems.subjects import subject_of


def failed_step(steps: list[JSON]) -> str:
    """Return the code of the first step that failed; empty when none did."""
    return next((str(step["code"]) for step in steps if step["status"] == StepStatus.FAILED), "")


def deciding_code(steps: list[JSON]) -> str:
    """Return the code of the first of the worst findings; empty when nothing is wrong."""
    for severity in (Severity.ERROR, Severity.WARNING):
        for step in steps:
            for found in step["findings"]:
                if found["severity"] == severity:
                    return str(found["code"])
    return ""


def reread(system: System) -> System:
    """Return the system as it is now, which is the one given as long as its version is the same.

    Whoever changes it, or what belongs to it, raises its version; reading all of that costs more than the rest of a
    check's end. Raises System.DoesNotExist.
    """
    if System.objects.values_list("version", flat=True).get(pk=system.pk) == system.version:
        return system
    protocol = System.objects.values_list("service_protocol", flat=True).get(pk=system.pk)
    return System.objects.with_check_data(protocol).get(pk=system.pk)


def holds(subject: Subject, system: System, at: dt.datetime) -> bool:
    """Say whether what was checked is still what is set.

    A result of settings that were changed while the check ran is none: the new ones are checked at the next tick.
    """
    return _settings(subject_of(system, at=at)) == _settings(subject)


def count_result(run: CheckRun, health: SystemHealth, system: System) -> HealthChange | None:
    """Keep the result with the system, and when it is checked next; return a change of its state."""
    at = run.finished or timezone.now()
    health.last_check, health.last_check_status = run.finished, run.status
    health.last_passed = run.finished if run.has_passed else health.last_passed
    outage = outages.current() if run.newly_unreachable else None  # only such a run can be the fault of an outage
    change = note(health, run, organisation_id=system.organisation_id, outage=outage, at=at)
    health.next_check_at = scheduling.next_time(
        health, run, is_default_recipient=system.is_default_recipient, outage=outage, at=at
    )
    health.save(update_fields=WRITTEN)
    return change


# What people and the system itself write into the row meanwhile is left alone.
WRITTEN = [
    *("last_check", "last_check_status", "last_passed", "next_check_at", "state", "state_since", "failures", "passes"),
    *("row_since", "last_step", "last_summary", "told", "unstable_since"),
]


def _settings(subject: Subject) -> JSON:
    """Return what a check is about, without what changes by itself or says only how far it went."""
    return subject.as_json() | dict.fromkeys(("last_seen", "probes", "deliver_to"), "")
