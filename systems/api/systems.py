"""Systems by API: searched, created, changed, deleted, made the default recipient."""

import uuid
from copy import copy
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from ninja import Router

from adgang.lib.api.errors import of_findings
from adgang.lib.api.filters import Column, Kind
from adgang.lib.api.operations import Answer, found, operation
from adgang.lib.api.searching import Parameter, Search, find
from adgang.lib.api.versions import expected
from adgang.lib.registered import check_version
from organisations.rights import Right
from systems import access, default_recipient, registering
from systems.api import commands
from systems.api.schemas import MailSystem, MailSystemCommand, SystemSearchResult, system_wire
from systems.api_tokens import system_id_of
from systems.models import ReceiptFormat, System
from systems.protocols import Protocol
from systems.standard import using

router = Router(tags=["Systems"])


def _with_token(text: str) -> Q:
    return Q(pk=system_id_of(text))


SEARCH = Search(
    answer=MailSystem,
    columns={
        "id": Column("pk", Kind.ID),
        "version": Column("version", Kind.NUMBER),
        "createdDate": Column("created", Kind.MOMENT),
        "lastUpdated": Column("updated", Kind.MOMENT),
        "name": Column("name"),
        "endpoint": Column("endpoint"),
        "receiptEndpoint": Column("receipt_endpoint"),
        "activeFrom": Column("active_from", Kind.MOMENT),
        "activeTo": Column("active_to", Kind.MOMENT),
        "serviceProtocol": Column("service_protocol", values={value: value for value in Protocol.values}),
        "receiptFormat": Column("receipt_format", values={value: value for value in ReceiptFormat.values}),
        "supplier": Column("supplier"),
        "delegatedCVR": Column("delegated_cvr"),
        "registryId": Column("registry_id", Kind.ID),
        "ssh.sshUsername": Column("ssh_username"),
    },
    words=("name", "endpoint", "receipt_endpoint", "supplier", "delegated_cvr"),
    parameters={
        "certificateSerialNumber": Parameter(
            help="As in ocesPublicCertificate.certificateSerialNumber.",
            where=lambda text: Q(certificate__serial_number__iexact=text),
        ),
        "authenticationToken": Parameter(help="As in apiToken.authenticationToken.", where=_with_token),
    },
)


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/systems/",
    summary="Search systems",
    answer=SystemSearchResult,
    errors=(401, 403, 404),
    search=SEARCH,
)
def systems_search(request: HttpRequest, org: uuid.UUID) -> dict[str, Any]:
    """Find systems of an organisation; a caller that is limited to single systems finds those."""
    _organisation, rows = access.systems(request, org, right=Right.SYSTEMS_VIEW)
    page = find(request, rows.with_page_data().prefetch_related("allowed_ips"), SEARCH)
    return found(page, "systems", map(system_wire, page.rows))


@operation(
    router,
    "POST",
    "organisations/{uuid:org}/systems/",
    summary="Create a system",
    answer=MailSystem,
    status=201,
    errors=(400, 401, 403, 404),
)
def system_create(request: HttpRequest, org: uuid.UUID, body: MailSystemCommand) -> Answer:
    """Register a system. Credentials are uploaded afterwards, so only what needs none can go into service at once."""
    organisation = access.organisation(request, org, right=Right.SYSTEMS_CHANGE)
    system = System(organisation=organisation)
    networks = commands.write(system, body, before=None)
    template = commands.template_of(body)
    with commands.refusing(body), transaction.atomic():
        registering.create(caller=access.caller(request), system=system, networks=networks)
        if template is not None:
            using.note(system, template)
    return _answer(request, org, system.pk)


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/systems/{uuid:id}",
    summary="Read a system",
    answer=MailSystem,
    errors=(401, 403, 404),
)
def system_read(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Answer:
    """Return a system."""
    system = access.system(request, org, id, right=Right.SYSTEMS_VIEW)
    return Answer(body=system_wire(system), version=system.version)


def _answer(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Answer:
    """Return the system as the change left it."""
    system = access.system(request, org, id, right=Right.SYSTEMS_VIEW)
    return Answer(body=system_wire(system), version=system.version)


@operation(
    router,
    "PUT",
    "organisations/{uuid:org}/systems/{uuid:id}",
    summary="Change a system",
    answer=MailSystem,
    errors=(400, 401, 403, 404),
    versioned=True,
)
def system_change(request: HttpRequest, org: uuid.UUID, id: uuid.UUID, body: MailSystemCommand) -> Answer:
    """Replace what of a system can be edited; `activeFrom` and `activeTo` take it into and out of service."""
    system = access.system(request, org, id, right=Right.SYSTEMS_CHANGE)
    version = expected(request)
    before = copy(check_version(system, version=version))
    networks = commands.write(system, body, before=before)
    tag, template = commands.tag(system, before), commands.template_of(body, standing=using.use_of(system))
    who = access.caller(request)
    with commands.refusing(body), transaction.atomic():
        refused = registering.change(caller=who, system=system, version=version, networks=networks, tag=tag)
        if refused:
            raise of_findings(refused, resource="system", field="systemTypes", code="system.refused")
        if template is not None:
            using.follow(caller=who, system=system, template=template)
    return _answer(request, org, id)


@operation(
    router,
    "DELETE",
    "organisations/{uuid:org}/systems/{uuid:id}",
    summary="Delete a system",
    status=204,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def system_delete(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> None:
    """Delete a system; 409 while contact points or letters use it."""
    system = access.system(request, org, id, right=Right.SYSTEMS_CHANGE)
    version = expected(request)
    if refused := registering.delete(caller=access.caller(request), system=system, version=version):
        raise of_findings(refused, status=409)


@operation(
    router,
    "POST",
    "organisations/{uuid:org}/systems/{uuid:id}/makedefaultrecipient",
    summary="Make the default recipient",
    answer=MailSystem,
    errors=(400, 401, 403, 404, 409),
)
def system_make_default_recipient(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Answer:
    """Give the system the mark of the default recipient, and take it from the one that bears it."""
    system = access.system(request, org, id, right=Right.SYSTEMS_CHANGE)
    refused = default_recipient.make_default(caller=access.caller(request), system=system, version=system.version)
    if refused:
        raise of_findings(refused)
    return _answer(request, org, id)
