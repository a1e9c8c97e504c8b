"""Forms with which people are invited and given roles."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from adgang.lib.confirm import ReasonForm
from adgang.lib.forms import DateField, Form
from organisations.dates import end_of
from organisations.grants import Wish
from organisations.rights import PrivilegeType, Role


def role_choices(roles: list[Role]) -> list[tuple[str, Any]]:
    """Return the roles to choose from, each with what it may do."""
    return [
        (str(role.type), format_html('{}<span class="form-hint d-block">{}</span>', role.label, role.help))
        for role in roles
    ]


class InviteForm(Form):
    """Whom to invite, with which roles. `roles` are those that the inviter may give."""

    name = forms.CharField(
        label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"class": "input-width-l", "autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The person's own address at work; the invitation is sent there."),
        widget=forms.EmailInput(attrs={"class": "input-width-l", "autocomplete": "off"}),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        help_text=_("Give no more than the work needs; more can be given later."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = role_choices(roles)  # type: ignore[attr-defined]

    @property
    def types(self) -> list[PrivilegeType]:
        """The chosen roles."""
        return [PrivilegeType(value) for value in self.cleaned_data["roles"]]


class AppointForm(Form):
    """The first user administrator of an organisation, invited by the operator."""

    name = InviteForm.base_fields["name"]
    email = InviteForm.base_fields["email"]
    reason = ReasonForm.base_fields["reason"]


class GrantForm(Form):
    """A role for a person. `systems` are (id, name) of those it may be limited to."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    system = forms.TypedChoiceField(
        label=_("Only this system"),
        help_text=_("Only system administrators and readers can be limited to one system, for example a vendor's."),
        required=False,
        coerce=uuid.UUID,
        empty_value=None,
    )
    ends = DateField(
        label=_("Last day"),
        help_text=_("dd-mm-yyyy. The role ends after this day; leave it empty for a role without an end."),
        required=False,
    )

    def __init__(self, *args: Any, roles: list[Role], systems: dict[uuid.UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]
        if not systems:
            del self.fields["system"]
        else:
            choices = [("", _("All systems")), *((str(id_), name) for id_, name in systems.items())]
            self.fields["system"].choices = choices  # type: ignore[attr-defined]

    @property
    def wish(self) -> Wish:
        """The role as it was asked for; the last day counts whole."""
        last_day: dt.date | None = self.cleaned_data["ends"]
        return Wish(
            type=PrivilegeType(self.cleaned_data["role"]),
            system_id=self.cleaned_data.get("system"),
            active_to=end_of(last_day) if last_day else None,
        )
