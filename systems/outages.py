"""When many checks fail to connect at once, the fault is presumed to be ours, and the operator is alarmed.

At least 30 % and 20 of the runs of ten minutes must newly fail to look up or to connect. While that lasts, such
failures are not counted, no mail about health is sent, and what failed is looked at again every five minutes. It is
over when fewer than 30 % of those that failed still do, or when an operator says that it is not ours. Then those that
still fail are checked anew from the beginning: what really fails is told, after as many failures as always.
"""

import datetime as dt
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry, record
from organisations.mail import queue_mail
from organisations.models import Privilege, User
from organisations.rights import PrivilegeType
from systems.models import CheckRun, HealthChange, HealthState, Outage, System, SystemHealth

log = structlog.get_logger("adgang.health")

WINDOW = dt.timedelta(minutes=10)
SHARE, LEAST = 0.3, 20
LOOK_AGAIN = dt.timedelta(minutes=5)
RESPITE = dt.timedelta(hours=1)
CONNECTING = ("RESOLVE", "DIAL")
ALARM = "outage_presumed"
LANGUAGE = "da"


@dataclass(frozen=True)
class Seen:
    """The runs of a window: how many ended with a result, and how many of them newly failed to connect."""

    runs: int
    failed: int

    @property
    def is_suspicious(self) -> bool:
        """Whether so many fail that the fault must be ours."""
        return self.failed >= LEAST and self.failed >= SHARE * self.runs


def current() -> Outage | None:
    """Return the open outage, if there is one."""
    return Outage.objects.filter(is_open=True).first()


def is_new(run: CheckRun, health: SystemHealth | None) -> bool:
    """Say whether a finished run could not connect to a system that is not known to fail."""
    return run.failed_step in CONNECTING and (health is None or not health.is_failing)


def seen(*, since: dt.datetime, until: dt.datetime) -> Seen:
    """Return what the runs showed that ended between two moments."""
    runs = CheckRun.objects.with_result().filter(finished__gt=since, finished__lte=until)
    counted = runs.aggregate(runs=Count("pk"), failed=Count("pk", filter=Q(newly_unreachable=True)))
    return Seen(**counted)


def watch(*, at: dt.datetime) -> Outage | None:
    """Open an outage when too many fail, close the open one when it is over; return the one that is open now."""
    outage = current()
    if outage is None:
        found = seen(since=_earliest(at), until=at)
        return _open(found, at) if found.is_suspicious else None
    held = held_back(at).count()
    if held > outage.failed:
        outage.failed = held
        outage.save(update_fields=["failed"])
    if held < SHARE * outage.failed:
        end(outage, at=at, caller=Caller.task("schedule_checks"))
        return None
    return outage


def _earliest(at: dt.datetime) -> dt.datetime:
    """Return from when on runs are counted: after the last outage, and for a while after a person's word none."""
    last = Outage.objects.filter(is_open=False, ended__gt=at - RESPITE).first()
    if last is None or last.ended is None:
        return at - WINDOW
    return max(at - WINDOW, last.ended) if last.ended_by_id is None else at


def held_back(at: dt.datetime) -> QuerySet[System]:
    """Return the watched systems that could not be reached last time, and do not count as failing."""
    watched = System.objects.in_service(at).exclude(monitoring__monitored=False)
    return watched.filter(health__last_step__in=CONNECTING).exclude(health__state=HealthState.FAILING)


def _open(found: Seen, at: dt.datetime) -> Outage | None:
    try:
        with transaction.atomic():
            outage = Outage.objects.create(started=at, runs=found.runs, failed=found.failed)
            undone = _take_back(at)
            for address, language in _operators(at).items():
                queue_mail(kind=ALARM, to=address, object_id=outage.pk, language=language)
            after = {"runs": found.runs, "failed": found.failed, "undone": undone}
            record(Caller.task("schedule_checks"), None, Entry(tag=Tag.OUTAGE_PRESUMED, obj=outage, after=after))
    except IntegrityError:  # another tick was first
        return current()
    log.error("the fault is presumed ours", runs=found.runs, failed=found.failed)
    return outage


def _take_back(at: dt.datetime) -> int:
    """Take back the states that the last minutes brought about in this way, and that nobody was told of."""
    turned = SystemHealth.objects.select_for_update().filter(
        state=HealthState.FAILING, last_step__in=CONNECTING, state_since__gt=at - WINDOW
    )
    ids = list(turned.exclude(told=HealthState.FAILING).values_list("system_id", flat=True))
    changes = HealthChange.objects.filter(system__in=ids, state=HealthState.FAILING, noticed__gt=at - WINDOW)
    for change in changes:
        SystemHealth.objects.filter(system=change.system_id).update(
            state=change.before, state_since=None, failures=0, row_since=None, unstable_since=None
        )
    count, _ = changes.delete()
    return count


def _operators(at: dt.datetime) -> dict[str, str]:
    """Return the operator's own address and the system managers, each with its language."""
    held = Privilege.objects.active(at).filter(type=PrivilegeType.SYSTEM_MANAGER)
    managers = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
    people = {user.email: user.language for user in managers}
    return ({settings.ADGANG_OPERATOR_EMAIL: LANGUAGE} if settings.ADGANG_OPERATOR_EMAIL else {}) | people


def end(outage: Outage, *, at: dt.datetime, caller: Caller) -> bool:
    """Close the outage and let what failed meanwhile be checked anew; False when it is over already.

    A caller who is a person says that the fault is not ours, and the log keeps who.
    """
    with transaction.atomic():
        closed = Outage.objects.filter(pk=outage.pk, is_open=True).update(is_open=False, ended=at, ended_by=caller.user)
        if not closed:
            return False
        held = SystemHealth.objects.filter(last_step__in=CONNECTING).exclude(state=HealthState.FAILING)
        # Spread by the schedule's own limits; from the beginning, so that three failures are three new ones.
        held.update(next_check_at=at, failures=0, row_since=None)
        record(caller, None, Entry(tag=Tag.OUTAGE_ENDED, obj=outage, after={"by_hand": caller.user is not None}))
    log.warning("the fault is presumed ours no more", by_hand=caller.user is not None)
    return True
