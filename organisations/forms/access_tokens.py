"""The form with which an access token is made."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import DateField, Form
from organisations.access_tokens import LONGEST
from organisations.forms.people import role_choices
from organisations.models import Organisation
from organisations.rights import PrivilegeType, roles

USUAL = dt.timedelta(days=180)


class AccessTokenForm(Form):
    """What a token is called, what it may do, and until when. `types` are the roles that it may be given."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("What uses it, for example: nightly job, ESDH system."),
        widget=forms.TextInput(attrs={"class": "input-width-l", "autocomplete": "off"}),
    )
    organisation = forms.ChoiceField(
        label=_("Organisation"), help_text=_("The token works for this organisation alone.")
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        help_text=_("Give no more than the work needs."),
        widget=forms.CheckboxSelectMultiple,
    )
    only_reads = forms.BooleanField(label=_("The token may only read"), required=False)
    expires = DateField(
        label=_("Last day"), help_text=_("dd-mm-yyyy, at most a year from now. The token ends after this day.")
    )

    def __init__(
        self,
        *args: Any,
        types: Sequence[PrivilegeType],
        organisations: Sequence[Organisation] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {one.cvr_number: one for one in organisations}
        table = roles()
        self.fields["roles"].choices = role_choices([table[type_] for type_ in types])  # type: ignore[attr-defined]
        self.fields["expires"].initial = timezone.localdate() + min(USUAL, LONGEST)
        if organisations:
            named = [(cvr, one.name) for cvr, one in self.organisations.items()]
            self.fields["organisation"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]

    @property
    def types(self) -> list[PrivilegeType]:
        """The chosen roles."""
        return [PrivilegeType(value) for value in self.cleaned_data["roles"]]

    @property
    def until(self) -> dt.datetime:
        """When the token ends: at the end of its last day, in Danish time."""
        day: dt.date = self.cleaned_data["expires"]
        return timezone.make_aware(dt.datetime.combine(day, dt.time.max))

    @property
    def chosen(self) -> Organisation:
        """The organisation that was chosen."""
        return self.organisations[self.cleaned_data["organisation"]]
