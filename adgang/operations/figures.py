"""Figures of the installation as the database has them, each in one query, for monitor, page and command alike."""

import datetime as dt
import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, Min, Q

from certificates.models import RevocationList
from certificates.revocation.addresses import crl_address
from organisations import mail
from organisations.models import Heartbeat, Job, Mail, Session, Webhook, WebhookDelivery
from organisations.models.job import JobStatus
from systems.models import CheckRun, RunStatus, Trigger
from systems.sweeping import FIRST_PATIENCE, RUN_LIMIT

LATELY = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Line:
    """Work of one kind that waits: how much, and since when the oldest."""

    waiting: int
    oldest: dt.datetime | None

    def age(self, at: dt.datetime) -> float:
        """Return the seconds since the oldest began to wait; 0 when nothing does."""
        return max(0.0, (at - self.oldest).total_seconds()) if self.oldest else 0.0


@dataclass(frozen=True)
class Runs:
    """The open checks: those of people and of the schedule that wait, how many run, how many are stuck."""

    people: Line
    scheduled: Line
    running: int
    stuck: int


@dataclass(frozen=True)
class Mails:
    """The outbox: what waits, and what was given up after many tries."""

    line: Line
    given_up: int
    last_error: str = ""


@dataclass(frozen=True)
class Webhooks:
    """Webhooks that fail or were switched off for it, and messages that wait."""

    failing: int
    switched_off: int
    line: Line


@dataclass(frozen=True)
class Lists:
    """Revocation lists: when the oldest was made, and the issuers whose list is missing or has run out."""

    oldest: dt.datetime | None
    missing: list[RevocationList]


@dataclass(frozen=True)
class Disk:
    """The disk that holds the portal's folder, in bytes."""

    free: int
    total: int

    @property
    def percent_free(self) -> int:
        """How much of it is free."""
        return self.free * 100 // self.total if self.total else 0


def stuck_runs(at: dt.datetime) -> Q:
    """Return the condition for checks that should be over or begun."""
    return Q(status=RunStatus.QUEUED, created__lte=at - FIRST_PATIENCE) | Q(
        status=RunStatus.RUNNING, claimed_at__lt=at - RUN_LIMIT
    )


def runs(*, at: dt.datetime) -> Runs:
    """Return what is to be said of the open checks."""
    queued, scheduled = Q(status=RunStatus.QUEUED), Q(trigger=Trigger.SCHEDULED)
    found = CheckRun.objects.open().aggregate(
        people=Count("pk", filter=queued & ~scheduled),
        people_oldest=Min("created", filter=queued & ~scheduled),
        scheduled=Count("pk", filter=queued & scheduled),
        scheduled_oldest=Min("created", filter=queued & scheduled),
        running=Count("pk", filter=~queued),
        stuck=Count("pk", filter=stuck_runs(at)),
    )
    return Runs(
        Line(found["people"], found["people_oldest"]),
        Line(found["scheduled"], found["scheduled_oldest"]),
        found["running"],
        found["stuck"],
    )


def results(*, at: dt.datetime) -> dict[tuple[str, str], int]:
    """Return how many checks ended within ten minutes, by protocol and result."""
    ended = CheckRun.objects.finished().filter(finished__gt=at - LATELY).order_by()
    rows = ended.values_list("protocol", "status").annotate(count=Count("pk"))
    return {(protocol, status): count for protocol, status, count in rows}


def heartbeats() -> dict[str, dt.datetime]:
    """Return when each part of the installation last showed life."""
    return dict(Heartbeat.objects.values_list("name", "beat"))


def mails() -> Mails:
    """Return how the outbox stands."""
    waits, given_up = Q(next_attempt__isnull=False), Q(next_attempt=None) & ~Q(error=mail.NOT_WANTED)
    found = Mail.objects.filter(sent=None).aggregate(
        waiting=Count("pk", filter=waits), oldest=Min("created", filter=waits), given_up=Count("pk", filter=given_up)
    )
    return Mails(Line(found["waiting"], found["oldest"]), found["given_up"])


def webhooks() -> Webhooks:
    """Return how the webhooks stand, in two queries."""
    found = Webhook.objects.aggregate(
        failing=Count("pk", filter=Q(active=True, failing_since__isnull=False)),
        off=Count("pk", filter=Q(active=False, switched_off__isnull=False)),
    )
    waiting = WebhookDelivery.objects.filter(delivered=None, next_attempt__isnull=False, webhook__active=True)
    line = waiting.aggregate(waiting=Count("pk"), oldest=Min("created"))
    return Webhooks(found["failing"], found["off"], Line(**line))


def jobs() -> tuple[Line, int]:
    """Return the long work that waits, and how much is under way."""
    queued = Q(status=JobStatus.QUEUED)
    found = Job.objects.open().aggregate(
        waiting=Count("pk", filter=queued), oldest=Min("created", filter=queued), running=Count("pk", filter=~queued)
    )
    return Line(found["waiting"], found["oldest"]), found["running"]


def sessions(*, at: dt.datetime) -> int:
    """Return how many sessions of signed-in people stand."""
    return Session.objects.filter(expire_date__gt=at, user__isnull=False).count()


def revocation_lists(*, at: dt.datetime) -> Lists:
    """Return how the revocation lists stand."""
    rows = RevocationList.objects.defer("entries").filter(anchor__not_after__gte=at).select_related("anchor")
    known = list(rows.order_by(F("this_update").asc(nulls_last=True)))
    missing = [row for row in known if not _is_good(row, at) and crl_address(row.anchor)]
    return Lists(known[0].this_update if known else None, missing)


def _is_good(row: RevocationList, at: dt.datetime) -> bool:
    return row.next_update is not None and row.next_update >= at


def disk() -> Disk:
    """Return how full the disk of the portal's folder is."""
    usage = shutil.disk_usage(settings.VAR_DIR)
    return Disk(usage.free, usage.total)
