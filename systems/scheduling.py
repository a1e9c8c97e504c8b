"""When each system is checked next, and the tick that starts what is due.

Daily, hourly for the default recipient; after failures 1, 5, 15, 60 minutes later, then hourly. A host sees at most
eight checks at once that people did not ask for, and after a key or certificate that it refused none of them for ten
minutes: servers lock out who comes back too often with the wrong key, and with us they would lock out everybody.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from adgang.lib.queueing import after_commit
from organisations import heartbeat, maintenance
from systems import outages
from systems.models import CheckRun, Outage, System, SystemHealth, Trigger
from systems.models.system import SystemQuerySet
from systems.subjects import hosts_of

MINUTE = dt.timedelta(minutes=1)
DAILY, HOURLY = dt.timedelta(days=1), dt.timedelta(hours=1)
RETRIES = (MINUTE, 5 * MINUTE, 15 * MINUTE)
JITTER = 0.1
BATCH = 500
# So many wait at most: a worker of sixteen threads has done with them before a person would wonder.
MOST_OPEN = 3000
PER_HOST = 8
AUTHENTICATION = ("KEY_ACCEPTED", "LOGIN", "CLIENT_CERTIFICATE")
HOST_RESTS = 10 * MINUTE
# Until its run has ended, a system that was started is not due; one whose run was lost is, after this.
IF_LOST = 15 * MINUTE
HEARTBEAT = "schedule"
# The same work as a check that a person asks for, on a queue of its own: whoever clicks waits behind nobody.
TASK = "systems.check_system_on_schedule"


def interval(*, is_default_recipient: bool) -> dt.timedelta:
    """Return how often a system that works is checked."""
    return HOURLY if is_default_recipient else DAILY


def next_time(
    health: SystemHealth, run: CheckRun, *, is_default_recipient: bool, outage: Outage | None, at: dt.datetime
) -> dt.datetime:
    """Return when the system is checked again after `run`, whose result is counted into `health`; spread by chance."""
    if run.has_passed:
        wait = interval(is_default_recipient=is_default_recipient)
    elif run.failed_step in AUTHENTICATION:
        wait = HOURLY
    elif outage is not None and run.newly_unreachable:
        wait = outages.LOOK_AGAIN
    else:
        wait = RETRIES[health.failures - 1] if 1 <= health.failures <= len(RETRIES) else HOURLY
    return at + spread(wait)


def spread(wait: dt.timedelta) -> dt.timedelta:
    """Return about that long, up to a tenth more or less: what began together does not stay together."""
    return wait * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 – chance, not a secret


@dataclass
class Hosts:
    """How many scheduled checks each host has now, and which rest because they refused a key."""

    open: Counter[str] = field(default_factory=Counter)
    resting: set[str] = field(default_factory=set)

    @classmethod
    def now(cls, at: dt.datetime) -> "Hosts":
        """Return what the runs say."""
        scheduled = CheckRun.objects.filter(trigger=Trigger.SCHEDULED)
        refused = scheduled.filter(failed_step__in=AUTHENTICATION, finished__gt=at - HOST_RESTS)
        return cls(
            Counter(host for hosts in scheduled.open().values_list("hosts", flat=True) for host in hosts),
            {host for hosts in refused.values_list("hosts", flat=True) for host in hosts},
        )

    def take(self, hosts: Iterable[str]) -> dt.timedelta | None:
        """Count one more check of the hosts, or return how long it must wait."""
        wanted = list(hosts)
        if self.resting & set(wanted):
            return HOST_RESTS
        if any(self.open[host] >= PER_HOST for host in wanted):
            return MINUTE
        self.open.update(wanted)
        return None


def tick(*, at: dt.datetime) -> int:
    """Judge whether the fault is ours, and start what is due, in batches; returns how many were started.

    While the portal is being maintained, what is due rests: it is started as soon as that is over.
    """
    if maintenance.is_on(at=at):
        heartbeat.beat(HEARTBEAT, at=at)
        return 0
    outages.watch(at=at)
    hosts, started = Hosts.now(at), 0
    room = MOST_OPEN - CheckRun.objects.open().filter(trigger=Trigger.SCHEDULED).count()
    while started < room:
        batch = list(due(at)[: min(BATCH, room - started)])
        if not batch:
            break
        started += _start(batch, hosts, at)
    heartbeat.beat(HEARTBEAT, at=at)
    return started


def watched(at: dt.datetime) -> SystemQuerySet:
    """Return the systems that are checked on schedule: in service, and not taken off by their people."""
    return System.objects.in_service(at).exclude(monitoring__monitored=False)


def due(at: dt.datetime) -> SystemQuerySet:
    """Return the watched systems whose time has come, those that have waited longest first; none with an open run."""
    under_way = CheckRun.objects.open().filter(system=OuterRef("pk"))
    come = Q(health__next_check_at=None) | Q(health__next_check_at__lte=at)
    found = watched(at).filter(come, ~Exists(under_way), health__isnull=False)
    return found.order_by(F("health__next_check_at").asc(nulls_first=True), "pk")


@transaction.atomic
def _start(systems: Iterable[System], hosts: Hosts, at: dt.datetime) -> int:
    """Start a batch; what its host has no room for is put off, so that it holds up nothing behind it."""
    runs, times = [], {}
    for system in systems:
        dialled = hosts_of(system)
        wait = hosts.take(dialled)
        times[system.pk] = at + (IF_LOST if wait is None else spread(wait))
        if wait is None:
            runs.append(_run(system, dialled, at))
    # Two ticks at once, or a person who asks meanwhile: at most one run of a system is open.
    CheckRun.objects.bulk_create(runs, ignore_conflicts=True)
    made = set(CheckRun.objects.filter(pk__in=[run.pk for run in runs]).values_list("pk", flat=True))
    health = [SystemHealth(system_id=pk, next_check_at=time) for pk, time in times.items()]
    SystemHealth.objects.bulk_update(health, ["next_check_at"])
    for run in runs:
        if run.pk in made:
            after_commit(TASK, run_id=str(run.pk))
    return len(made)


def _run(system: System, hosts: list[str], at: dt.datetime) -> CheckRun:
    return CheckRun(
        system=system,
        protocol=system.service_protocol,
        trigger=Trigger.SCHEDULED,
        created=at,
        queued_at=at,
        hosts=hosts,
    )
