"""Forms about the operation of the installation."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import DateTimeField, Form, ModelForm
from organisations import log_levels
from organisations.models import Maintenance


class MaintenanceForm(ModelForm):
    """Maintenance to be switched on or planned; an empty beginning is now."""

    starts = DateTimeField(
        label=_("From"), required=False, help_text=_("dd-mm-yyyy hh.mm. Empty: at once. Otherwise it is announced.")
    )
    until = DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("dd-mm-yyyy hh.mm. It then ends by itself. Empty: until somebody ends it."),
    )

    class Meta:
        model = Maintenance
        fields = ["mode", "starts", "until", "reason"]
        widgets = {"mode": forms.RadioSelect}
        help_texts = {
            "mode": _("Read only: people read on, changes are refused. Closed: nobody but operators gets in."),
            "reason": _("Stands in the event log; users do not see it."),
        }

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        self.at = at
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Begin now where nothing is said, and refuse an end that is past or before the beginning."""
        cleaned = super().clean() or {}
        if "starts" in cleaned and cleaned["starts"] is None:
            cleaned["starts"] = self.at
        starts, until = cleaned.get("starts"), cleaned.get("until")
        if starts and until and until <= max(starts, self.at):
            self.add_error("until", ValidationError(_("Choose a time after the beginning, and after now.")))
        return cleaned


# What a form sends for all of the portal: an empty choice would look as if it need not be made.
ALL = "all"


class LogLevelForm(Form):
    """How much a part of the portal logs, and for how long."""

    logger = forms.ChoiceField(
        label=_("What"), choices=[(name or ALL, words) for name, words in log_levels.LOGGERS.items()]
    )
    level = forms.ChoiceField(label=_("How much"), choices=[(one, one) for one in log_levels.LEVELS])
    minutes = forms.IntegerField(
        label=_("For how many minutes"),
        min_value=1,
        max_value=log_levels.MOST_MINUTES,
        initial=log_levels.MINUTES,
        help_text=_("Then it falls back by itself; at most a day."),
        widget=forms.NumberInput(attrs={"class": "input-width-xs"}),
    )

    def clean_logger(self) -> str:
        """Return the name of the logger, "" for all of the portal."""
        chosen: str = self.cleaned_data["logger"]
        return "" if chosen == ALL else chosen
