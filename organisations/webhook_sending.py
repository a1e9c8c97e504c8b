"""Sending what webhooks are to be told. The rows are the truth: what a worker loses is found at the next tick.

A message holds the event's id and tag and whose it is, no more; whoever wants to know what happened asks the API. It is
tried for a day, ever more seldom. A webhook that has failed for three days is switched off and its people are told.
"""

import base64
import datetime as dt
import hashlib
import hmac
import json
import uuid

import structlog
from django.db import transaction
from django.db.models import F

from adgang.lib import http
from adgang.lib.deadlines import Deadline
from adgang.lib.failures import Failure
from adgang.lib.registered import save_version
from adgang.lib.snapshots import as_json, snapshot
from organisations import events, mail
from organisations.callers import Caller
from organisations.event_tags import TAGS, Slice, Tag
from organisations.events import Entry
from organisations.holding import holders
from organisations.models import Event, EventHead, Webhook, WebhookDelivery
from organisations.rights import PrivilegeType

AT_ONCE = 200
SECONDS = 15  # of one attempt
ANSWER_LIMIT = 64 * 1024  # bytes that are read of an answer
TRIED_FOR = dt.timedelta(hours=24)
OFF_AFTER = dt.timedelta(days=3)
LEASE = dt.timedelta(minutes=2)
LONGEST_WAIT = dt.timedelta(hours=2)
OFF_MAIL = "webhook_off"

log = structlog.get_logger("adgang.webhooks")


def enqueue(*, at: dt.datetime) -> int:
    """Make a message for every event since the last time that a webhook wants; returns how many."""
    heads = dict(EventHead.objects.values_list("pk", "seq"))
    behind = [one for one in Webhook.objects.filter(active=True) if one.cursor < heads.get(one.organisation_id, 0)]
    return sum(_enqueue(webhook, at=at) for webhook in behind)


@transaction.atomic
def _enqueue(webhook: Webhook, *, at: dt.datetime) -> int:
    """Take the next events of one webhook; two workers that do so at once make no message twice."""
    news = Event.objects.filter(organisation_id=webhook.organisation_id, seq__gt=webhook.cursor)
    taken = list(news.order_by("seq").values_list("seq", "pk", "tag", "time")[:AT_ONCE])
    if not taken or not _moved(webhook, to=taken[-1][0]):
        return 0
    wanted = [row for row in taken if wants(webhook, row[2])]
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(webhook=webhook, event_id=pk, tag=tag, event_time=time, next_attempt=at)
        for _seq, pk, tag, time in wanted
    )
    return len(wanted)


def _moved(webhook: Webhook, *, to: int) -> bool:
    return bool(Webhook.objects.filter(pk=webhook.pk, cursor=webhook.cursor).update(cursor=to))


def wants(webhook: Webhook, tag: str) -> bool:
    """Say whether a webhook is told of events of a tag: acts, and those chosen; look-ups are nobody's business."""
    known = tag in list(Tag) and TAGS[Tag(tag)].slice is Slice.ACTIONS
    return known and (not webhook.tags or tag in webhook.tags)


def send_due(*, at: dt.datetime) -> int:
    """Send what is due, the oldest first; returns how many messages arrived.

    Where one does not, the webhook's others wait for the next tick: an address that is silent holds up no more than one
    attempt a tick. No transaction is open meanwhile.
    """
    due = WebhookDelivery.objects.due(at).order_by("next_attempt", "event_time")
    silent: set[uuid.UUID] = set()
    arrived = 0
    for pk, webhook_id, attempts in list(due.values_list("pk", "webhook_id", "attempts")[:AT_ONCE]):
        if webhook_id in silent or not _claim(pk, attempts, at=at):
            continue
        if _send(pk, at=at):
            arrived += 1
        else:
            silent.add(webhook_id)
    return arrived


def _claim(pk: uuid.UUID, attempts: int, *, at: dt.datetime) -> bool:
    """Take a message by moving its next attempt; a worker that dies leaves it to a later tick."""
    free = WebhookDelivery.objects.filter(pk=pk, attempts=attempts, delivered=None, next_attempt__lte=at)
    return bool(free.update(attempts=F("attempts") + 1, next_attempt=at + LEASE))


def _send(pk: uuid.UUID, *, at: dt.datetime) -> bool:
    delivery = WebhookDelivery.objects.select_related("webhook__organisation").get(pk=pk)
    try:
        status = deliver(delivery, at=at)
    except Failure as failure:
        _failed(delivery, at=at, fault=failure.code, status=None)
        return False
    if 200 <= status < 300:
        _succeeded(delivery, at=at, status=status)
        return True
    _failed(delivery, at=at, fault="http.status", status=status)
    return False


def deliver(delivery: WebhookDelivery, *, at: dt.datetime) -> int:
    """Post one message and return the status it was answered with. Raises `adgang.lib.failures.Failure`."""
    body = message(delivery)
    webhook = delivery.webhook
    headers = {
        "Content-Type": "application/json",
        "Webhook-Id": str(delivery.pk),
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": signature(webhook.secret, delivery.pk, at, body),
    }
    return http.post(webhook.url, body, headers=headers, limit=ANSWER_LIMIT, deadline=Deadline(SECONDS))


def message(delivery: WebhookDelivery) -> bytes:
    """Return the body of a message: which event, of which kind, whose and when; nothing of what it says."""
    told = {
        "eventId": str(delivery.event_id),
        "eventTag": delivery.tag,
        "eventTime": as_json(delivery.event_time),
        "cvrNumber": delivery.webhook.organisation.cvr_number,
    }
    return json.dumps(told, separators=(",", ":")).encode()


def signature(secret: bytes, id_: uuid.UUID, at: dt.datetime, body: bytes) -> str:
    """Return the signature of a message: HMAC-SHA256 over its id, the time in seconds and the body, in base64."""
    signed = b".".join([str(id_).encode(), str(int(at.timestamp())).encode(), body])
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def _succeeded(delivery: WebhookDelivery, *, at: dt.datetime, status: int) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        delivered=at,
        next_attempt=None,
        first_attempt=delivery.first_attempt or at,
        status=status,
        fault="",
    )
    Webhook.objects.filter(pk=delivery.webhook_id).update(last_success=at, failing_since=None)


def _failed(delivery: WebhookDelivery, *, at: dt.datetime, fault: str, status: int | None) -> None:
    first = delivery.first_attempt or at
    again = at + wait(delivery.attempts)
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        first_attempt=first,
        next_attempt=again if again <= first + TRIED_FOR else None,
        status=status,
        fault=fault,
    )
    log.info("webhook failed", webhook=str(delivery.webhook_id), attempt=delivery.attempts, fault=fault, status=status)
    Webhook.objects.filter(pk=delivery.webhook_id, failing_since=None).update(failing_since=at)
    stored = Webhook.objects.select_related("organisation").filter(pk=delivery.webhook_id, active=True).first()
    if stored and stored.failing_since and stored.failing_since <= at - OFF_AFTER:
        switch_off(stored, at=at)


def wait(attempts: int) -> dt.timedelta:
    """Return how long to wait after that many attempts: half a minute, doubled each time, at most two hours."""
    return min(dt.timedelta(seconds=30 << min(attempts - 1, 16)), LONGEST_WAIT)


@transaction.atomic
def switch_off(webhook: Webhook, *, at: dt.datetime) -> None:
    """Switch off a webhook that nobody answers any more, and tell its organisation's system administrators."""
    before = snapshot(webhook)
    webhook.active, webhook.switched_off = False, at
    save_version(webhook, version=webhook.version)
    for person in holders(webhook.organisation, PrivilegeType.ORGANISATION_ADMINISTRATOR, at=at):
        mail.queue_mail(
            kind=OFF_MAIL,
            to=person.email,
            organisation=webhook.organisation,
            object_id=webhook.pk,
            language=person.language,
        )
    entry = Entry(tag=Tag.WEBHOOK_SWITCHED_OFF, obj=webhook, before=before, after=snapshot(webhook))
    events.record(Caller.task("webhooks"), webhook.organisation, entry)
