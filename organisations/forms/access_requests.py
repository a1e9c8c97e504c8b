"""Forms with which a request for access begins, carries documents and ends in a code; and of a new account."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import CvrField, Form
from organisations.access_requests.kinds import JOURNEYS, journey
from organisations.models import AccessRequest, Organisation
from organisations.models.access_request import DocumentationType, RequestType


class BeginForm(Form):
    """What is asked for, and for whom. `kinds` are those that the person may begin, `vendors` whom they may ask for."""

    kind = forms.ChoiceField(label=_("What do you need?"), widget=forms.RadioSelect)
    cvr = CvrField(label=_("CVR number of the authority that it concerns"))
    vendor = forms.ChoiceField(
        label=_("Which organisation do you ask for?"),
        help_text=_("Only when you ask an authority to let your organisation act for it."),
        required=False,
    )

    def __init__(
        self, *args: Any, kinds: Iterable[RequestType], vendors: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.value, _with_help(kind)) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        self.vendors = {one.cvr_number: one for one in vendors}
        if not self.vendors:
            del self.fields["vendor"]
        else:
            options = [(cvr, one.name) for cvr, one in self.vendors.items()]
            self.fields["vendor"].choices = [("", _("Choose")), *options]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the organisation where one is needed."""
        cleaned = super().clean() or {}
        if self.request_type is RequestType.APPOINTED_DELEGATION_REQUEST:
            if not cleaned.get("vendor"):
                self.add_error("vendor", _("Choose the organisation that is to act for the authority."))
            elif cleaned["vendor"] == cleaned.get("cvr"):
                self.add_error("cvr", _("An organisation cannot delegate to itself."))
        return cleaned

    @property
    def request_type(self) -> RequestType | None:
        """The chosen kind of request."""
        return RequestType(self.cleaned_data["kind"]) if self.cleaned_data.get("kind") else None

    @property
    def requester_organisation(self) -> Organisation | None:
        """Whom the person asks for, where it is an organisation."""
        is_vendor = self.request_type is RequestType.APPOINTED_DELEGATION_REQUEST
        return self.vendors.get(self.cleaned_data.get("vendor", "")) if is_vendor else None


def _with_help(kind: RequestType) -> Any:
    return format_html('{}<span class="form-hint d-block">{}</span>', kind.label, JOURNEYS[kind].why)


class UploadForm(Form):
    """One document, with what it is."""

    documentation_type = forms.ChoiceField(label=_("What is the document?"))
    file = forms.FileField(
        label=_("File (PDF, PNG or JPEG)"), help_text=_("At most 10 MiB."), allow_empty_file=True, max_length=None
    )

    def __init__(self, *args: Any, case: AccessRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(paper.value, paper.label) for paper in journey(case.request_type).papers]
        self.fields["documentation_type"].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]

    @property
    def type(self) -> DocumentationType:
        """What the document is."""
        return DocumentationType(self.cleaned_data["documentation_type"])


class CodeForm(Form):
    """The activation code from the mail."""

    code = forms.UUIDField(
        label=_("Activation code"),
        help_text=_("It stands in the mail to the appointed person and has 36 characters."),
        widget=forms.TextInput(
            attrs={"class": "input-width-xl", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
        error_messages={"invalid": _("Copy the whole code from the mail: 36 characters with hyphens")},
    )


class RegisterForm(Form):
    """Whose account is to be opened."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("Your own address at work. A link is sent there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input-width-l"}),
    )
