"""Forms about an organisation, its logo and the terms."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adgang.lib.confirm import ReasonForm
from adgang.lib.forms import CvrField, DateField, Form, ModelForm, VersionedForm
from organisations import refusals, registering
from organisations.models import Organisation

CONTACT = (_("Legal contact"), ["legal_contact_name", "legal_contact_email", "legal_contact_phone"])
HELP = {
    "name": _("As it stands in the CVR register."),
    "industry_code": _("6 digits from the CVR register."),
    "authority_type": _("Decides where citizens find you when they write."),
    "legal_contact_name": _("Who answers for the authority's use of Digital Post."),
    "legal_contact_email": _("Read by somebody also during holidays."),
    "legal_contact_phone": _("With country code, if it is not Danish."),
    "contactable": _("Untick it if nobody shall write to you through Digital Post; step 3 is then not relevant."),
    "uses_systems": _("Untick it if you only read your post on Virk; step 2 is then not relevant."),
}


class _OrganisationForm(ModelForm):
    def clean(self) -> dict[str, Any]:
        """Refuse a kind of authority for a company."""
        cleaned = super().clean() or {}
        type_ = cleaned.get("type", self.instance.type)
        if type_ == Organisation.Type.COMPANY and cleaned.get("authority_type"):
            self.add_error("authority_type", ValidationError(registering.COMPANY_KIND))
        return cleaned


class OrganisationForm(VersionedForm, _OrganisationForm):
    """What an organisation may change about itself."""

    fieldsets = [CONTACT, (_("How you use Digital Post"), ["contactable", "uses_systems"])]

    class Meta:
        model = Organisation
        fields = [
            "name",
            "industry_code",
            "authority_type",
            "legal_contact_name",
            "legal_contact_email",
            "legal_contact_phone",
            "contactable",
            "uses_systems",
        ]
        help_texts = HELP


class SecondFactorPolicyForm(VersionedForm, ModelForm):
    """From which day an organisation asks for a second factor."""

    second_factor_from = DateField(
        label=_("Second factor required from"),
        required=False,
        help_text=_("dd-mm-yyyy. From that day everybody with rights here needs one. Leave it empty to ask for none."),
    )

    class Meta:
        model = Organisation
        fields = ["second_factor_from"]

    def clean_second_factor_from(self) -> dt.date | None:
        """Refuse a new day that has passed."""
        day: dt.date | None = self.cleaned_data["second_factor_from"]
        if day and day != self.initial.get("second_factor_from") and day < timezone.localdate():
            raise ValidationError(_("Choose today or a later day."))
        return day


class OrganisationCreateForm(_OrganisationForm):
    """A new organisation, by the operator."""

    cvr_number = CvrField()
    fieldsets = [CONTACT]

    class Meta:
        model = Organisation
        fields = [
            "name",
            "cvr_number",
            "type",
            "authority_type",
            "industry_code",
            "legal_contact_name",
            "legal_contact_email",
            "legal_contact_phone",
        ]
        help_texts = HELP

    def clean_cvr_number(self) -> str:
        """Refuse what cannot be a CVR number."""
        cvr = str(self.cleaned_data["cvr_number"])
        if fault := registering.cvr_fault(cvr):
            raise ValidationError(refusals.text(fault))
        return cvr


class OrganisationManageForm(VersionedForm, _OrganisationForm):
    """What only the operator may change about an organisation, with the reason for it."""

    reason = ReasonForm.base_fields["reason"]
    fieldsets = [(_("Permissions"), ["legal_notification_allowed", "mandatory_post_allowed"]), ("", ["reason"])]

    class Meta:
        model = Organisation
        fields = [
            "name",
            "type",
            "authority_type",
            "status_type",
            "legal_notification_allowed",
            "mandatory_post_allowed",
        ]
        help_texts = HELP


class LogoForm(VersionedForm, Form):
    """A picture to upload. `instance` is the organisation."""

    picture = forms.FileField(
        label=_("Logo"),
        help_text=_("A PNG picture of at most 512 KiB and 1000 × 1000 pixels."),
        widget=forms.FileInput(attrs={"accept": "image/png"}),
    )

    def __init__(self, *args: Any, instance: Organisation, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class TermsAcceptForm(Form):
    """The acceptance of the version that was read."""

    terms_id = forms.UUIDField(widget=forms.HiddenInput)
    accepts = forms.BooleanField(label=_("I have read the terms and accept them on behalf of the authority"))


class TermsPublishForm(Form):
    """A new version of the terms."""

    label = forms.CharField(
        label=_("Version"),
        max_length=50,
        help_text=_("For example 2.0 or a date."),
        widget=forms.TextInput(attrs={"class": "input-width-s"}),
    )
    text_da = forms.CharField(
        label=_("Text in Danish"),
        max_length=100_000,
        help_text=_("Paragraphs are divided by an empty line."),
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    text_en = forms.CharField(
        label=_("Text in English"),
        max_length=100_000,
        required=False,
        help_text=_("Shown to those who read the portal in English; otherwise they see the Danish text."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
