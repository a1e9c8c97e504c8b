"""The event log's tables. Rows are chained by HMAC and guarded by triggers; see `organisations/events.py`."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EventHead(models.Model):
    """The end of an organisation's chain, locked by whoever appends to it.

    `organisation_id` is the zero UUID for the operator's own chain.
    """

    organisation_id = models.UUIDField(primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.seq}"


class Event(models.Model):
    """What happened. `payload` is canonical JSON text and alone is hashed; the other columns are copies to filter by.

    No foreign keys: an event outlives everything it tells of, so it keeps UUIDs and the label of the time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    time = models.DateTimeField(_("time"))
    tag = models.CharField(_("event"), max_length=60)
    slice = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    system_id = models.UUIDField(null=True)
    object_kind = models.CharField(max_length=40)
    object_id = models.UUIDField(null=True)
    object_label = models.CharField(_("object"), max_length=300)
    request_id = models.CharField(max_length=64, default="")
    # What free text is searched in, made by `organisations/event_text.py`.
    words = models.TextField(default="")
    payload = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-time", "-seq"]
        verbose_name = _("event")
        constraints = [models.UniqueConstraint(fields=["organisation_id", "seq"], name="event_place_in_chain")]
        # Each filter of the log has one that holds its entries in the order of the page, so that a page is read from
        # its index alone, however long the log (P15). Free text: the migration that adds `words`.
        indexes = [
            models.Index(fields=["organisation_id", "-time", "-seq"], name="event_by_time"),
            models.Index(fields=["organisation_id", "object_id", "-time", "-seq"], name="event_of_object"),
            models.Index(fields=["organisation_id", "tag", "-time", "-seq"], name="event_by_tag"),
            models.Index(fields=["organisation_id", "actor_id", "-time", "-seq"], name="event_by_actor"),
            models.Index(fields=["organisation_id", "object_kind", "-time", "-seq"], name="event_by_kind"),
            models.Index(fields=["organisation_id", "request_id"], name="event_by_request"),
            models.Index(
                fields=["organisation_id", "system_id", "-time", "-seq"],
                condition=Q(system_id__isnull=False),
                name="event_by_system",
            ),
            # Most events are actions; whoever reads the other parts alone must not look through those.
            models.Index(
                fields=["organisation_id", "slice", "-time", "-seq"],
                condition=~Q(slice="ACTIONS"),
                name="event_by_part",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tag} {self.object_label}"


class EventCursor(models.Model):
    """How far a chain was handed to the operator's SIEM; claimed by the worker that hands it over."""

    organisation_id = models.UUIDField(primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    sent = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.seq}"


class EventStump(models.Model):
    """Where a chain begins after its oldest entries were deleted: the last of them, signed with the chain's key."""

    organisation_id = models.UUIDField(primary_key=True)
    seq = models.PositiveBigIntegerField(_("last deleted entry"))
    hash = models.CharField(_("its seal"), max_length=64)
    time = models.DateTimeField(_("time of the last deleted entry"))
    signature = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("beginning of the event log")

    def __str__(self) -> str:
        return str(self.seq)


class EventSeal(models.Model):
    """Up to which entry of a chain keys are believed that were replaced since; see `organisations/event_keys.py`."""

    organisation_id = models.UUIDField(primary_key=True)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    made = models.DateTimeField()
    signature = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.seq}"


class EventDetail(models.Model):
    """A personal value of an event. The chain holds its salted digest only, so the value itself can be erased."""

    event_id = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=64)
    salt = models.CharField(max_length=32)
    value = models.TextField()

    objects: ClassVar[models.Manager["EventDetail"]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "digest"], name="event_detail_once")]

    def __str__(self) -> str:
        return self.digest
