"""Forms of guided creation: one step, one form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adgang.lib.forms import Form
from organisations.models import Organisation
from systems import drafting
from systems.drafting import Step
from systems.forms.editing import protocol_choices
from systems.forms.fields import CONTACTS, TYPES, VENDOR, SystemFields, delivery_fields, networks_field
from systems.models import System, SystemDraft, TemplateEdition

COMES_FROM = _("Comes from the standard system.")
FILL_IN = _("The vendor asks you to fill it in.")


class StepForm(SystemFields):
    """Base: the draft stands in for the system; `values` is what the draft keeps. `version` travels along."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """Return the cleaned answers of the step, as JSON."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class KindForm(StepForm):
    """What the system is called, and in which direction post travels."""

    class Meta(SystemFields.Meta):
        fields = ["name", *TYPES]

    fieldsets = [(_("Which way does post travel?"), TYPES)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_only(["name", *TYPES, "version"])


class ProtocolStepForm(StepForm):
    """How post travels."""

    class Meta(SystemFields.Meta):
        fields = ["service_protocol"]

    service_protocol = forms.ChoiceField(label=_("How does post travel?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_only(["service_protocol", "version"])
        self.fields["service_protocol"].choices = protocol_choices()  # type: ignore[attr-defined]


class DeliveryForm(StepForm):
    """Where messages and receipts are delivered; what is asked depends on protocol and direction."""

    class Meta(SystemFields.Meta):
        fields = [
            *("endpoint", "receipt_endpoint", "smtp_relay_host", "smtp_relay_port"),
            *("ssh_username", "sftp_host", "sftp_port", "sftp_folder"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        system = self.instance
        names = delivery_fields(system.needs, receives=system.is_recipient, sends=system.is_sender)
        self.keep_only([*names, "version"])
        self.name_endpoints(system.needs)


class ContactsForm(StepForm):
    """Whom to turn to."""

    class Meta(SystemFields.Meta):
        fields = [*CONTACTS, "supplier"]

    fieldsets = [(_("Contacts"), CONTACTS), (_("Vendor"), VENDOR)]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_only([*CONTACTS, *VENDOR, "version"])


class AddressesStepForm(Form):
    """From where the system calls."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    networks = networks_field()

    def __init__(self, *args: Any, instance: System, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = instance

    def values(self) -> dict[str, Any]:
        """Return the cleaned answers of the step, as JSON."""
        return {"networks": self.cleaned_data["networks"]}


FORMS: dict[Step, type[StepForm] | type[AddressesStepForm]] = {
    Step.KIND: KindForm,
    Step.PROTOCOL: ProtocolStepForm,
    Step.DELIVERY: DeliveryForm,
    Step.CONTACTS: ContactsForm,
    Step.ADDRESSES: AddressesStepForm,
}


def first_form(organisation: Organisation, data: Any = None) -> KindForm:
    """Return the form with which a draft begins."""
    return KindForm(data, instance=System(organisation=organisation))


def step_form(step: Step, draft: SystemDraft, data: Any = None) -> StepForm | AddressesStepForm:
    """Return the form of a step, filled in with the draft's answers or with what was sent."""
    initial = {"version": draft.version, "networks": drafting.networks_of(draft)}
    form = FORMS[step](data, instance=drafting.system_of(draft), initial=initial)
    if edition := drafting.edition_of(draft):
        mark_origin(form, draft, edition)
    return form


def mark_origin(form: StepForm | AddressesStepForm, draft: SystemDraft, edition: TemplateEdition) -> None:
    """Say at each field what comes from the standard system, and what its vendor leaves to the authority."""
    for name, field in form.fields.items():
        told = edition.values.get(name)
        if name in edition.to_fill:
            field.required = True
            field.help_text = f"{field.help_text} {FILL_IN}"
        elif told not in (None, "", []) and told == draft.values.get(name):
            field.help_text = f"{field.help_text} {COMES_FROM}"
