"""The form by which one contact point is merged into another, and the one by which a branch is copied."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from contacts.forms.bulk import named_group
from contacts.forms.fields import NameField
from contacts.forms.state import successor
from contacts.models import ContactGroup, ContactPoint
from contacts.models.group import MAX_NAME
from contacts.texts import one_line
from organisations.models import Organisation

LINE = {"class": "input-width-l", "autocomplete": "off"}


class MergeForm(Form):
    """The contact point that takes over, and what it is to have."""

    into = forms.CharField(
        label=_("The contact point that takes over"),
        max_length=MAX_NAME,
        help_text=_("Its name or its ID."),
        widget=forms.TextInput(attrs=LINE),
    )
    take = forms.MultipleChoiceField(
        label=_("What it takes over"),
        choices=[
            ("terms", _("The search terms")),
            ("codes", _("The codes")),
            ("places", _("The places in the tree, beside its own")),
        ],
        initial=["terms", "codes"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, point: ContactPoint, **kwargs: Any) -> None:
        self.point = point
        super().__init__(*args, initial={"version": point.version}, **kwargs)

    def clean_into(self) -> ContactPoint:
        """Return the one contact point that was named. Raises ValidationError."""
        return successor(self.point, one_line(self.cleaned_data["into"]))


class CopyForm(Form):
    """What the copy of a group is called, and where it is to stand."""

    name = NameField(label=_("Name of the copy"), max_length=MAX_NAME)
    to = forms.CharField(
        label=_("Group"),
        max_length=2000,
        required=False,
        help_text=_("The name, or the path with “ / ” between the names. Leave it empty for the top level."),
        widget=forms.TextInput(attrs=LINE),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        self.organisation = organisation
        super().__init__(*args, **kwargs)

    def clean_to(self) -> ContactGroup | None:
        """Return the one group that is meant. Raises ValidationError."""
        return named_group(self.organisation, self.cleaned_data["to"])
