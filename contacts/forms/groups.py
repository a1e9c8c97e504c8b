"""The forms of a group."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from contacts import rules
from contacts.csv_columns import MAX_ID, whole_number
from contacts.forms.fields import LinesField, NameField, TextField, ValuesForm, Versioned, registry_id_field, without
from contacts.models import ContactGroup
from contacts.models.group import MAX_NAME, MAX_TEXT
from contacts.values import GroupValues


class GroupForm(ValuesForm):
    """A group's values."""

    name = NameField(
        label=_("Name"), max_length=MAX_NAME, help_text=_("What writers look for, for example “Børn og familie”.")
    )
    description = TextField(
        label=_("Description"),
        required=False,
        max_length=MAX_TEXT,
        help_text=_("One or two sentences that writers see under the name."),
    )
    organisational_unit = forms.BooleanField(
        label=_("The group is an organisational unit"),
        required=False,
        help_text=_("Tick it when the group stands for a department or an institution rather than a subject."),
    )
    postkasse_ids = LinesField(
        label=_("IDs of former mailboxes"),
        read=lambda line: whole_number(line, MAX_ID),
        help_text=_("One a line. Only for messages that still carry the old numbers."),
    )

    fieldsets = [(_("Digital Post"), ["registry_id", "postkasse_ids"])]

    def __init__(self, *args: Any, values: GroupValues | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = values
        if not settings.ADGANG_IS_REGISTRY:
            self.fields["registry_id"] = registry_id_field()
        self.initial = {**(vars(values) if values else {}), **self.initial}

    def clean(self) -> dict[str, Any]:
        """Judge the values as a whole."""
        cleaned = super().clean() or self.cleaned_data
        self.blame(rules.group_faults(self.values()))
        return cleaned

    def values(self) -> GroupValues:
        """Return what the form says."""
        kept = self.before.registry_id if self.before else None
        return GroupValues(**({"name": "", "registry_id": kept} | without(self.cleaned_data, "version")))


class GroupEditForm(Versioned, GroupForm):
    """A group's values, changed."""

    def current_values(self, current: Model) -> dict[str, Any]:
        """Return the values as they stand now, for comparison."""
        return vars(GroupValues.of(current)) if isinstance(current, ContactGroup) else {}
