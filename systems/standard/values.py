"""What a standard system says: which fields, what they are called, and how their values are read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib.cvr import spaced
from adgang.lib.templatetags.adgang import yesno_text
from organisations.models import Organisation
from systems import rules
from systems.addresses import parse_network
from systems.forms.fields import CONTACTS, LABELS, TYPES, VENDOR, delivery_fields
from systems.models import System, SystemTemplate
from systems.protocols import NEEDS, Protocol

Values = Mapping[str, Any]
NETWORKS = "networks"
MORE_LABELS = {
    "service_protocol": gettext_lazy("Protocol"),
    "delegated_cvr": gettext_lazy("The vendor's CVR number"),
    NETWORKS: gettext_lazy("Addresses that the system calls from"),
}
# What every authority chooses by itself, whatever the vendor says.
AUTHORITYS_OWN = frozenset({"ssh_username"})


@dataclass(frozen=True)
class Line:
    """One field of a standard system as it is read."""

    name: str
    label: str | Promise
    text: str
    to_fill: bool


def fields_of(values: Values) -> list[str]:
    """Return the fields that a standard system with these values says something of, in the order of the pages."""
    needs = NEEDS[Protocol(values["service_protocol"])]
    delivery = delivery_fields(needs, receives=values.get("is_recipient", False), sends=values.get("is_sender", False))
    used = [name for name in delivery if name not in AUTHORITYS_OWN]
    return [*TYPES, *used, *CONTACTS, *VENDOR, NETWORKS]


def label(name: str) -> str | Promise:
    """Return what a field is called."""
    return LABELS.get(name) or MORE_LABELS[name]


def text(name: str, value: Any) -> str:
    """Return a value as it is read; "" for none."""
    match name:
        case "service_protocol":
            return str(Protocol(value).label)
        case "is_sender" | "is_recipient":
            return yesno_text(value)
        case "delegated_cvr":
            return spaced(value) if value else ""
        case "networks":
            return ", ".join(value or [])
        case _:
            return str(value or "")


def lines(values: Values, to_fill: Sequence[str]) -> list[Line]:
    """Return what a standard system says, without what it leaves open."""
    names = ["service_protocol", *fields_of(values)]
    told = [Line(name, label(name), text(name, values.get(name)), name in to_fill) for name in names]
    return [line for line in told if line.text or line.to_fill]


def kept(values: Values) -> dict[str, Any]:
    """Return the values that matter for the protocol and the directions."""
    names = ["service_protocol", *fields_of(values)]
    return {name: values[name] for name in names if values.get(name) not in (None, "", [])}


def fillable(values: Values) -> list[str]:
    """Return the fields that a vendor may leave to the authorities."""
    return [name for name in fields_of(values) if name not in (*TYPES, "delegated_cvr")]


def check(template: SystemTemplate) -> None:
    """Raise ValidationError, by field, for values that no system could have."""
    by_field: dict[str, list[Any]] = {}
    for name, fault in rules.faults(system_of(template.values, name=template.name), at=timezone.now()):
        by_field.setdefault(name, []).append(fault)
    if strange := _strange(template.to_fill, fillable(template.values)):
        by_field["to_fill"] = [_("No standard system has the field %(names)s.") % {"names": ", ".join(strange)}]
    for network in template.values.get(NETWORKS, []):
        parse_network(network)
    if by_field:
        raise ValidationError(by_field)


def _strange(names: Iterable[str], known: Sequence[str]) -> list[str]:
    return [name for name in names if name not in known]


def system_of(values: Values, *, name: str) -> System:
    """Return an unsaved system of nobody's that has these values, for the rules and the form."""
    known = {field.name for field in System._meta.concrete_fields}
    own = {key: value for key, value in values.items() if key in known}
    return System(organisation=Organisation(), name=name, **own)
