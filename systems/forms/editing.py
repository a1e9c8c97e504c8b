"""Forms that change a registered system."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form, VersionedForm
from systems.forms.fields import (
    CONTACTS,
    TYPES,
    VENDOR,
    SystemFields,
    delivery_fields,
    networks_field,
)
from systems.models import ReceiptFormat, System
from systems.protocols import NEEDS, Protocol


class SystemForm(VersionedForm, SystemFields):
    """Everything about a system but its protocol, credentials, dates and addresses."""

    class Meta(SystemFields.Meta):
        fields = [
            *("name", *TYPES),
            *("endpoint", "receipt_endpoint", "smtp_relay_host", "smtp_relay_port"),
            *("ssh_username", "sftp_host", "sftp_port", "sftp_folder"),
            *(*CONTACTS, *VENDOR, "registry_id", "receipt_format"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        delivery = delivery_fields(self.instance.needs)
        legacy = self.instance.receipt_format != ReceiptFormat.MEMO
        registration = ["registry_id", *(["receipt_format"] if legacy else [])]
        self.keep_only(["name", *TYPES, *delivery, *CONTACTS, *VENDOR, *registration, "version"])
        self.name_endpoints(self.instance.needs)
        if legacy:
            now = ReceiptFormat(self.instance.receipt_format)
            self.fields["receipt_format"].choices = [(one.value, one.label) for one in (now, ReceiptFormat.MEMO)]  # type: ignore[attr-defined]
        self.fieldsets = [
            (_("Delivery"), delivery),
            (_("Contacts"), CONTACTS),
            (_("Vendor"), VENDOR),
            (_("Digital Post"), registration),
        ]


class ProtocolForm(VersionedForm, SystemFields):
    """Another protocol for a system that is not in service."""

    class Meta(SystemFields.Meta):
        fields = ["service_protocol"]

    service_protocol = forms.ChoiceField(label=_("Protocol"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_only(["service_protocol", "version"])
        self.fields["service_protocol"].choices = protocol_choices()  # type: ignore[attr-defined]


def protocol_choices() -> list[tuple[str, str]]:
    """Return the protocols with one line about each, those that are guided first."""
    ordered = sorted(Protocol, key=lambda protocol: not NEEDS[protocol].guided)
    return [
        (protocol.value, format_html("<strong>{}</strong> – {}", protocol.label, NEEDS[protocol].help))
        for protocol in ordered
    ]


class AddressesForm(VersionedForm, Form):
    """The addresses that a system calls from."""

    networks = networks_field()

    def __init__(self, *args: Any, instance: System, **kwargs: Any) -> None:
        self.instance = instance
        kwargs.setdefault("initial", self.current_values(instance))
        super().__init__(*args, **kwargs)

    def current_values(self, current: Any) -> dict[str, Any]:
        """Return the addresses of the system as it stands."""
        return {"networks": [allowed.network for allowed in current.allowed_ips.all()]}


class CopyForm(Form):
    """The name of a copy."""

    name = forms.CharField(
        label=_("Name of the copy"),
        help_text=_("At most 100 characters. Two systems of an organisation cannot bear the same name."),
        max_length=100,
    )
