"""The form with which an operator helps somebody back into their account."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form


class RecoverForm(Form):
    """Whose account, what was lost, and why it may be believed."""

    FACTOR: ClassVar[str] = "factor"
    EMAIL: ClassVar[str] = "email"

    email = forms.EmailField(label=_("E-mail of the account"), max_length=254)
    lost = forms.ChoiceField(
        label=_("What is lost"),
        choices=[
            (FACTOR, _("The second factor: passkeys, app and recovery codes")),
            (EMAIL, _("The e-mail: the account gets another one")),
        ],
        widget=forms.RadioSelect,
    )
    new_email = forms.EmailField(
        label=_("New e-mail"), max_length=254, required=False, help_text=_("Only if the e-mail is lost.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Also how you made sure who the person is. Is kept in the event log; write no CPR numbers."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the new address where one is needed."""
        cleaned = super().clean() or {}
        if cleaned.get("lost") == self.EMAIL and not cleaned.get("new_email") and "new_email" not in self.errors:
            self.add_error("new_email", ValidationError(_("Write the address that the account shall have.")))
        return cleaned
