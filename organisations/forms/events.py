"""Forms of the event log."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import DateField, Form
from organisations.models import EventSubscription


class DayForm(Form):
    """A day to look at."""

    day = DateField(label=_("Day"))


class EventSubscriptionForm(Form):
    """What a subscription is called, and how often its reader is told."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Stands in the subject of the mails, so that you know them.")
    )
    cadence = forms.ChoiceField(
        label=_("How often"),
        choices=EventSubscription.Cadence,
        initial=EventSubscription.Cadence.DAILY,
        help_text=_("A mail is sent only when something has happened. At once is within a few minutes."),
        widget=forms.RadioSelect,
    )


class EventFileForm(Form):
    """In which form the log is taken."""

    file_format = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[
            ("csv", _("CSV, for a spreadsheet: opens in Excel")),
            ("jsonl", _("JSON Lines, for a program: one entry a line, with everything that was logged")),
        ],
        initial="csv",
        widget=forms.RadioSelect,
    )
