"""The seven-day rule: a recipient system to which nothing could be delivered for seven days is deactivated.

A delivery is a message that Digital Post handed over, or tried to, and that somebody reported here
(`manage.py record_deliveries`). A check is none, nor is a test message: they show what would happen, not that post was
lost. One that arrived begins the count anew. Without attempts nothing happens: the day counts only while deliveries
are still tried. Warnings come after 1, 3, 5 and 6 days, and when the seven are over. Whether the system is then taken
out of service here is a setting, off by default: in Digital Post itself the registry decides.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from adgang.lib.registered import StaleVersion
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.mail import queue_mail
from organisations.mail_topics import Topic
from systems.health_readers import readers
from systems.models import DeliveryTally, System
from systems.writing import stored, told, write

DAY = dt.timedelta(days=1)
LIMIT = 7  # days
WARNINGS = (1, 3, 5, 6, LIMIT)
STILL_TRIED = DAY
WARNING = "delivery_warning"
CALLER = "watch_deliveries"


@dataclass(frozen=True)
class Report:
    """One delivery to a system, and whether it arrived."""

    system_id: uuid.UUID
    at: dt.datetime
    delivered: bool


@dataclass(frozen=True)
class Countdown:
    """How long nothing could be delivered: whole days gone and left, the last attempt, and when the seven are over."""

    since: dt.datetime
    until: dt.datetime
    last_failed: dt.datetime
    gone: int
    left: int


def note(reports: Iterable[Report]) -> int:
    """Count reports in the order of their times; returns how many. Older ones than what is known change nothing."""
    count = 0
    for report in sorted(reports, key=lambda one: one.at):
        with transaction.atomic():
            DeliveryTally.objects.get_or_create(system_id=report.system_id)
            tally = DeliveryTally.objects.select_for_update().get(system_id=report.system_id)
            _count(tally, report)
            tally.save()
        count += 1
    return count


def _count(tally: DeliveryTally, report: Report) -> None:
    if report.delivered:
        tally.last_delivered = max(tally.last_delivered or report.at, report.at)
        if tally.failing_since and report.at >= (tally.last_failed or report.at):
            tally.failing_since, tally.failed, tally.warned = None, 0, 0
        elif tally.failing_since and report.at >= tally.failing_since:
            tally.failing_since, tally.warned = tally.last_failed, 0
        return
    if tally.last_delivered and report.at <= tally.last_delivered:
        return
    if tally.last_failed and report.at <= tally.last_failed:
        return
    tally.failing_since = tally.failing_since or report.at
    tally.last_failed, tally.failed = report.at, tally.failed + 1


def countdown(tally: DeliveryTally | None, *, at: dt.datetime) -> Countdown | None:
    """Return how far the rule has come; None while deliveries arrive, or are not tried any more."""
    if tally is None or tally.failing_since is None or tally.last_failed is None:
        return None
    if tally.last_failed < at - STILL_TRIED:
        return None
    gone = min((at - tally.failing_since) // DAY, LIMIT)
    until = tally.failing_since + LIMIT * DAY
    return Countdown(tally.failing_since, until, tally.last_failed, gone, LIMIT - gone)


def watch(*, at: dt.datetime) -> int:
    """Warn of, and if so set deactivate, every system for which a day has come; returns for how many."""
    tallies = DeliveryTally.objects.filter(failing_since__lte=at - DAY, warned__lt=LIMIT)
    due = tallies.filter(system__in=System.objects.in_service(at).filter(is_recipient=True))
    return sum(_warn(pk, at) for pk in list(due.values_list("system_id", flat=True)))


def _warn(system_id: uuid.UUID, at: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            tally = DeliveryTally.objects.select_for_update().filter(system=system_id).first()
            count = countdown(tally, at=at)
            day = max((day for day in WARNINGS if count and day <= count.gone), default=0)
            system = stored(system_id)
            if tally is None or system is None or day <= tally.warned:
                return False
            DeliveryTally.objects.filter(pk=tally.pk).update(warned=day)
            for address, language in readers(system, Topic.SEVEN_DAYS, at).items():
                queue_mail(
                    kind=WARNING,
                    to=address,
                    organisation=system.organisation,
                    object_id=system.pk,
                    language=language,
                )
            if day == LIMIT and settings.ADGANG_AUTO_DEACTIVATE:
                _deactivate(system, at)
    except StaleVersion:  # somebody saves it at this very moment: the next tick finds the same
        return False
    return True


def _deactivate(system: System, at: dt.datetime) -> None:
    before = told(system)
    system.active_to = at
    reason = f"nothing could be delivered for {LIMIT} days"
    tag = Tag.SYSTEM_AUTO_DEACTIVATED
    write(caller=Caller.task(CALLER), system=system, version=system.version, tag=tag, before=before, reason=reason)
