"""The event log's tables. Rows are chained by HMAC and guarded by triggers; see `organisations/events.py`."""

import uuid
from typing import ClassVar

from django.db import models
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
    payload = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-time", "-seq"]
        verbose_name = _("event")
        constraints = [models.UniqueConstraint(fields=["organisation_id", "seq"], name="event_place_in_chain")]
        indexes = [
            models.Index(fields=["organisation_id", "-time", "-seq"], name="event_by_time"),
            models.Index(fields=["organisation_id", "object_id"], name="event_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.tag} {self.object_label}"


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
