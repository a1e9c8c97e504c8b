"""Being told of the log by mail: a saved filter, looked at when it is due, and a digest of what passed it.

A subscription ends with the right to read the log. What a mail tells is what its reader may see when it is sent.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from adgang.lib.snapshots import JSON
from organisations import event_filters, events, mail
from organisations.callers import Caller, Channel
from organisations.event_list import address
from organisations.event_reading import Reading, chain, slices
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Event, EventDigest, EventHead, EventSubscription, Mail, Organisation, User
from organisations.rights import Right

KIND = "event_digest"
MOST = 20  # subscriptions of one person in one organisation
TOLD = 30  # entries that one mail names
MORNING = dt.time(7)
# What happens in a row is told of in one mail.
PATIENCE = dt.timedelta(minutes=5)

Cadence = EventSubscription.Cadence


def of(user: User, organisation: Organisation) -> QuerySet[EventSubscription]:
    """Return what the person is told of the organisation's log."""
    return EventSubscription.objects.filter(user=user, organisation=organisation)


@transaction.atomic
def subscribe(
    *, caller: Caller, organisation: Organisation, name: str, shown: Mapping[str, str], cadence: str
) -> EventSubscription | None:
    """Let the caller be told of what passes a filter from now on; recorded. None when they have `MOST` already."""
    if caller.user is None:
        raise ValueError("a person subscribes")
    if of(caller.user, organisation).count() >= MOST:
        return None
    at = timezone.now()
    made = EventSubscription.objects.create(
        user=caller.user,
        organisation=organisation,
        name=name,
        shown=dict(shown),
        cadence=cadence,
        seen_seq=_length(organisation),
        next_due=due_after(at, cadence),
    )
    events.record(caller, organisation, _entry(Tag.EVENT_SUBSCRIPTION_MADE, made, after=_told(made)))
    return made


@transaction.atomic
def end(*, caller: Caller, subscription: EventSubscription, reason: str = "") -> None:
    """Tell the person no more; recorded."""
    entry = _entry(Tag.EVENT_SUBSCRIPTION_ENDED, subscription, before=_told(subscription), reason=reason)
    organisation = subscription.organisation
    EventSubscription.objects.filter(pk=subscription.pk).delete()
    events.record(caller, organisation, entry)


def _entry(tag: Tag, subscription: EventSubscription, **fields: Any) -> Entry:
    # People are searched for by name, so what a person called it and looks for stands where it can be erased.
    return Entry(tag=tag, obj=subscription.user, personal=frozenset({"filter", "name"}), **fields)


def _told(subscription: EventSubscription) -> dict[str, JSON]:
    told: dict[str, JSON] = {"name": subscription.name, "cadence": subscription.cadence}
    return told | ({"filter": subscription.shown} if subscription.shown else {})


def _length(organisation: Organisation) -> int:
    return EventHead.objects.filter(pk=organisation.pk).values_list("seq", flat=True).first() or 0


def due_after(at: dt.datetime, cadence: str) -> dt.datetime:
    """Return when the log is looked at next after a moment: mornings are Denmark's."""
    if cadence == Cadence.AT_ONCE:
        return at + PATIENCE
    local = timezone.localtime(at)
    days = 1 if cadence == Cadence.DAILY else 7 - local.weekday()
    if cadence == Cadence.DAILY and local.time() < MORNING:
        days = 0
    return timezone.make_aware(dt.datetime.combine(local.date() + dt.timedelta(days=days), MORNING))


def tell(*, at: dt.datetime) -> int:
    """Look at what is due, and queue a mail where something passed; returns how many were queued."""
    due = EventSubscription.objects.filter(next_due__lte=at).select_related("user", "organisation")
    return sum(_look(one, at) for one in due.order_by("next_due")[:500])


@transaction.atomic
def _look(subscription: EventSubscription, at: dt.datetime) -> bool:
    """Look for one; of two workers that try, the condition lets one."""
    own = EventSubscription.objects.filter(pk=subscription.pk, next_due=subscription.next_due)
    length = _length(subscription.organisation)
    if not own.update(next_due=due_after(at, subscription.cadence), seen_seq=length):
        return False
    if not may_read(subscription):
        end(caller=Caller.task("event_subscriptions"), subscription=subscription)
        return False
    if not passed(subscription, after=subscription.seen_seq, up_to=length)[:1].exists():
        return False
    digest = EventDigest.objects.create(
        subscription=subscription, after_seq=subscription.seen_seq, up_to_seq=length, made=at
    )
    mail.queue_mail(
        kind=KIND,
        to=subscription.user.email,
        organisation=subscription.organisation,
        object_id=digest.pk,
        language=subscription.user.language,
    )
    return True


def reader(subscription: EventSubscription) -> Caller:
    """Return the caller that the subscription's person is, with the rights of this moment."""
    return Caller(user=subscription.user, channel=Channel.TASK, request_id=str(subscription.pk), label=KIND)


def may_read(subscription: EventSubscription) -> bool:
    """Say whether the person may read the log now."""
    return subscription.user.is_active and reader(subscription).may(Right.EVENTS_VIEW, subscription.organisation)


def passed(subscription: EventSubscription, *, after: int, up_to: int) -> QuerySet[Event]:
    """Return the entries in between that pass the filter, as far as the person may read them; the newest first."""
    readable = slices(reader(subscription), subscription.organisation)
    rows = chain(subscription.organisation).filter(seq__gt=after, seq__lte=up_to, slice__in=readable)
    return event_filters.narrowed(rows, subscription.shown, subscription.organisation).order_by("-seq")


def mail_context(waiting: Mail) -> dict[str, Any] | None:
    """Return what a digest tells; None when the subscription or the right has ended."""
    found = EventDigest.objects.filter(pk=mail.about(waiting))
    digest = found.select_related("subscription__user", "subscription__organisation").first()
    if digest is None or not may_read(digest.subscription):
        return None
    subscription = digest.subscription
    rows = passed(subscription, after=digest.after_seq, up_to=digest.up_to_seq)
    listed = [Reading(event) for event in rows[: TOLD + 1]]
    organisation = subscription.organisation
    return {
        "subscription": subscription,
        "entries": [(one, f"{settings.ADGANG_BASE_URL}{_url(one, organisation)}") for one in listed[:TOLD]],
        "is_cut": len(listed) > TOLD,
        "log_url": f"{settings.ADGANG_BASE_URL}{address('events', organisation)}",
        "own_url": f"{settings.ADGANG_BASE_URL}{address('event_subscriptions', organisation)}",
    }


def _url(one: Reading, organisation: Organisation) -> str:
    return address("event", organisation, event_id=one.event.pk)
