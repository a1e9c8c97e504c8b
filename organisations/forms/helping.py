"""Forms about help."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from adgang.lib.confirm import ReasonForm
from adgang.lib.forms import Form
from organisations.helping import HOURS

HOURS_TEXT = ngettext_lazy("%(count)d hour", "%(count)d hours", "count")


class HelpForm(Form):
    """Why an organisation is helped, and for how long."""

    reason = ReasonForm.base_fields["reason"]
    hours = forms.TypedChoiceField(
        label=_("For how long"),
        help_text=_("It ends by itself, and you can end it before."),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[(hours, HOURS_TEXT % {"count": hours}) for hours in HOURS],
        initial=HOURS[0],
    )
