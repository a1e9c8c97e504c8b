"""What forms about systems share: labels and help of the fields, addresses as text, and the rules."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from adgang.lib.findings import Finding
from adgang.lib.forms import CvrField, ModelForm
from systems import rules
from systems.addresses import read_networks
from systems.models import System
from systems.protocols import EndpointKind, Needs

TYPES = ["is_sender", "is_recipient"]
CONTACTS = [
    "technical_contact_name",
    "technical_contact_email",
    "technical_contact_phone",
    "business_contact_email",
]
VENDOR = ["supplier", "delegated_cvr"]
RELAY = ["smtp_relay_host", "smtp_relay_port"]
SERVER = ["sftp_host", "sftp_port", "sftp_folder"]
WIDE = ["name", *CONTACTS, "supplier", "registry_id", "ssh_username", "sftp_host", "sftp_folder", "smtp_relay_host"]

LABELS = {
    "name": _("Name of the system"),
    "is_sender": _("The system sends post to Digital Post (sender system)"),
    "is_recipient": _("The system receives post from Digital Post (recipient system)"),
    "endpoint": _("Messages are delivered to"),
    "receipt_endpoint": _("Receipts are delivered to"),
    "technical_contact_name": _("Technical contact"),
    "technical_contact_email": _("E-mail of the technical contact"),
    "technical_contact_phone": _("Telephone of the technical contact"),
    "business_contact_email": _("E-mail of the business contact"),
    "supplier": _("Vendor of the system"),
    "smtp_relay_host": _("Mail server to check, if not the one in the DNS"),
    "smtp_relay_port": _("Port of that mail server"),
    "ssh_username": _("SSH user name"),
    "sftp_host": _("SFTP server"),
    "sftp_port": _("Port"),
    "sftp_folder": _("Folder"),
    "registry_id": _("ID in Digital Post"),
    "receipt_format": _("Format of receipts"),
}
HELP = {
    "name": _("At most 100 characters. Choose one that your colleagues recognise, such as the specialist system's."),
    "technical_contact_name": _("The person or team to turn to when the connection fails."),
    "technical_contact_email": _("Warnings about the connection and the certificate are sent here."),
    "business_contact_email": _("The office that answers for the post; it gets the serious warnings too."),
    "supplier": _("The name you know the vendor by."),
    "smtp_relay_host": _("Only if the address's own mail server (MX) is not the one that receives from Digital Post."),
    "smtp_relay_port": _("25, 465, 587 or 2525."),
    "ssh_username": _("Leave it empty, and the portal makes one."),
    "sftp_host": _("Only if you run the server yourselves. Leave it empty if Digital Post is the server."),
    "sftp_port": _("Usually 22."),
    "sftp_folder": _("Where files are exchanged, for example /in."),
    "registry_id": _(
        "The ID that Digital Post has given the system. Copy it from Administrativ Adgang: letters need that one."
    ),
    "receipt_format": _("MeMo is the only format for new systems."),
}
ENDPOINT_HELP = {
    EndpointKind.EMAIL: (
        _("The e-mail address that Digital Post sends messages to, if the system receives. Needed in service."),
        _("The e-mail address that Digital Post sends receipts to, if the system sends. Needed in service."),
    ),
    EndpointKind.HTTPS: (
        _("The https address that Digital Post calls with messages, if the system receives. Needed in service."),
        _("The https address that Digital Post calls with receipts, if the system sends. Needed in service."),
    ),
}
DELEGATED_CVR_HELP = _(
    "Only if the vendor uses its own certificate on your behalf. The number alone gives the vendor no access here."
)


def delivery_fields(needs: Needs, *, receives: bool = True, sends: bool = True) -> list[str]:
    """Return the fields about delivery that a protocol uses, for a system of these directions."""
    if needs.ssh:
        return ["ssh_username", *SERVER]
    if needs.endpoint is EndpointKind.NONE:
        return []
    endpoints = [name for name, used in (("endpoint", receives), ("receipt_endpoint", sends)) if used]
    return [*endpoints, *(RELAY if needs.endpoint is EndpointKind.EMAIL else [])]


class NetworksField(forms.CharField):
    """Allowed addresses, one a line; cleaned to a list in canonical form."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"})

    def clean(self, value: Any) -> list[str]:
        """Return the addresses. Raises ValidationError that names each line that cannot be used."""
        return read_networks(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        """Return a list as lines; what was typed stays as it is."""
        return "\n".join(value) if isinstance(value, list) else value


def networks_field() -> NetworksField:
    """Return the field of allowed addresses with its words."""
    return NetworksField(
        label=_("Addresses that the system calls from"),
        help_text=_(
            "One IPv4 or IPv6 address or range a line, for example 192.0.2.10 or 192.0.2.0/28. A range covers at most "
            "32 addresses."
        ),
        required=False,
        max_length=10_000,
    )


class SystemFields(ModelForm):
    """Base of forms over fields of a system: what `rules.faults` says of a field stands at that field."""

    delegated_cvr = CvrField(label=_("The vendor's CVR number"), help_text=DELEGATED_CVR_HELP, required=False)

    class Meta:
        model = System
        fields: list[str] = []
        labels = LABELS
        help_texts = HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = None if self.instance._state.adding else copy(self.instance)
        for port in ("sftp_port", "smtp_relay_port"):
            if port in self.fields:
                self.fields[port].required = False
                self.fields[port].widget.attrs["class"] = "input-width-xs"
        for name in WIDE:
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "input-width-l"

    def keep_only(self, names: Iterable[str]) -> None:
        """Drop every field that is not named."""
        wanted = set(names)
        for name in [name for name in self.fields if name not in wanted]:
            del self.fields[name]

    def name_endpoints(self, needs: Needs) -> None:
        """Say of the addresses what the protocol expects of them."""
        for name, text in zip(("endpoint", "receipt_endpoint"), ENDPOINT_HELP.get(needs.endpoint, ()), strict=False):
            if name in self.fields:
                self.fields[name].help_text = text
                self.fields[name].widget.attrs["class"] = "input-width-xl"

    def clean_sftp_port(self) -> int:
        """Return the port; the usual one when none was typed."""
        return self.cleaned_data["sftp_port"] or 22

    def clean_smtp_relay_port(self) -> int:
        """Return the port; the usual one when none was typed."""
        return self.cleaned_data["smtp_relay_port"] or 25

    def _update_errors(self, errors: ValidationError) -> None:
        """Leave the database's constraints to the rules, which say the same at the field that is meant."""
        of_fields = {name: found for name, found in errors.error_dict.items() if name != NON_FIELD_ERRORS}
        super()._update_errors(ValidationError(of_fields))  # type: ignore[misc]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for field, text in rules.faults(self.instance, at=timezone.now(), before=self.before):
            if field in self.fields and field not in self.errors:
                self.add_error(field, str(text))


def take_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Show what a concept refused by field; what concerns no field of the form stands at its top."""
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)


def take_findings(form: forms.BaseForm, findings: Iterable[Finding], *, field: str | None = None) -> None:
    """Show what a concept refused, at a field or at the top of the form."""
    for found in findings:
        form.add_error(field, f"{found.message} {found.remedy}".strip())
