"""Forms with which roles are given to another organisation and passed on there."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import CvrField, DateField, Form
from organisations.dates import end_of
from organisations.forms.people import GrantForm, role_choices
from organisations.grants import Wish
from organisations.models import Organisation, Privilege, User, UserGroup
from organisations.models.privilege import Grantee
from organisations.rights import PrivilegeType, Role


class DelegateForm(GrantForm):
    """To which organisation which role, for all of it or one system, until when."""

    cvr = CvrField(label=_("The other organisation's CVR number"))
    field_order = ("cvr", "role", "system", "ends")

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, roles=[role for role in roles if role.delegable], **kwargs)
        self.fields["role"].choices = role_choices([role for role in roles if role.delegable])  # type: ignore[attr-defined]

    def clean_cvr(self) -> Organisation:
        """Return the organisation of the number. Raises ValidationError when it is not registered here."""
        found = Organisation.objects.filter(cvr_number=self.cleaned_data["cvr"]).first()
        if found is None:
            raise ValidationError(_("No organisation with this CVR number is registered here. Ask the operator."))
        return found


class PassOnForm(Form):
    """To whom here a role from another organisation is passed on."""

    to = forms.ChoiceField(label=_("To"), widget=forms.RadioSelect)
    system = forms.TypedChoiceField(label=_("Only this system"), required=False, coerce=uuid.UUID, empty_value=None)
    ends = DateField(
        label=_("Last day"),
        help_text=_("dd-mm-yyyy. Empty: as long as the role was given for."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        parent: Privilege,
        people: list[User],
        groups: list[UserGroup],
        systems: dict[uuid.UUID, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parent = parent
        self.grantees: dict[str, Grantee] = {
            **{f"group-{group.pk}": group for group in groups},
            **{f"user-{person.pk}": person for person in people},
        }
        texts = {key: str(one) for key, one in self.grantees.items()}
        group = _("group")
        choices = [(key, f"{text} ({group})" if key.startswith("group") else text) for key, text in texts.items()]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        if parent.system_id is not None or not parent.role.per_system or not systems:
            del self.fields["system"]
        else:
            offered = [("", _("All systems")), *((str(id_), name) for id_, name in systems.items())]
            self.fields["system"].choices = offered  # type: ignore[attr-defined]

    @property
    def grantee(self) -> Grantee:
        """Whom was chosen."""
        return self.grantees[self.cleaned_data["to"]]

    @property
    def wish(self) -> Wish:
        """What is passed on; the last day counts whole."""
        day = self.cleaned_data["ends"]
        return Wish(
            type=PrivilegeType(self.parent.type),
            system_id=self.parent.system_id or self.cleaned_data.get("system"),
            active_to=end_of(day) if day else None,
            parent=self.parent,
        )
