"""A test of all systems of an organisation: one act, many runs."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CheckBatch(models.Model):
    """What was asked for at once. At most one per organisation is open.

    `waiting` holds {"system": id, "hosts": [what is dialled]} of those whose run has not begun; `left_out` holds
    {"system": id, "name": name, "code": code of a finding} of those that are not tested.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", related_name="batches", on_delete=models.CASCADE)
    requested_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    created = models.DateTimeField(_("asked for at"), default=timezone.now)
    finished = models.DateTimeField(_("finished"), null=True)
    total = models.PositiveIntegerField(_("systems tested"))
    waiting = models.JSONField(default=list)
    left_out = models.JSONField(default=list)

    class Meta:
        verbose_name = _("test of all systems")
        ordering = ["-created"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(finished__isnull=True), name="check_batch_open_once"
            )
        ]
        indexes = [models.Index(fields=["organisation", "-created"], name="check_batch_newest")]

    def __str__(self) -> str:
        return f"{self.created:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Whether it is under way."""
        return self.finished is None
