"""Long work that somebody asked for and may walk away from."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobStatus(models.TextChoices):
    """How far a job is. The two last are final."""

    QUEUED = "QUEUED", _("Waiting")
    RUNNING = "RUNNING", _("Under way")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Not carried out")


OPEN = (JobStatus.QUEUED, JobStatus.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    """Chainable questions about jobs."""

    def open(self) -> Self:
        """Those that are not over."""
        return self.filter(status__in=OPEN)


class Job(models.Model):
    """One piece of long work, of a kind that its room has registered with `organisations.jobs`.

    `params` and `result` are JSON of the kind's own making, without secrets; `file` is what the work is done
    on, or what it made. `done` of `total` says how far it is, `stage` in which part (a code of the kind's).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # None: work for the operator.
    organisation = models.ForeignKey(
        "organisations.Organisation", related_name="+", null=True, on_delete=models.CASCADE
    )
    kind = models.CharField(max_length=40)
    requested_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    params = models.JSONField(default=dict)
    file = models.OneToOneField("organisations.Blob", related_name="+", null=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.QUEUED)
    stage = models.CharField(max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    created = models.DateTimeField()
    queued_at = models.DateTimeField()
    sendings = models.PositiveSmallIntegerField(default=1)
    claimed_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    finished = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Job"]] = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("background work")
        indexes = [
            models.Index(fields=["queued_at"], condition=Q(status__in=OPEN), name="job_open"),
            models.Index(fields=["organisation", "kind", "-created"], name="job_by_kind"),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.status in OPEN

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while that is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None
