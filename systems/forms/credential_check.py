"""The form of the check before use."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from certificates.forms import CertificateForm
from systems.models import System


class CredentialCheckForm(CertificateForm):
    """A certificate or SSH key, and the system it is meant for."""

    for_system = forms.ModelChoiceField(
        label=_("For which system?"),
        help_text=_("Kind, CVR number, the vendor's CVR number and environment are judged for that system."),
        queryset=System.objects.none(),
        required=False,
        empty_label=_("No particular system"),
    )
    field_order = ["for_system", "file", "text"]

    def __init__(self, *args: Any, systems: QuerySet[System], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["for_system"]
        chosen.queryset = systems.select_related("organisation").order_by("name")
        self.fields["file"].label = _("Certificate or SSH key")
        self.fields["file"].help_text = _("A .cer, .crt, .der, .pem or .pub file, never one with the private key")
        self.fields["text"].help_text = _("A certificate from BEGIN to END, or the line of an SSH public key")

    @property
    def system(self) -> System | None:
        """The chosen system."""
        chosen: System | None = self.cleaned_data.get("for_system")
        return chosen
