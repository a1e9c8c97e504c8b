"""Forms of whoever decides requests for access."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form, ModelForm, VersionedForm
from organisations.access_requests.kinds import journey
from organisations.models import AccessRequest

COMMENTS = {
    "qualification": "qualification_comments",
    "justification": "justification_comments",
    "legal_basis": "legal_basis_comments",
}
SHORT = forms.Textarea(attrs={"rows": 3})


class CommentsForm(VersionedForm, ModelForm):
    """A comment for each text of the request, and a note; the requester reads them when it is sent back or decided."""

    class Meta:
        model = AccessRequest
        fields = [*COMMENTS.values(), "processor_note"]
        labels = {
            "qualification_comments": _("Comments on the qualification"),
            "justification_comments": _("Comments on the justification"),
            "legal_basis_comments": _("Comments on the legal basis"),
            "processor_note": _("Note to the requester"),
        }
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in [*COMMENTS.values(), "processor_note"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = journey(self.instance.request_type).texts
        for text, name in COMMENTS.items():
            if text not in asked:
                del self.fields[name]

    def validate_constraints(self) -> None:
        """Constraints concern the whole request; `lifecycle` keeps them."""

    def comments(self) -> dict[str, str]:
        """Return the comments by the name of the request's field."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class MoreForm(Form):
    """What is missing, when a request is sent back."""

    note = forms.CharField(
        label=_("What is missing?"),
        help_text=_("The requester gets it by mail, together with your comments on the texts."),
        max_length=4000,
        widget=SHORT,
    )


class RejectForm(Form):
    """Why a request is rejected."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The requester gets it by mail. Write no CPR numbers."),
        max_length=2000,
        widget=SHORT,
    )
