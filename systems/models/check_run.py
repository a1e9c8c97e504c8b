"""A connection check: the row is the truth, the queue only its messenger."""

import datetime as dt
import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RunStatus(models.TextChoices):
    """Where a run stands. WARNING counts as passed."""

    QUEUED = "QUEUED", _("Waiting")
    RUNNING = "RUNNING", _("Running")
    PASSED = "PASSED", _("Passed")
    WARNING = "WARNING", _("Passed with remarks")
    FAILED = "FAILED", _("Failed")
    ABORTED = "ABORTED", _("Not carried out")


OPEN = (RunStatus.QUEUED, RunStatus.RUNNING)
GOOD = (RunStatus.PASSED, RunStatus.WARNING)
WITH_RESULT = (*GOOD, RunStatus.FAILED)


class Trigger(models.TextChoices):
    """Why a run was asked for."""

    MANUAL = "MANUAL", _("by a person")
    BATCH = "BATCH", _("with all systems")
    ACTIVATION = "ACTIVATION", _("before activation")
    SCHEDULED = "SCHEDULED", _("by schedule")
    API = "API", _("through the API")
    COMMAND = "COMMAND", _("from the command line")


class CheckRunQuerySet(models.QuerySet["CheckRun"]):
    """Chainable questions about runs."""

    def open(self) -> Self:
        """Those that wait or run."""
        return self.filter(status__in=OPEN)

    def finished(self) -> Self:
        """Those that are over."""
        return self.exclude(status__in=OPEN)

    def with_result(self) -> Self:
        """Those that say something of their system: over, and carried out."""
        return self.filter(status__in=WITH_RESULT)

    def newest_first(self) -> Self:
        """The latest asked for first."""
        return self.order_by("-created")


class CheckRun(models.Model):
    """One check of one system. At most one per system is open.

    `target` is what was checked, `hosts` what is dialled (for the limit per host), `steps` what was found (see
    `steps.recording.Step.as_json`), `summary` the code of the finding that decided, empty when nothing was wrong,
    `failed_step` the code of the first step that failed. `attempt` counts claims, `sendings` how often the run was put
    on the queue.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.ForeignKey("systems.System", related_name="check_runs", on_delete=models.CASCADE)
    protocol = models.CharField(_("protocol"), max_length=30)
    trigger = models.CharField(_("asked for"), max_length=10, choices=Trigger)
    requested_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    batch = models.ForeignKey("systems.CheckBatch", related_name="runs", null=True, on_delete=models.SET_NULL)
    status = models.CharField(_("result"), max_length=10, choices=RunStatus, default=RunStatus.QUEUED)
    created = models.DateTimeField(_("asked for at"), default=timezone.now, db_index=True)
    queued_at = models.DateTimeField(default=timezone.now)
    sendings = models.PositiveSmallIntegerField(default=1)
    claimed_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=200, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    finished = models.DateTimeField(_("finished"), null=True)
    duration_ms = models.PositiveIntegerField(_("duration"), null=True)
    target = models.JSONField(default=dict)
    hosts = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    summary = models.CharField(max_length=60, blank=True)
    failed_step = models.CharField(max_length=30, blank=True)
    # Could not connect to a system that worked until now: many of these at once, and the fault is likely ours.
    newly_unreachable = models.BooleanField(default=False)

    objects: ClassVar[Any] = CheckRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection check")
        ordering = ["-created"]
        constraints = [
            models.UniqueConstraint(fields=["system"], condition=Q(status__in=OPEN), name="check_run_open_once"),
        ]
        indexes = [
            models.Index(fields=["system", "-created"], name="check_run_of_system"),
            models.Index(fields=["status", "queued_at"], condition=Q(status__in=OPEN), name="check_run_open"),
            models.Index(fields=["finished"], name="check_run_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.protocol} {self.created:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Whether the run waits or runs."""
        return self.status in OPEN

    @property
    def has_passed(self) -> bool:
        """Whether the run is over and found nothing that stops a delivery."""
        return self.status in GOOD

    @property
    def duration(self) -> dt.timedelta | None:
        """How long the run took, from its claim to its end."""
        return None if self.duration_ms is None else dt.timedelta(milliseconds=self.duration_ms)
