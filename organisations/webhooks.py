"""Webhooks of an organisation: made, changed, given a new secret, switched off and on, deleted; messages sent again.

Whoever holds the secret can tell that a message is ours and fresh: it is signed as the Standard Webhooks describe
(https://www.standardwebhooks.com/), so that receivers can use what exists for them.
"""

import base64
import datetime as dt
import secrets as random

from django.db import transaction

from adgang.lib import secrets
from adgang.lib.findings import Finding, finding
from adgang.lib.registered import StaleVersion, check_version, save_version
from adgang.lib.snapshots import snapshot
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Webhook, WebhookDelivery

SECRET_BYTES = 32
SECRET_MARK = "whsec_"  # noqa: S105 – what such secrets begin with
MOST = 10  # webhooks of one organisation


def new_secret(webhook: Webhook) -> str:
    """Give the unsaved webhook a new secret and return it as its receiver writes it; it is never shown again."""
    secret = random.token_bytes(SECRET_BYTES)
    webhook.encrypted_secret = secrets.encrypt(secret, row=webhook.row)
    return SECRET_MARK + base64.b64encode(secret).decode()


@transaction.atomic
def make(*, caller: Caller, webhook: Webhook) -> str | Finding:
    """Save a new webhook, which is told of what happens from now on; return its secret. A `Finding` says why not."""
    if Webhook.objects.filter(organisation=webhook.organisation).count() >= MOST:
        return finding("webhook.too_many", most=MOST)
    secret = new_secret(webhook)
    webhook.save(force_insert=True)
    entry = Entry(tag=Tag.WEBHOOK_MADE, obj=webhook, after=snapshot(webhook))
    made = events.record(caller, webhook.organisation, entry)
    Webhook.objects.filter(pk=webhook.pk).update(cursor=made.seq)
    return secret


@transaction.atomic
def change(*, caller: Caller, webhook: Webhook, version: int) -> None:
    """Save the changed webhook on top of `version`. Raises `StaleVersion`."""
    before = _stored(webhook)
    _save(caller, before, webhook, version=version)


@transaction.atomic
def renew_secret(*, caller: Caller, webhook: Webhook, version: int) -> str:
    """Give the webhook a new secret and return it; the old one counts no more. Raises `StaleVersion`."""
    stored = _stored(webhook)
    before = snapshot(stored)
    secret = new_secret(stored)
    save_version(stored, version=version)
    entry = Entry(tag=Tag.WEBHOOK_SECRET_RENEWED, obj=stored, before=before, after=snapshot(stored))
    events.record(caller, stored.organisation, entry)
    return secret


@transaction.atomic
def switch(*, caller: Caller, webhook: Webhook, version: int, on: bool) -> None:
    """Switch the webhook off, or on again; what waits is sent when it is on. Raises `StaleVersion`."""
    before = _stored(webhook)
    webhook = _stored(webhook)
    webhook.active = on
    webhook.switched_off = webhook.failing_since = None
    _save(caller, before, webhook, version=version)


def _stored(webhook: Webhook) -> Webhook:
    found = Webhook.objects.select_for_update(of=("self",)).select_related("organisation").filter(pk=webhook.pk).first()
    if found is None:
        raise StaleVersion(None)
    return found


def _save(caller: Caller, before: Webhook, webhook: Webhook, *, version: int) -> None:
    old, new = snapshot(before), snapshot(webhook)
    if old == new and before.version == version:
        return
    save_version(webhook, version=version)
    entry = Entry(tag=Tag.WEBHOOK_CHANGED, obj=webhook, before=old, after=new)
    events.record(caller, webhook.organisation, entry)


@transaction.atomic
def delete(*, caller: Caller, webhook: Webhook, version: int) -> None:
    """Delete the webhook with its messages. Raises `StaleVersion`."""
    stored = check_version(_stored(webhook), version=version)
    entry = Entry(tag=Tag.WEBHOOK_DELETED, obj=stored, before=snapshot(stored))
    Webhook.objects.filter(pk=stored.pk).delete()
    events.record(caller, stored.organisation, entry)


def replay(*, delivery: WebhookDelivery, at: dt.datetime) -> None:
    """Let a message be sent once more, under the same id, whatever became of it."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        delivered=None, next_attempt=at, first_attempt=None, attempts=0, status=None, fault=""
    )
