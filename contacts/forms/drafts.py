"""The forms of a draft, and those by which groups and points are changed in one."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from contacts import states
from contacts.csv_columns import Refused
from contacts.drafts.merging import Node
from contacts.forms.fields import LONG, NameField, TextField, told, without
from contacts.forms.groups import GroupEditForm
from contacts.forms.points import PointEditForm, point_initial
from contacts.loading import PointNode, Structure
from contacts.models import Draft
from contacts.models.draft import MAX_NAME, MAX_NOTE
from contacts.models.group import MAX_NAME as LONGEST_NAME
from contacts.states import SWITCHES, State
from contacts.texts import one_line
from contacts.values import PointValues


class DraftForm(Form):
    """What a draft is called, and what it is for."""

    name = NameField(
        label=_("Name"),
        max_length=MAX_NAME,
        help_text=_("What is to change, for example “New organisation on 1 January”."),
    )
    note = TextField(
        label=_("Note"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs=LONG),
        help_text=_("For your colleagues: why it is done, and who decides."),
    )


class DraftEditForm(DraftForm):
    """A draft's name and note, changed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def current_values(self, current: Draft) -> dict[str, Any]:
        """Return name and note as they stand now, for comparison."""
        return {"name": current.name, "note": current.note}


class Seen:
    """A group or point of a draft as a form saw it: `version` is its stamp."""

    def __init__(self, node: Node, version: int) -> None:
        self.node, self.version = node, version


class DraftGroupForm(GroupEditForm):
    """A group's values, changed in a draft."""

    def current_values(self, current: Any) -> dict[str, Any]:
        """Return the values as the draft has them now, for comparison."""
        return dict(vars(current.node.values))


def _state_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("State"),
        choices=[(state.value, state.label) for state in states.CHOICES],
        widget=forms.RadioSelect,
    )


class DraftPointForm(PointEditForm):
    """A point's values, changed in a draft: state and successor stand among them."""

    field_order = ["name", "description", "audiences", "system", "state", "replaced_by", "search_terms"]

    def __init__(self, *args: Any, structure: Structure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.structure = structure
        self.fields["state"] = _state_field()
        self.fields["replaced_by"] = forms.CharField(
            label=_("Replaced by"),
            required=False,
            max_length=LONGEST_NAME,
            help_text=_("Name or ID of the contact point that takes over, if there is one."),
            widget=forms.TextInput(attrs={"class": "input-width-l", "autocomplete": "off"}),
        )
        self.order_fields(self.field_order)
        values = self.instance.node.values
        self.initial = {**self.initial, **_initial_state(values)}

    def clean_replaced_by(self) -> uuid.UUID | None:
        """Return the id of the one point of the draft that was named. Raises ValidationError."""
        text = one_line(self.cleaned_data["replaced_by"])
        node = self.instance.node
        if not text:
            return None
        if text == str(node.values.replaced_by):
            return uuid.UUID(text)
        return named(self.structure, node, text).id

    def values(self) -> PointValues:
        """Return what the form says, the state included."""
        state = self.cleaned_data.get("state")
        given = without(vars(super().values()), "state")
        if state in {one.value for one in states.CHOICES}:
            active, visible = SWITCHES[State(state)]
            given |= {"active": active, "visible": visible}
        return PointValues(**(given | {"replaced_by": self.cleaned_data.get("replaced_by")}))

    def current_values(self, current: Any) -> dict[str, Any]:
        """Return the values as the draft has them now, for comparison."""
        values = current.node.values
        return point_initial(values) | _initial_state(values)


def _initial_state(values: PointValues) -> dict[str, Any]:
    state = states.of(active=values.active, visible=values.visible)
    shown = {"replaced_by": str(values.replaced_by or "")}
    return shown | ({"state": state.value} if state in states.CHOICES else {})


def named(structure: Structure, node: PointNode, text: str) -> PointNode:
    """Return the one other point of a draft that a name or ID means. Raises ValidationError."""
    found = [
        other
        for other in structure.points.values()
        if text in (other.values.name, str(other.id), str(other.values.registry_id))
    ]
    code = "successor.unknown" if not found else "successor.several" if len(found) > 1 else ""
    if found == [node]:
        code = "successor.itself"
    if code:
        raise ValidationError(told(Refused(code, value=text)))
    return found[0]


class CopyForm(Form):
    """What the copy of a branch is called."""

    name = NameField(label=_("Name of the copy"), max_length=LONGEST_NAME)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
