"""What a MailSystemCommand says, put onto a system; what cannot stand is named by its name on the wire."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib import cvr
from adgang.lib.api.enums import SystemType
from adgang.lib.api.errors import FieldError, invalid, of_findings, refuse
from adgang.lib.api.wire import wire_name
from organisations.event_tags import Tag
from systems.addresses import MAX_LINES, parse_network, sorted_networks
from systems.api.schemas import AllowedIp, MailSystemCommand
from systems.dating import date_refusals, tag_of
from systems.documents import ON_THE_WIRE
from systems.models import ReceiptFormat, System, SystemTemplate, TemplateUse

NAMES = ON_THE_WIRE | {"active_from": "activeFrom", "active_to": "activeTo", "registry_id": "registryId"}
TEXTS = ("name", "endpoint", "receipt_endpoint", "supplier", "business_contact_email")


def write(system: System, body: MailSystemCommand, *, before: System | None) -> list[str]:
    """Set the fields of the unsaved `system`; return its allowed addresses. Raises `ApiError`."""
    types = set(body.system_types or ())
    for name in TEXTS:
        setattr(system, name, (getattr(body, name) or "").strip())
    system.delegated_cvr = cvr.digits(body.delegated_cvr or "")
    system.service_protocol = str(body.service_protocol or "")
    system.receipt_format = str(body.receipt_format or (before.receipt_format if before else ReceiptFormat.MEMO))
    system.is_sender = SystemType.SENDER in types
    system.is_default_recipient = SystemType.RECIPIENT_DEFAULT in types
    system.is_recipient = bool(types & {SystemType.RECIPIENT, SystemType.RECIPIENT_DEFAULT})
    if "registry_id" in body.model_fields_set:
        system.registry_id = body.registry_id
    contact = body.technical_contact
    system.technical_contact_name = ((contact and contact.name) or "").strip()
    system.technical_contact_email = ((contact and contact.email) or "").strip()
    system.technical_contact_phone = ((contact and contact.phone_number) or "").strip()
    networks = _networks(body.allowed_ips or [])
    _date(system, body, before)
    return networks


def template_of(body: MailSystemCommand, *, standing: TemplateUse | None = None) -> SystemTemplate | None:
    """Return the standard system that the command names, unless it is the one that the system follows already.

    One that is not named stays: from which a system was made is no property to be emptied. Raises `ApiError` for one
    that is not on offer.
    """
    if body.standard_system_template_id in (None, standing and standing.template_id):
        return None
    found: SystemTemplate | None = SystemTemplate.objects.on_offer().filter(pk=body.standard_system_template_id).first()
    if found is None or found.values["service_protocol"] != str(body.service_protocol or ""):
        text = _("No standard system with this ID and protocol is on offer.")
        rejected = str(body.standard_system_template_id)
        raise invalid([_fault("standardSystemTemplateId", "template.unknown", text, rejected)])
    return found


def _networks(listed: list[AllowedIp]) -> list[str]:
    """Return the addresses in their one form. Raises `ApiError` for what is none, twice, or too many."""
    found: list[str] = []
    wrong: list[FieldError] = []
    for index, one in enumerate(listed):
        field = f"allowedIps.{index}.ip"
        try:
            network = parse_network(one.ip or "")
        except ValidationError as error:
            wrong.append(_fault(field, "allowed_ip.invalid", " ".join(error.messages), one.ip))
            continue
        if network in found:
            text = _("%(network)s stands there twice.") % {"network": network}
            wrong.append(_fault(field, "allowed_ip.twice", text, one.ip))
        found.append(network)
    if len(found) > MAX_LINES:
        text = _("A system has at most %(limit)s addresses and ranges.") % {"limit": MAX_LINES}
        wrong.append(_fault("allowedIps", "allowed_ip.many", text))
    if wrong:
        raise invalid(wrong)
    return sorted_networks(found)


def _fault(field: str, code: str, message: str, rejected: str | None = None) -> FieldError:
    return FieldError(resource="system", field=field, code=code, message=message, rejected=rejected)


def _date(system: System, body: MailSystemCommand, before: System | None) -> None:
    """Set the dates. Raises `ApiError` for what keeps them from counting, once the rest can stand."""
    system.active_from, system.active_to = body.active_from, body.active_to
    if system.service_protocol and (refused := date_refusals(system, before, at=timezone.now())):
        raise of_findings(refused, resource="system", field="activeFrom", code="system.not_ready")


def tag(system: System, before: System) -> Tag:
    """Return what the change is called in the log."""
    return tag_of(system, before, at=timezone.now())


@contextmanager
def refusing(body: MailSystemCommand) -> Iterator[None]:
    """Turn what the rules refuse into the 400 that names the properties."""
    try:
        yield
    except ValidationError as error:
        sent = {wire_name(name): value for name, value in body.model_dump(mode="json", by_alias=False).items()}
        scalar = {name: value for name, value in sent.items() if isinstance(value, str | int | float | bool)}
        refuse(error, resource="system", names=NAMES, sent=scalar)
