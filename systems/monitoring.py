"""What people decide about monitoring: a system's flags, an organisation's rules, maintenance windows."""

import datetime as dt

from django.db import transaction

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import StaleVersion, check_version, save_version
from adgang.lib.snapshots import snapshot
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Organisation
from systems.models import HealthRules, MaintenanceWindow, Monitoring, System, SystemHealth
from systems.writing import entry, record

LONGEST = dt.timedelta(days=14)
MOST_WINDOWS = 20


def monitoring_of(system: System) -> Monitoring:
    """Return the system's flags; a row that is not saved yet where nobody has changed them."""
    return getattr(system, "monitoring", None) or Monitoring(system=system)


def rules_of(organisation: Organisation) -> HealthRules:
    """Return the organisation's rules; a row that is not saved yet where nobody has changed them."""
    return HealthRules.objects.filter(organisation=organisation).first() or HealthRules(organisation=organisation)


@transaction.atomic
def change_monitoring(*, caller: Caller, system: System, flags: Monitoring, version: int) -> None:
    """Save a system's flags on top of `version` and record it. Raises `StaleVersion`."""
    before = _told(Monitoring.objects.filter(system=system).first() or Monitoring(system=system))
    if flags.monitored and not before["monitored"]:
        SystemHealth.objects.filter(system=system).update(next_check_at=None)
    _save(flags, version)
    after = _told(flags)
    done = entry(system, tag=Tag.MONITORING_CHANGED, before=before, after=after)
    record(caller, system.organisation, [done])


def _told(flags: Monitoring) -> dict[str, bool]:
    return {"monitored": flags.monitored, "alerting": flags.alerting}


@transaction.atomic
def change_rules(*, caller: Caller, organisation: Organisation, rules: HealthRules, version: int) -> None:
    """Save an organisation's rules on top of `version` and record it. Raises `StaleVersion`."""
    stored = HealthRules.objects.filter(organisation=organisation).first() or HealthRules(organisation=organisation)
    before = {"failures": stored.failures, "passes": stored.passes}
    _save(rules, version)
    after = {"failures": rules.failures, "passes": rules.passes}
    record(
        caller,
        organisation,
        [Entry(tag=Tag.HEALTH_RULES_CHANGED, obj=organisation, before=before, after=after)],
    )


def _save(row: Monitoring | HealthRules, version: int) -> None:
    """Save a row that may be there or not: the first to make it wins, the second is told."""
    if not row._state.adding:
        save_version(row, version=version)
        return
    owner = {"system": row.system} if isinstance(row, Monitoring) else {"organisation": row.organisation}
    model = type(row)
    values = {name: value for name, value in snapshot(row).items() if name not in owner}
    stored, made = model._default_manager.get_or_create(**owner, defaults=values | {"id": row.pk})
    if not made:
        raise StaleVersion(stored)


@transaction.atomic
def plan_maintenance(*, caller: Caller, window: MaintenanceWindow, at: dt.datetime) -> list[Finding]:
    """Keep a window for its system; returns what refuses it. Sent twice, it is there once."""
    SystemHealth.objects.select_for_update().filter(system=window.system).first()  # one at a time
    if refused := _refusals(window, at):
        return refused
    same = MaintenanceWindow.objects.standing().filter(
        system=window.system, starts=window.starts, ends=window.ends, reason=window.reason
    )
    if same.exists():
        return []
    window.made_by = caller.user
    window.save(force_insert=True)
    done = entry(window.system, tag=Tag.MAINTENANCE_PLANNED, after=_window(window), reason=window.reason)
    record(caller, window.system.organisation, [done])
    return []


def _refusals(window: MaintenanceWindow, at: dt.datetime) -> list[Finding]:
    if window.ends <= at:
        return [finding("maintenance.over")]
    if window.ends <= window.starts:
        return [finding("maintenance.ends_before_it_begins")]
    if window.ends - window.starts > LONGEST:
        return [finding("maintenance.too_long", days=LONGEST.days)]
    standing = MaintenanceWindow.objects.standing().filter(system=window.system, ends__gt=at)
    return [finding("maintenance.too_many", most=MOST_WINDOWS)] if standing.count() >= MOST_WINDOWS else []


@transaction.atomic
def cancel_maintenance(*, caller: Caller, window: MaintenanceWindow, version: int, at: dt.datetime) -> list[Finding]:
    """Call a window off, or end the one that is running now. Returns what refuses it. Raises `StaleVersion`."""
    check_version(window, version=version)
    if window.cancelled is not None or window.ends <= at:
        return [finding("maintenance.over")]
    before = _window(window)
    if window.starts < at:
        window.ends = at
    else:
        window.cancelled = at
    save_version(window, version=version)
    done = entry(window.system, tag=Tag.MAINTENANCE_CANCELLED, before=before, after=_window(window))
    record(caller, window.system.organisation, [done])
    return []


def _window(window: MaintenanceWindow) -> dict[str, object]:
    values = snapshot(window)
    return {name: values[name] for name in ("starts", "ends", "reason", "cancelled")}
