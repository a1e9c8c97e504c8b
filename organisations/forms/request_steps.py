"""Forms of the steps of a request for access: one step, one form; the values of a step are fields of the request."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import CvrField, DateField, ModelForm
from organisations import terms
from organisations.access_requests import drafting, eligibility
from organisations.access_requests.kinds import Step, journey
from organisations.forms.people import role_choices
from organisations.models import AccessRequest, Organisation, User
from organisations.models.access_request import RequestType
from organisations.rights import PrivilegeType, roles

WIDE = {"class": "input-width-l"}
TEXT = {"rows": 5}


class StepForm(ModelForm):
    """Base of the steps: carries the version of the request, and gives the values to keep."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = AccessRequest
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def _require(self, *names: str) -> None:
        for name in names:
            self.fields[name].required = True

    def values(self) -> dict[str, Any]:
        """Return the answers, by the name of the request's field."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def is_empty(self) -> bool:
        """Say whether nothing at all was sent for this step."""
        names = [name for name, field in self.fields.items() if name != "version" and not field.disabled]
        return not any(self.fields[name].widget.value_from_datadict(self.data, self.files, name) for name in names)

    def emptied(self) -> dict[str, Any]:
        """Return the values of a step that nobody has answered."""
        own = {field.name: field for field in AccessRequest._meta.concrete_fields if field.name != "version"}
        return {name: own[name].get_default() for name, one in self.fields.items() if name in own and not one.disabled}

    # The request as it stands in the database is what is judged when it is sent in, not what a step leaves open.
    def _get_validation_exclusions(self) -> set[str]:
        return {field.name for field in AccessRequest._meta.fields} - set(self.fields)

    def validate_constraints(self) -> None:
        """Constraints concern the whole request; `lifecycle` keeps them."""


class AuthorityForm(StepForm):
    """Which body it is."""

    class Meta(StepForm.Meta):
        fields = ["organisation_name", "authority_type"]
        labels = {"organisation_name": _("Name"), "authority_type": _("Kind of authority")}
        help_texts = {"organisation_name": _("As it stands in the CVR register.")}
        widgets = {"organisation_name": forms.TextInput(attrs=WIDE), "authority_type": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._require("organisation_name", "authority_type")
        choices = Organisation.AuthorityType.choices
        self.fields["authority_type"].choices = choices  # type: ignore[attr-defined]
        if self.instance.organisation is not None:
            self.fields["organisation_name"].disabled = True


class RequesterForm(StepForm):
    """Who asks."""

    class Meta(StepForm.Meta):
        fields = ["requester_position", "requester_phone"]
        labels = {"requester_position": _("Your position"), "requester_phone": _("Your telephone number")}
        help_texts = {
            "requester_position": _("What you are at the authority, or on whose behalf you write."),
            "requester_phone": _("So that whoever handles the request can ask."),
        }
        widgets = {
            "requester_position": forms.TextInput(attrs=WIDE),
            "requester_phone": forms.TextInput(attrs={"class": "input-width-m", "autocomplete": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._require("requester_position")


class ReasonsForm(StepForm):
    """Why access should be given; which texts are asked for depends on the kind of request."""

    class Meta(StepForm.Meta):
        fields = ["qualification", "justification", "legal_basis", "note"]
        labels = {
            "qualification": _("How does the body qualify as a public sender?"),
            "justification": _("Why do you ask?"),
            "legal_basis": _("What is the legal basis?"),
            "note": _("Anything else?"),
        }
        help_texts = {
            "qualification": _("For example: it falls under section 4 of the order on public senders."),
            "justification": _("In your own words. Write no CPR numbers."),
            "legal_basis": _("The law or executive order, with the section, that the body works under."),
            "note": _("A note to whoever handles the request."),
        }
        widgets = {
            **{name: forms.Textarea(attrs=TEXT) for name in ("qualification", "justification", "legal_basis")},
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = journey(self.instance.request_type).texts
        for name in ("qualification", "justification", "legal_basis"):
            if name not in asked:
                del self.fields[name]
        self._require(*asked)


class RolesForm(StepForm):
    """Which roles are asked for, until when and why."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        help_text=_("Ask for no more than the work needs."),
        widget=forms.CheckboxSelectMultiple,
    )
    privilege_end = DateField(
        label=_("Last day"),
        help_text=_("dd-mm-yyyy. The roles end after this day; leave it empty for roles without an end."),
        required=False,
    )

    class Meta(StepForm.Meta):
        fields = ["privilege_end", "justification"]
        labels = {"justification": _("Why do you ask?")}
        help_texts = {"justification": _("In your own words. Write no CPR numbers.")}
        widgets = {"justification": forms.Textarea(attrs={"rows": 4})}

    field_order = ["roles", "privilege_end", "justification"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_delegation = self.instance.request_type != RequestType.PRIVILEGE_REQUEST
        offered = [role for role in roles().values() if not role.installation and (role.delegable or not is_delegation)]
        self.fields["roles"].choices = role_choices(offered)  # type: ignore[attr-defined]
        self.initial["roles"] = self.instance.privileges
        self._require("justification")

    def clean_privilege_end(self) -> dt.date | None:
        """Refuse a day that is over."""
        day: dt.date | None = self.cleaned_data["privilege_end"]
        if day is not None and day < timezone.localdate():
            raise ValidationError(_("Choose a day in the future."))
        return day

    def emptied(self) -> dict[str, Any]:
        """Return no roles."""
        return {"privileges": [], **super().emptied()}

    def values(self) -> dict[str, Any]:
        """Return the answers, the roles as the request keeps them."""
        values = super().values()
        return {"privileges": [str(PrivilegeType(role)) for role in values.pop("roles")], **values}


class DelegateForm(RolesForm):
    """Which other organisation is to act, in which roles."""

    delegate_cvr = CvrField(label=_("CVR number of the organisation that is to act for you"))
    field_order = ["delegate_cvr", "roles", "privilege_end", "justification"]

    def emptied(self) -> dict[str, Any]:
        """Return nobody who acts, in no roles."""
        return {"delegate_cvr": "", **super().emptied()}

    def clean_delegate_cvr(self) -> str:
        """Refuse an organisation that is not here, and one's own."""
        cvr = str(self.cleaned_data["delegate_cvr"])
        if cvr == self.instance.cvr_number:
            raise ValidationError(_("An organisation cannot delegate to itself."))
        if eligibility.registered(cvr) is None:
            raise ValidationError(_("No organisation with that CVR number is registered here."))
        return cvr

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["delegate_cvr"] = self.instance.delegate_cvr


class DocumentsForm(StepForm):
    """Nothing to fill in: that all documents are there."""

    def clean(self) -> dict[str, Any]:
        """Name what is missing."""
        cleaned = super().clean() or {}
        for paper in drafting.missing_papers(self.instance):
            self.add_error(None, _("Upload: %(paper)s") % {"paper": paper})
        return cleaned


class TermsForm(StepForm):
    """That the terms have been read and are accepted; `terms_id` is the version that was shown."""

    accept = forms.BooleanField(label=_("I have read the terms and accept them on behalf of the authority"))
    terms_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = terms.newest()
        self.newest = newest
        if newest is not None:
            self.initial["terms_id"] = newest.pk
            self.initial["accept"] = drafting.has_read_newest_terms(self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse a version that counts no more."""
        cleaned = super().clean() or {}
        if self.newest is None or cleaned.get("terms_id") != self.newest.pk:
            self.add_error(None, _("A newer version of the terms was published while you were reading. Read it below."))
        return cleaned

    def emptied(self) -> dict[str, Any]:
        """Return that nothing was accepted."""
        return {"terms": None, "terms_accepted": None}

    def values(self) -> dict[str, Any]:
        """Return the version and when it was accepted."""
        return {"terms": self.newest, "terms_accepted": timezone.now()}


class TargetForm(StepForm):
    """Who is to be user administrator."""

    class Meta(StepForm.Meta):
        fields = ["target_name", "target_email", "target_position"]
        labels = {"target_name": _("Name"), "target_email": _("E-mail"), "target_position": _("Position")}
        help_texts = {
            "target_name": _("The person invites the others and gives them their roles. It may be yourself."),
            "target_email": _("The person's own address at work. A code is sent there when the request is approved."),
        }
        widgets = {
            "target_name": forms.TextInput(attrs=WIDE),
            "target_email": forms.EmailInput(attrs=WIDE),
            "target_position": forms.TextInput(attrs=WIDE),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._require("target_name", "target_email")

    def clean_target_email(self) -> str:
        """Return the address in the one form in which it is kept."""
        return User.objects.normalize(self.cleaned_data["target_email"])


FORMS: dict[Step, type[StepForm]] = {
    Step.AUTHORITY: AuthorityForm,
    Step.REQUESTER: RequesterForm,
    Step.REASONS: ReasonsForm,
    Step.ROLES: RolesForm,
    Step.DELEGATE: DelegateForm,
    Step.DOCUMENTS: DocumentsForm,
    Step.TERMS: TermsForm,
    Step.TARGET: TargetForm,
}
