"""Webhooks: addresses that are told when something happens to an organisation, and what became of each telling."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from adgang.lib import secrets
from adgang.lib.registered import Registered
from organisations.event_tags import label_of


class Webhook(Registered):
    """An https address of an organisation's own that is told of its events by id and tag.

    `tags` are the kinds of events wanted, none for all. `cursor` is the number of the last event in the organisation's
    chain that was looked at. `failing_since` is when the failures began that no success has ended yet.
    """

    organisation = models.ForeignKey("organisations.Organisation", related_name="webhooks", on_delete=models.CASCADE)
    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("address"), max_length=500)
    tags = models.JSONField(_("events"), default=list, blank=True)
    active = models.BooleanField(_("active"), default=True)
    encrypted_secret = models.BinaryField(default=bytes, editable=False)
    cursor = models.PositiveBigIntegerField(default=0, editable=False)
    last_success = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    switched_off = models.DateTimeField(null=True, editable=False)

    secret_fields = frozenset({"encrypted_secret"})
    encrypted_fields: ClassVar = {"encrypted_secret": "webhook"}
    # How it goes is no change of the webhook.
    derived_fields = frozenset({"cursor", "last_success", "failing_since"})

    class Meta:
        ordering = ["name"]
        verbose_name = _("webhook")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="webhook_name_once",
                violation_error_message=_("Another webhook of the organisation bears this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def secret(self) -> bytes:
        """What its messages are signed with. Raises `adgang.lib.secrets.UnreadableSecret` when the keys are gone."""
        return secrets.decrypt(bytes(self.encrypted_secret), row=self.row)

    @property
    def events(self) -> list[str]:
        """The chosen kinds of events in the reader's language; none means all."""
        return [label_of(tag) for tag in self.tags]

    @property
    def row(self) -> str:
        """What the secret is bound to."""
        return f"webhook:{self.pk}"


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    """Chainable questions about deliveries."""

    def due(self, at: dt.datetime) -> Self:
        """Those that are to be tried now."""
        return self.filter(delivered=None, next_attempt__lte=at, webhook__active=True)


class WebhookDelivery(models.Model):
    """One event to be told to one webhook. Its id is the message's, the same at every attempt and replay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, related_name="deliveries", on_delete=models.CASCADE)
    event_id = models.UUIDField()
    tag = models.CharField(max_length=60)
    event_time = models.DateTimeField()
    created = models.DateTimeField(auto_now_add=True)
    first_attempt = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt = models.DateTimeField(null=True)
    delivered = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=40, blank=True)

    objects: ClassVar[models.Manager["WebhookDelivery"]] = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("message of a webhook")
        constraints = [models.UniqueConstraint(fields=["webhook", "event_id"], name="webhook_event_once")]
        indexes = [
            models.Index(
                fields=["next_attempt"], condition=Q(delivered=None, next_attempt__isnull=False), name="webhook_waiting"
            ),
            models.Index(fields=["webhook", "-created"], name="webhook_messages"),
        ]

    def __str__(self) -> str:
        return label_of(self.tag)
