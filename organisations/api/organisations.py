"""Organisations by API: looked up by all, changed by their own."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from adgang.lib.api.errors import refuse, wrong
from adgang.lib.api.filters import Column, Kind, one_of
from adgang.lib.api.operations import Answer, found, operation
from adgang.lib.api.searching import Parameter, Search, find
from adgang.lib.api.versions import expected
from organisations import access, registering
from organisations.api.schemas import (
    Organisation,
    OrganisationCommand,
    OrganisationSearchResult,
    organisation_wire,
    organisations_wire,
    with_terms,
)
from organisations.models import Organisation as Row
from organisations.rights import Right

router = Router(tags=["Organisations"])

SEARCH = Search(
    answer=Organisation,
    columns={
        "id": Column("pk", Kind.ID),
        "version": Column("version", Kind.NUMBER),
        "createdDate": Column("created", Kind.MOMENT),
        "lastUpdated": Column("updated", Kind.MOMENT),
        "name": Column("name"),
        "cvrNumber": Column("cvr_number"),
        "industryCode": Column("industry_code"),
        "type": Column("type", values={value: value for value in Row.Type.values}),
        "authorityType": Column("authority_type", values={value: value for value in Row.AuthorityType.values}),
        "statusType": Column("status_type", values={value: value for value in Row.Status.values}),
        "statusDate": Column("status_date", Kind.DAY),
    },
    words=("name", "cvr_number", "industry_code"),
    parameters={
        "searchTerm": Parameter(
            help="Words, divided by commas: any of them in the name or the CVR number.",
            where=lambda text: one_of(text, lambda word: Q(name__icontains=word) | Q(cvr_number__startswith=word)),
            schema={"type": "string", "maxLength": 500},
        )
    },
)
# Our fields by their names on the wire, for messages.
NAMES = {
    "name": "name",
    "industry_code": "industryCode",
    "authority_type": "authorityType",
    "legal_contact_name": "legalContact.name",
    "legal_contact_email": "legalContact.email",
    "legal_contact_phone": "legalContact.phoneNumber",
}


@operation(
    router,
    "GET",
    "organisations/",
    summary="Search organisations",
    answer=OrganisationSearchResult,
    search=SEARCH,
)
def organisations_search(request: HttpRequest) -> dict[str, Any]:
    """Find organisations, one's own and others'. The legal contact is told of one's own only."""
    caller = access.reader(request, right=Right.ORGANISATION_VIEW)
    page = find(request, with_terms(Row.objects.all()), SEARCH)
    inside = [own.pk for own in caller.organisations if caller.may(Right.ORGANISATION_VIEW, own)]
    return found(page, "organisations", organisations_wire(page.rows, inside=inside))


@operation(
    router,
    "GET",
    "organisations/{uuid:id}",
    summary="Read an organisation",
    answer=Organisation,
    errors=(401, 403, 404),
)
def organisation_read(request: HttpRequest, id: uuid.UUID) -> Answer:
    """Return an organisation; the legal contact is told of one's own only."""
    seen = access.seen(request, id, right=Right.ORGANISATION_VIEW)
    return _answer(seen.organisation, inside=seen.inside)


def _answer(row: Row, *, inside: bool = True) -> Answer:
    return Answer(body=organisation_wire(row, inside=inside), version=row.version)


@operation(
    router,
    "PUT",
    "organisations/{uuid:id}",
    summary="Change an organisation",
    answer=Organisation,
    errors=(400, 401, 403, 404),
    versioned=True,
)
def organisation_change(request: HttpRequest, id: uuid.UUID, body: OrganisationCommand) -> Answer:
    """Replace name, industry code, kind of authority and legal contact.

    What else stands in the body is read and ignored, for clients send unset booleans as false: terms, permissions,
    logo and introduction have acts of their own.
    """
    row = access.organisation(request, id, right=Right.ORGANISATION_CHANGE)
    version = expected(request)
    _set(row, body)
    return _answer(registering.change(caller=access.caller(request), organisation=row, version=version))


def _set(row: Row, body: OrganisationCommand) -> None:
    """Set the fields that may be changed. Raises `ApiError` for what cannot stand there."""
    if body.type and body.type != row.type:
        text = _("Only the operator changes whether an organisation is an authority or a company.")
        raise wrong("organisation", "type", "type.fixed", text)
    contact = body.legal_contact
    row.name = (body.name or row.name).strip()
    row.industry_code = body.industry_code or ""
    row.authority_type = str(body.authority_type or "")
    row.legal_contact_name = (contact and contact.name) or ""
    row.legal_contact_email = (contact and contact.email) or ""
    row.legal_contact_phone = (contact and contact.phone_number) or ""
    try:
        registering.check(row)
    except ValidationError as error:
        refuse(error, resource="organisation", names=NAMES, sent={})
