"""What a person wants to be told of the event log by mail."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventSubscription(models.Model):
    """A saved filter of one organisation's log, and how often its reader is told of what passes it.

    `shown` is the filter as `organisations.event_filters` names it; entries up to `seen_seq` have been looked at.
    """

    class Cadence(models.TextChoices):
        AT_ONCE = "AT_ONCE", _("at once")
        DAILY = "DAILY", _("every morning")
        WEEKLY = "WEEKLY", _("every Monday morning")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("organisations.User", related_name="event_subscriptions", on_delete=models.CASCADE)
    organisation = models.ForeignKey("organisations.Organisation", related_name="+", on_delete=models.CASCADE)
    name = models.CharField(_("name"), max_length=100)
    shown = models.JSONField(_("filter"), default=dict)
    cadence = models.CharField(_("how often"), max_length=10, choices=Cadence, default=Cadence.DAILY)
    seen_seq = models.PositiveBigIntegerField(default=0)
    next_due = models.DateTimeField(db_index=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "created"]
        verbose_name = _("subscription to the event log")

    def __str__(self) -> str:
        return self.name


class EventDigest(models.Model):
    """One mail of a subscription: which entries it tells of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(EventSubscription, related_name="digests", on_delete=models.CASCADE)
    after_seq = models.PositiveBigIntegerField()
    up_to_seq = models.PositiveBigIntegerField()
    made = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.after_seq}–{self.up_to_seq}"
