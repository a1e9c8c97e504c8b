"""What whoever runs the installation switches while it runs: maintenance, and what is logged."""

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Maintenance(models.Model):
    """A time in which the portal is read only, or closed. It counts from `starts` until it is ended, at `until` latest.

    `ended` is when somebody ended or called it off.
    """

    class Mode(models.TextChoices):
        READ_ONLY = "READ_ONLY", _("Read only")
        CLOSED = "CLOSED", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = models.CharField(_("how"), max_length=10, choices=Mode, default=Mode.READ_ONLY)
    starts = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    ended = models.DateTimeField(null=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts"]
        verbose_name = _("maintenance")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("starts")),
                name="portal_maintenance_ends_later",
            )
        ]

    def __str__(self) -> str:
        return self.get_mode_display()

    def is_on(self, at: dt.datetime) -> bool:
        """Say whether it counts at that time."""
        return self.starts <= at and not self.is_over(at)

    def is_over(self, at: dt.datetime) -> bool:
        """Say whether it was ended, or its time has passed."""
        return self.ended is not None or (self.until is not None and self.until <= at)


class LogLevel(models.Model):
    """How much a logger writes until a time, in every process of the installation. "" is all of them."""

    logger = models.CharField(_("what"), max_length=50, primary_key=True)
    level = models.CharField(_("how much"), max_length=10)
    until = models.DateTimeField(_("until"))

    class Meta:
        ordering = ["logger"]
        verbose_name = _("log level")

    def __str__(self) -> str:
        return self.logger or "*"


class RunningProcess(models.Model):
    """A process of the installation, as it says itself every few seconds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10)
    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    version = models.CharField(max_length=30)
    started = models.DateTimeField()
    seen = models.DateTimeField()

    class Meta:
        ordering = ["kind", "host", "pid"]

    def __str__(self) -> str:
        return f"{self.kind} {self.host}:{self.pid}"
