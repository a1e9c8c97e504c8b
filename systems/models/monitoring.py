"""How people want systems watched: flags of a system, rules of an organisation, maintenance windows."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from adgang.lib.registered import Registered

IN_A_ROW = [MinValueValidator(1), MaxValueValidator(10)]
FAILURES, PASSES = 3, 2


class Monitoring(Registered):
    """The flags of one system; without a row both are on. Apart from the system, so that its form is not made stale."""

    system = models.OneToOneField("systems.System", related_name="monitoring", on_delete=models.CASCADE)
    monitored = models.BooleanField(
        _("check the connection on schedule"),
        default=True,
        help_text=_("Daily, and hourly for the default recipient system; more often while it fails."),
    )
    alerting = models.BooleanField(
        _("send mails when it fails or works again"),
        default=True,
        help_text=_("To the system's contacts and the system administrators."),
    )

    class Meta:
        verbose_name = _("monitoring of a system")

    def __str__(self) -> str:
        return str(self.system_id)


class HealthRules(Registered):
    """How many results in a row an organisation wants to see before a state changes; without a row the defaults."""

    organisation = models.OneToOneField(
        "organisations.Organisation", related_name="health_rules", on_delete=models.CASCADE
    )
    failures = models.PositiveSmallIntegerField(
        _("failed checks in a row before a system counts as failing"), default=FAILURES, validators=IN_A_ROW
    )
    passes = models.PositiveSmallIntegerField(
        _("passed checks in a row before it counts as working again"), default=PASSES, validators=IN_A_ROW
    )

    class Meta:
        verbose_name = _("rules of health")

    def __str__(self) -> str:
        return str(self.organisation_id)


class MaintenanceWindowQuerySet(models.QuerySet["MaintenanceWindow"]):
    """Chainable questions about windows."""

    def standing(self) -> Self:
        """Those that were not called off."""
        return self.filter(cancelled=None)

    def at(self, at: dt.datetime) -> Self:
        """Those that cover a moment."""
        return self.standing().filter(starts__lte=at, ends__gt=at)


class MaintenanceWindow(Registered):
    """A time in which a system may fail without anybody being told. One that is cut short keeps its beginning."""

    system = models.ForeignKey("systems.System", related_name="maintenance_windows", on_delete=models.CASCADE)
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))
    reason = models.CharField(_("what is done"), max_length=200)
    made_by = models.ForeignKey(
        "organisations.User", related_name="+", null=True, editable=False, on_delete=models.SET_NULL
    )
    cancelled = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = MaintenanceWindowQuerySet.as_manager()

    class Meta:
        ordering = ["starts"]
        verbose_name = _("maintenance window")
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="maintenance_ends_later"),
        ]

    def __str__(self) -> str:
        return self.reason

    def covers(self, at: dt.datetime) -> bool:
        """Say whether the moment lies in the window."""
        return self.cancelled is None and self.starts <= at < self.ends
