"""The form that says who sees to a branch of the structure."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from contacts.models import ContactGroup
from organisations.models import User


class ResponsibleForm(Form):
    """The responsible person of a group: one of `people`, or nobody of its own."""

    responsible = forms.TypedChoiceField(
        label=_("Responsible person"),
        required=False,
        empty_value=None,
        help_text=_("Sees to it that the group and everything below it is reviewed and kept up to date."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, group: ContactGroup, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(
            *args, initial={"version": group.version, "responsible": str(group.responsible_id or "")}, **kwargs
        )
        known = {str(person.pk): person for person in people}
        field: Any = self.fields["responsible"]
        field.choices = [("", _("Nobody of its own")), *((pk, person.name) for pk, person in known.items())]
        field.coerce = known.get
