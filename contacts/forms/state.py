"""The form of a contact point's state."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from contacts import states
from contacts.csv_columns import Refused
from contacts.forms.fields import told
from contacts.models import ContactPoint
from contacts.models.group import MAX_NAME
from contacts.texts import one_line
from organisations.models import Organisation


class StateForm(Form):
    """A point's state, and the contact point that takes over from it."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[(state.value, state.label) for state in states.CHOICES],
        widget=forms.RadioSelect,
    )
    replaced_by = forms.CharField(
        label=_("Replaced by"),
        required=False,
        max_length=MAX_NAME,
        help_text=_("Name or ID of the contact point that takes over, if there is one."),
        widget=forms.TextInput(attrs={"class": "input-width-l", "autocomplete": "off"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, point: ContactPoint, **kwargs: Any) -> None:
        self.point = point
        state = states.state(point)
        initial = {"version": point.version, "replaced_by": point.replaced_by or ""}
        if state in states.CHOICES:
            initial["state"] = state.value
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)

    def clean_replaced_by(self) -> uuid.UUID | None:
        """Return the id of the one contact point that was named. Raises ValidationError."""
        text = one_line(self.cleaned_data["replaced_by"])
        if not text or text == str(self.point.replaced_by):
            return self.point.replaced_by if text else None
        return successor(self.point, text).pk


def successor(point: ContactPoint, text: str) -> ContactPoint:
    """Return the one other contact point that a name or ID means. Raises ValidationError."""
    found = list(_named(point.organisation, text)[:2])
    code = "successor.unknown" if not found else "successor.several" if len(found) > 1 else ""
    if found == [point]:
        code = "successor.itself"
    if code:
        raise ValidationError(told(Refused(code, value=text)))
    return found[0]


def _named(organisation: Organisation, text: str) -> QuerySet[ContactPoint]:
    points = ContactPoint.objects.filter(organisation=organisation)
    try:
        id_ = uuid.UUID(text)
    except ValueError:
        return points.filter(name=text)
    return points.filter(Q(pk=id_) | Q(registry_id=id_))
