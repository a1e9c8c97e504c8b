"""Forms about how systems are watched."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import DateTimeField, Form, ModelForm, VersionedForm
from systems.models import HealthRules, MaintenanceWindow, Monitoring, System


class MonitoringForm(VersionedForm, ModelForm):
    """Whether a system is checked on schedule, and whether mails are sent."""

    class Meta:
        model = Monitoring
        fields = ("monitored", "alerting")


class HealthRulesForm(VersionedForm, ModelForm):
    """How many results in a row change a state."""

    class Meta:
        model = HealthRules
        fields = ("failures", "passes")


class MaintenanceForm(Form):
    """When maintenance begins and ends, and what is done."""

    starts = DateTimeField(label=_("From"))
    ends = DateTimeField(label=_("Until"))
    reason = forms.CharField(
        label=_("What is done"), max_length=200, help_text=_("Your colleagues see it here and in the event log.")
    )

    def window(self, system: System) -> MaintenanceWindow:
        """Return what was typed, for a system."""
        values: dict[str, Any] = self.cleaned_data
        starts: dt.datetime = values["starts"]
        return MaintenanceWindow(system=system, starts=starts, ends=values["ends"], reason=values["reason"])
