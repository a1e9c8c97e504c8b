"""Subscriptions of sender systems to organisations: registered, changed, recorded. Nothing is sent from here."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import save_version
from adgang.lib.snapshots import snapshot
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.locks import lock
from systems.endpoints import endpoint_fault
from systems.models import SenderSubscription
from systems.protocols import EndpointKind

MOST = 1000  # CVR numbers of one subscription


def check(subscription: SenderSubscription) -> None:
    """Raise ValidationError, by field, for what cannot stand."""
    wrong: dict[str, str] = {}
    if not subscription.notification_url:
        wrong["notification_url"] = str(_("Write the address that is to be told."))
    elif fault := endpoint_fault(EndpointKind.HTTPS, subscription.notification_url):
        wrong["notification_url"] = str(fault)
    numbers = subscription.cvr_numbers
    if len(numbers) > MOST or any(len(one) != 8 or not (one.isascii() and one.isdigit()) for one in numbers):
        wrong["cvr_numbers"] = str(_("Write the CVR number with 8 digits"))
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def create(*, caller: Caller, subscription: SenderSubscription) -> None:
    """Save a new subscription, recorded. Raises ValidationError."""
    lock(subscription.system.organisation_id)
    check(subscription)
    subscription.save(force_insert=True)
    _record(caller, subscription, {}, snapshot(subscription))


@transaction.atomic
def change(*, caller: Caller, subscription: SenderSubscription, version: int) -> None:
    """Save a changed subscription on top of `version`, recorded. Raises ValidationError and `StaleVersion`."""
    lock(subscription.system.organisation_id)
    check(subscription)
    before = snapshot(SenderSubscription.objects.get(pk=subscription.pk))
    save_version(subscription, version=version)
    _record(caller, subscription, before, snapshot(subscription))


def _record(
    caller: Caller, subscription: SenderSubscription, before: dict[str, object], after: dict[str, object]
) -> None:
    system = subscription.system
    entry = Entry(tag=Tag.SUBSCRIPTION_CHANGED, obj=system, before=before, after=after, system_id=system.pk)
    events.record(caller, system.organisation, entry)
