"""What a system's own fields must fulfil, whoever writes them: a form, an import or a command."""

import datetime as dt
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from adgang.lib.cvr import has_valid_check
from adgang.lib.dial import Ports, reaches
from systems.endpoints import endpoint_fault, host_fault
from systems.models import ReceiptFormat, System
from systems.protocols import NEEDS, EndpointKind, Needs
from systems.states import COMMITTED, state_between

Fault = tuple[str, str | Promise]

LINES = (
    *("name", "technical_contact_name", "technical_contact_phone", "supplier", "sftp_folder", "endpoint"),
    "receipt_endpoint",
)
REQUIRED_IN_SERVICE = _("The system is in service or planned, so this cannot be left empty.")
NAME_TAKEN = _("Another system of the organisation bears this name. Choose another.")


def in_production() -> bool:
    """Say whether this installation registers systems for production."""
    return bool(settings.ADGANG_ENVIRONMENT == "production")


def faults(system: System, *, at: dt.datetime, before: System | None = None) -> list[Fault]:
    """Return what is wrong with the system's values as (field, text), in the order of the fields.

    `before` is the system as it stands in the database, None for a new one: what is old may stay as it was. At
    most two queries, for what must be unique.
    """
    needs = NEEDS.get(system.service_protocol)  # type: ignore[call-overload]
    of_protocol = [*_endpoints(system, needs, at), *_ssh(system, needs, at)] if needs else []
    return [
        *_lines(system),
        *_name(system),
        *_types(system),
        *_protocol(system),
        *of_protocol,
        *_receipt_format(system, before),
        *_delegated_cvr(system),
        *_servers(system),
        *_registry_id(system),
    ]


def check(system: System, *, at: dt.datetime, before: System | None = None) -> None:
    """Raise ValidationError, by field, when a value does not fit its column or `faults` finds anything.

    Forms have asked already; this is the guard of everything else, and of what changed in the meantime.
    """
    by_field: dict[str, list[Any]] = {}
    try:
        system.clean_fields()
    except ValidationError as error:
        by_field.update(error.error_dict)
    for field, text in faults(system, at=at, before=before):
        by_field.setdefault(field, []).append(text)
    if by_field:
        raise ValidationError(by_field)


def _lines(system: System) -> Iterator[Fault]:
    """A line break or another control character would travel into mails, headers and lists."""
    for field in LINES:
        if any(unicodedata.category(character) == "Cc" for character in getattr(system, field)):
            yield field, _("Write it on one line, without control characters.")


def _name(system: System) -> Iterator[Fault]:
    if not system.name.strip():
        yield "name", _("Give the system a name.")
    elif _others(system).filter(name__iexact=system.name).exists():
        yield "name", NAME_TAKEN


def _types(system: System) -> Iterator[Fault]:
    if not (system.is_sender or system.is_recipient):
        yield "is_sender", _("Say whether the system sends, receives or does both.")


def _protocol(system: System) -> Iterator[Fault]:
    if system.service_protocol not in NEEDS:
        yield "service_protocol", _("Choose how post travels.")


def _endpoints(system: System, needs: Needs, at: dt.datetime) -> Iterator[Fault]:
    kind = needs.endpoint
    committed = state_between(system.active_from, system.active_to, at) in COMMITTED
    for field, used in (("endpoint", system.is_recipient), ("receipt_endpoint", system.is_sender)):
        address = getattr(system, field)
        if address and (fault := endpoint_fault(kind, address)):
            yield field, fault
        if not address and used and committed and kind is not EndpointKind.NONE:
            yield field, REQUIRED_IN_SERVICE


def _receipt_format(system: System, before: System | None) -> Iterator[Fault]:
    if system.receipt_format != ReceiptFormat.MEMO and (
        before is None or before.receipt_format != system.receipt_format
    ):
        yield "receipt_format", _("Digital Post closed this format on 5 December 2023. Choose MeMo.")


def _delegated_cvr(system: System) -> Iterator[Fault]:
    if not system.delegated_cvr:
        return
    if system.delegated_cvr == system.organisation.cvr_number:
        yield "delegated_cvr", _("This is the authority's own CVR number. Leave the field empty.")
    elif in_production() and not has_valid_check(system.delegated_cvr):
        yield "delegated_cvr", _("No such CVR number can exist. Check it for typing errors.")


def _ssh(system: System, needs: Needs, at: dt.datetime) -> Iterator[Fault]:
    committed = state_between(system.active_from, system.active_to, at) in COMMITTED
    if needs.ssh and committed and not system.ssh_username:
        yield "ssh_username", REQUIRED_IN_SERVICE


def _servers(system: System) -> Iterator[Fault]:
    """Servers that only checks dial, so a port that the dialler never reaches is no use to anybody."""
    if system.sftp_host:
        if fault := host_fault(system.sftp_host):
            yield "sftp_host", fault
        if not reaches(system.sftp_port, ports=Ports.SFTP):
            yield "sftp_port", _("Checks reach the ports 22, 2022, 2222 and from 1024 up.")
    if system.smtp_relay_host:
        if fault := host_fault(system.smtp_relay_host):
            yield "smtp_relay_host", fault
        if not reaches(system.smtp_relay_port, ports=Ports.SMTP):
            yield "smtp_relay_port", _("Checks reach the ports 25, 465, 587 and 2525.")


def _registry_id(system: System) -> Iterator[Fault]:
    if system.registry_id and _others(system).filter(registry_id=system.registry_id).exists():
        yield "registry_id", _("Another system of the organisation has this ID in Digital Post.")


def _others(system: System) -> QuerySet[System]:
    return System.objects.filter(organisation_id=system.organisation_id).exclude(pk=system.pk)
