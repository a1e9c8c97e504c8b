"""The form of a link to a check."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from systems.sharing import DAYS

WORDS = {1: _("1 day"), 7: _("7 days"), 30: _("30 days")}


class ShareForm(Form):
    """How long the link works."""

    days = forms.ChoiceField(
        label=_("How long should the link work?"),
        help_text=_("You can revoke it before on the system's page."),
        choices=[(str(days), WORDS[days]) for days in DAYS],
        widget=forms.RadioSelect,
    )

    @property
    def days_chosen(self) -> int:
        """How many days the link works."""
        return int(self.cleaned_data["days"])
