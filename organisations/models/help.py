"""Help from those who run the installation, reviews of rights, and reminders between organisations."""

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HelpSessionQuerySet(models.QuerySet["HelpSession"]):
    """Chainable questions about help."""

    def open(self, at: dt.datetime) -> Self:
        """That which goes on at a moment."""
        return self.filter(ended=None, ends__gt=at)


class HelpSession(models.Model):
    """That somebody who runs the installation helps one organisation: why, until when, and whether they only read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", related_name="help", on_delete=models.CASCADE)
    user = models.ForeignKey("organisations.User", related_name="help_given", on_delete=models.CASCADE)
    reason = models.CharField(_("reason"), max_length=500)
    only_reads = models.BooleanField(default=False)
    started = models.DateTimeField(default=timezone.now)
    ends = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["HelpSession"]] = HelpSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-started"]
        verbose_name = _("help")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], condition=Q(ended=None), name="help_open_once")
        ]

    def __str__(self) -> str:
        return self.reason


class RightsReview(models.Model):
    """A review of all roles of an organisation: due at a day, finished when each was found needed or ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", related_name="reviews", on_delete=models.CASCADE)
    begun = models.DateTimeField(default=timezone.now)
    due = models.DateField(_("due"))
    finished = models.DateTimeField(null=True)
    finished_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    reminded = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-due"]
        verbose_name = _("review of rights")
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(finished=None), name="review_open_once")
        ]

    def __str__(self) -> str:
        return f"{self.due:%d-%m-%Y}"


class Reminder(models.Model):
    """What somebody who acts for many organisations wrote to one of them; mailed to its responsible people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", related_name="reminders", on_delete=models.CASCADE)
    sender = models.ForeignKey("organisations.User", related_name="+", on_delete=models.CASCADE)
    text = models.TextField(_("text"), max_length=2000)
    sent = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sent"]
        verbose_name = _("reminder")

    def __str__(self) -> str:
        return self.text[:50]
