"""The form of a reminder."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form


class RemindForm(Form):
    """What the responsible people of an authority are written."""

    text = forms.CharField(
        label=_("Text"),
        help_text=_("Edit it as you like; your name and a link to the overview are added."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
