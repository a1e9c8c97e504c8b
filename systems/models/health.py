"""What is known of a system's health. A row of its own, so that a check never makes somebody's form stale."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class HealthState(models.TextChoices):
    """What several checks in a row have shown."""

    UNKNOWN = "", _("Not known yet")
    HEALTHY = "HEALTHY", _("Works")
    FAILING = "FAILING", _("Fails")


class SystemHealth(models.Model):
    """The latest signs of life of one system; written by checks, by the system's own calls and by people.

    Made together with its system. `last_check…` and `last_passed` tell of the present settings only: they are emptied
    when what a check dials is changed.

    `failures` and `passes` count results in a row, `row_since` is when the row began, `last_step` the step at which
    the last check failed. `told` is what people were last told: a state, or `UNSTABLE`. `unstable_since` is set while
    the state turns so often that single changes are not told.
    """

    system = models.OneToOneField("systems.System", primary_key=True, related_name="health", on_delete=models.CASCADE)
    last_check = models.DateTimeField(_("last check"), null=True)
    last_check_status = models.CharField(max_length=10, blank=True)
    # PASSED and WARNING both count as passed.
    last_passed = models.DateTimeField(null=True)
    last_seen = models.DateTimeField(null=True)
    # The latest call of the system itself, accepted or not: see `systems.calls.note`.
    last_call = models.JSONField(default=dict)
    next_check_at = models.DateTimeField(null=True, db_index=True)
    confirmed = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)
    confirmed_reason = models.CharField(max_length=500, blank=True)

    state = models.CharField(_("health"), max_length=10, choices=HealthState, blank=True, default=HealthState.UNKNOWN)
    state_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    passes = models.PositiveIntegerField(default=0)
    row_since = models.DateTimeField(null=True)
    last_step = models.CharField(max_length=30, blank=True)
    last_summary = models.CharField(max_length=60, blank=True)
    told = models.CharField(max_length=10, blank=True)
    unstable_since = models.DateTimeField(null=True)
    reminded = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("health of a system")
        indexes = [
            # What the mails ask for every minute: few rows of many.
            models.Index(fields=["state"], condition=~models.Q(state=models.F("told")), name="health_state_untold"),
            models.Index(fields=["reminded"], condition=models.Q(state="FAILING"), name="health_failing"),
        ]

    def __str__(self) -> str:
        return str(self.system_id)

    @property
    def is_failing(self) -> bool:
        """Whether the system is known to fail."""
        return self.state == HealthState.FAILING


class HealthChange(models.Model):
    """That the state of a system changed: `since` is when the first of the checks that showed it ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.ForeignKey("systems.System", related_name="health_changes", on_delete=models.CASCADE)
    before = models.CharField(max_length=10, choices=HealthState, blank=True)
    state = models.CharField(max_length=10, choices=HealthState)
    since = models.DateTimeField()
    noticed = models.DateTimeField(db_index=True)
    run = models.UUIDField(null=True)
    summary = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["-since"]
        verbose_name = _("change of health")
        indexes = [models.Index(fields=["system", "-since"], name="health_change_of_system")]

    def __str__(self) -> str:
        return f"{self.state} {self.since:%Y-%m-%d %H:%M}"


class Outage(models.Model):
    """A time in which so many checks failed to connect at once that the fault is presumed to be the portal's own.

    At most one is open. `runs` and `failed` are what was seen when it began; `ended_by` names the operator who
    said that it is not ours (empty: it passed).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    ended = models.DateTimeField(null=True)
    runs = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    ended_by = models.ForeignKey("organisations.User", related_name="+", null=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["-started"]
        verbose_name = _("fault of the portal's own")
        constraints = [
            models.UniqueConstraint(fields=["is_open"], condition=models.Q(is_open=True), name="outage_open_once")
        ]

    def __str__(self) -> str:
        return f"{self.started:%Y-%m-%d %H:%M}"
