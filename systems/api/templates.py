"""Standard systems by API: what vendors offer for systems to be made from."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja import Router

from adgang.lib.api import enums
from adgang.lib.api.operations import operation
from adgang.lib.api.wire import Id, Long, Moment, Person, Text, Wire, choice, choices
from organisations.api.schemas import Organisation, organisation_wire, with_terms
from organisations.models import Organisation as Row
from organisations.rights import Right
from systems import access
from systems.api.schemas import AllowedIp, OcesPublicCertificateCheck, Ssh
from systems.models import SystemTemplate

router = Router(tags=["Systems"])


class StandardSystemTemplate(Wire):
    """A vendor's standard system, as it is on offer."""

    id: Id = None
    version: Long = None
    created_date_time: Moment = None
    last_updated: Moment = None
    deleted_date_time: Moment = None
    name: Text = None
    system_types: choices(enums.SystemType) = None  # type: ignore[valid-type]
    endpoint: Text = None
    receipt_endpoint: Text = None
    technical_contact: Person | None = None
    service_protocol: choice(enums.ServiceProtocol) = None  # type: ignore[valid-type]
    allowed_ips: list[AllowedIp] | None = None
    organisation: Organisation | None = None
    receipt_format: choice(enums.ReceiptFormat) = None  # type: ignore[valid-type]
    ssh: Ssh | None = None
    oces_public_certificate: OcesPublicCertificateCheck | None = None


class StandardSystemTemplateListResult(Wire):
    """All standard systems on offer."""

    standard_system_templates: list[StandardSystemTemplate] | None = None


@operation(
    router,
    "GET",
    "standard-system-templates",
    summary="Standard systems",
    answer=StandardSystemTemplateListResult,
)
def standard_system_templates(request: HttpRequest) -> StandardSystemTemplateListResult:
    """Return the standard systems that are on offer to everybody."""
    access.reader(request, right=Right.SYSTEMS_VIEW)
    rows = list(SystemTemplate.objects.on_offer().prefetch_related("editions").order_by("name", "pk"))
    owners = with_terms(Row.objects.filter(pk__in={row.organisation_id for row in rows}))
    vendors = {owner.pk: organisation_wire(owner, inside=False) for owner in owners}
    templates = [_template(row, vendors[row.organisation_id]) for row in rows]
    return StandardSystemTemplateListResult(standard_system_templates=templates)


def _template(row: SystemTemplate, vendor: Organisation) -> StandardSystemTemplate:
    """Return the newest edition as it travels."""
    edition = next(iter(row.editions.all()), None)
    said: Mapping[str, Any] = edition.values if edition else row.values
    flags = (("SENDER", said.get("is_sender")), ("RECIPIENT", said.get("is_recipient")))
    return StandardSystemTemplate(
        id=row.pk,
        version=row.version,
        created_date_time=row.created,
        last_updated=row.updated,
        name=row.name,
        system_types=[name for name, flag in flags if flag],
        endpoint=said.get("endpoint") or None,
        receipt_endpoint=said.get("receipt_endpoint") or None,
        technical_contact=_contact(said),
        service_protocol=said.get("service_protocol") or None,
        allowed_ips=[AllowedIp(ip=one, range="/" in one) for one in said.get("networks") or ()],
        organisation=vendor,
        receipt_format=said.get("receipt_format") or None,
    )


def _contact(said: Mapping[str, Any]) -> Person | None:
    values = [said.get(f"technical_contact_{name}") or None for name in ("name", "email", "phone")]
    return Person(name=values[0], email=values[1], phone_number=values[2]) if any(values) else None
