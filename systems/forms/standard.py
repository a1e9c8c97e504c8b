"""Forms of standard systems."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib.confirm import ReasonForm
from adgang.lib.forms import Form
from organisations.models import Organisation
from systems.forms.editing import protocol_choices
from systems.forms.fields import CONTACTS, TYPES, VENDOR, SystemFields, delivery_fields, networks_field
from systems.models import SystemTemplate
from systems.protocols import NEEDS, Protocol
from systems.standard import values

NAME = gettext_lazy("Name of the standard system")
NAME_HELP = gettext_lazy("What you call the product. Authorities search by it.")


def description_field() -> forms.CharField:
    """Return the field in which a vendor says what its system is."""
    return forms.CharField(
        label=gettext_lazy("Description"),
        help_text=gettext_lazy("What the system is for, and what the authority must have ready before it is set up."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class TemplateStartForm(Form):
    """With what a standard system begins: the rest depends on it."""

    name = forms.CharField(label=NAME, help_text=NAME_HELP, max_length=100)
    description = description_field()
    service_protocol = forms.ChoiceField(label=gettext_lazy("How does post travel?"), widget=forms.RadioSelect)
    is_sender = forms.BooleanField(label=gettext_lazy("It sends post to Digital Post"), required=False)
    is_recipient = forms.BooleanField(label=gettext_lazy("It receives post from Digital Post"), required=False)

    fieldsets = [(gettext_lazy("Which way does post travel?"), TYPES)]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["service_protocol"].choices = protocol_choices()  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["class"] = "input-width-l"

    def clean(self) -> None:
        """Refuse a system that neither sends nor receives."""
        if not (self.cleaned_data.get("is_sender") or self.cleaned_data.get("is_recipient")):
            self.add_error("is_sender", _("Say whether the system sends, receives or does both."))

    def template(self) -> SystemTemplate:
        """Return the unsaved standard system; the vendor's own number is what most write."""
        told = {name: self.cleaned_data[name] for name in ("service_protocol", *TYPES)}
        if self.organisation.type == Organisation.Type.COMPANY:
            told |= {"supplier": self.organisation.name, "delegated_cvr": self.organisation.cvr_number}
        return SystemTemplate(
            organisation=self.organisation,
            name=self.cleaned_data["name"],
            description=self.cleaned_data["description"],
            values=told,
        )


class TemplateForm(SystemFields):
    """Everything a standard system says. The rules of a system's own fields count here too."""

    class Meta(SystemFields.Meta):
        fields = [
            *("name", *TYPES),
            *("endpoint", "receipt_endpoint", "smtp_relay_host", "smtp_relay_port"),
            *("sftp_host", "sftp_port", "sftp_folder"),
            *(*CONTACTS, *VENDOR),
        ]

    description = description_field()
    networks = networks_field()
    to_fill = forms.MultipleChoiceField(
        label=gettext_lazy("What does each authority fill in itself?"),
        help_text=gettext_lazy("What you have written in such a field above is shown as a suggestion."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    version = forms.IntegerField(label=gettext_lazy("Version"), widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, template: SystemTemplate, **kwargs: Any) -> None:
        self.template = template
        kwargs["instance"] = values.system_of(template.values, name=template.name)
        kwargs.setdefault("initial", self.current_values(template) | {"version": template.version})
        super().__init__(*args, **kwargs)
        needs = NEEDS[Protocol(template.values["service_protocol"])]
        delivery = [name for name in delivery_fields(needs) if name not in values.AUTHORITYS_OWN]
        self.keep_only(["name", "description", *TYPES, *delivery, *CONTACTS, *VENDOR, "networks", "to_fill", "version"])
        self.order_fields(["name", "description", *TYPES])
        self.name_endpoints(needs)
        self.fields["name"].label, self.fields["name"].help_text = NAME, NAME_HELP
        self.fields["delegated_cvr"].help_text = gettext_lazy(
            "Your own CVR number, if the system uses your certificate on behalf of the authorities."
        )
        names = [*delivery, *CONTACTS, "supplier", "networks"]
        self.fields["to_fill"].choices = [(name, str(values.label(name))) for name in names]  # type: ignore[attr-defined]
        self.fieldsets = [
            (gettext_lazy("Which way does post travel?"), TYPES),
            (gettext_lazy("Delivery"), delivery),
            (gettext_lazy("Contacts"), CONTACTS),
            (gettext_lazy("Vendor"), VENDOR),
            (gettext_lazy("Allowed addresses"), ["networks"]),
            (gettext_lazy("Left to the authorities"), ["to_fill"]),
        ]

    def current_values(self, current: Any) -> dict[str, Any]:
        """Return the values of the form's fields as the standard system has them."""
        told = {"name": current.name, "description": current.description, "to_fill": list(current.to_fill)}
        return {**current.values, **told}

    @property
    def version_seen(self) -> int:
        """Return the version that the person had in front of them."""
        return int(self.cleaned_data["version"])

    def clean_to_fill(self) -> list[str]:
        """Return the chosen fields, those alone that the directions use."""
        told = {**self.cleaned_data, "service_protocol": self.template.values["service_protocol"]}
        used = values.fillable(told)
        return [name for name in self.cleaned_data["to_fill"] if name in used]

    def filled(self) -> SystemTemplate:
        """Return the standard system with what was typed."""
        protocol = {"service_protocol": self.template.values["service_protocol"]}
        self.template.values = values.kept({**self.cleaned_data, **protocol})
        self.template.name, self.template.description = self.cleaned_data["name"], self.cleaned_data["description"]
        self.template.to_fill = self.cleaned_data["to_fill"]
        return self.template


class OperatorsTemplateForm(TemplateForm):
    """The same, by whoever runs the installation, with a reason."""

    reason = ReasonForm.base_fields["reason"]

    def keep_only(self, names: Any) -> None:
        """Keep the reason too."""
        super().keep_only([*names, "reason"])


class PublishForm(Form):
    """What is new in an edition."""

    note = forms.CharField(
        label=gettext_lazy("What is new?"),
        help_text=gettext_lazy("In a sentence or two, for the authorities that use the system."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def take_template_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Show what the concept refused, at the field that is meant or at the top."""
    by_field = getattr(error, "error_dict", {"__all__": error.error_list if hasattr(error, "error_list") else [error]})
    for field, errors in by_field.items():
        form.add_error(field if field in form.fields else None, errors)
