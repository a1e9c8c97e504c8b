"""Contact points by API, and the former mailboxes that some still carry."""

import uuid
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest
from ninja import Router

from adgang.lib.api.filters import Column, Kind, one_of, to_flag, to_id, to_number
from adgang.lib.api.operations import Answer, found, found_one, operation
from adgang.lib.api.searching import Parameter, Search, find
from adgang.lib.api.versions import expected
from adgang.lib.registered import check_version
from contacts import access, deleting, registering, replacing
from contacts.api import commands, presenting
from contacts.api.groups import refusing, visibility
from contacts.api.schemas import (
    ContactPoint,
    ContactPointCommand,
    ContactPointSearchResult,
    PostkasseEmneIdsSearchResult,
    PostkasseIdsSearchResult,
)
from contacts.models import ContactPoint as Row
from contacts.models import Placement, SearchTerm, Translation
from organisations.rights import Right

router = Router(tags=["Contact points"])


def _term(word: str) -> Q:
    return Q(Exists(SearchTerm.objects.filter(point=OuterRef("pk"), term__iexact=word)))


def _placed(**where: Any) -> Q:
    return Q(Exists(Placement.objects.filter(point=OuterRef("pk"), **where)))


def _mailbox(**where: Any) -> Q:
    return Q(Exists(Translation.objects.filter(point=OuterRef("pk"), **where)))


def _root(text: str) -> Q:
    return _placed(group=None) if to_flag(text) else _placed(group__isnull=False)


COLUMNS = {
    "id": Column("pk", Kind.ID),
    "version": Column("version", Kind.NUMBER),
    "createdDate": Column("created", Kind.MOMENT),
    "lastUpdated": Column("updated", Kind.MOMENT),
    "name": Column("name"),
    "description": Column("description"),
    "active": Column("active", Kind.FLAG),
    "visible": Column("visible", Kind.FLAG),
    "organisationId": Column("organisation_id", Kind.ID),
    "allowedNumberOfAttachments": Column("allowed_number_of_attachments", Kind.NUMBER),
    "reportLink.externalLink": Column("report_link_url"),
    "registryId": Column("registry_id", Kind.ID),
}
NUMBER = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
TERMS = {"type": "string", "maxLength": 500}
SHARED = {
    "searchTerm": Parameter(
        help="Search terms, divided by commas: any of them.", where=lambda text: one_of(text, _term), schema=TERMS
    ),
    "searchTermOrName": Parameter(
        help="As searchTerm, or words of the name.",
        where=lambda text: one_of(text, lambda word: _term(word) | Q(name__icontains=word)),
        schema=TERMS,
    ),
    "contactGroupId": Parameter(
        help="Points directly in this group.",
        where=lambda text: _placed(group=to_id(text)),
        schema={"type": "string", "format": "uuid"},
    ),
    "isRoot": Parameter(help="Points in no group.", where=_root, schema={"type": "boolean"}),
}
OWN = Search(
    answer=ContactPoint,
    columns=COLUMNS,
    words=("name", "search_text"),
    parameters=SHARED | {"visibility": visibility("One of the two switches.", lambda: Q(visible=True))},
)
ALL = Search(
    answer=ContactPoint,
    columns=COLUMNS,
    words=("name", "search_text"),
    parameters=SHARED
    | {
        "postkasseId": Parameter(
            help="The former mailbox.", where=lambda text: _mailbox(postkasse_id=to_number(text)), schema=NUMBER
        ),
        "postkasseEmneId": Parameter(
            help="The topic of a former mailbox.",
            where=lambda text: _mailbox(postkasse_emne_id=to_number(text)),
            schema=NUMBER,
        ),
    },
)


def _found(request: HttpRequest, sight: access.Sight[Row], search: Search) -> dict[str, Any]:
    page = find(request, sight.rows, search)
    return found(page, "contactPoints", presenting.points_wire(page.rows, inside=sight.inside))


@operation(router, "GET", "contact-points/", summary="Search all points", answer=ContactPointSearchResult, search=ALL)
def points_search_all(request: HttpRequest) -> dict[str, Any]:
    """Find points of all organisations: one's own, and those of others that are active and visible."""
    sight = access.points_seen(request, right=Right.CONTACTS_VIEW)
    return _found(request, sight, ALL)


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/contact-points/",
    summary="Search points",
    answer=ContactPointSearchResult,
    errors=(401, 403, 404),
    search=OWN,
)
def points_search(request: HttpRequest, org: uuid.UUID) -> dict[str, Any]:
    """Find points of an organisation; of another's those that are active and visible."""
    sight = access.points_seen(request, right=Right.CONTACTS_VIEW, organisation_id=org)
    return _found(request, sight, OWN)


@operation(
    router,
    "POST",
    "organisations/{uuid:org}/contact-points/",
    summary="Create a point",
    answer=ContactPoint,
    status=201,
    errors=(400, 401, 403, 404),
)
def point_create(request: HttpRequest, org: uuid.UUID, body: ContactPointCommand) -> Answer:
    """Add a point, last in each of its groups, or at the top level."""
    organisation = access.organisation(request, org, right=Right.CONTACTS_CHANGE)
    values = commands.point_values(body, organisation, None)
    groups = commands.groups_of(body, organisation)
    with refusing("contactPoint"):
        made = registering.create_point(
            caller=access.caller(request), organisation=organisation, values=values, groups=groups
        )
    return _answer(made.pk)


def _answer(id: uuid.UUID) -> Answer:
    row = Row.objects.get(pk=id)
    (body,) = presenting.points_wire([row], inside=lambda _row: True)
    return Answer(body=body, version=row.version)


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/contact-points/{uuid:id}",
    summary="Read a point",
    answer=ContactPoint,
    errors=(401, 403, 404),
)
def point_read(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> Answer:
    """Return a point; one of another organisation when it is active and visible."""
    sight = access.points_seen(request, right=Right.CONTACTS_VIEW, organisation_id=org)
    row = found_one(sight.rows.filter(pk=id).first())
    (body,) = presenting.points_wire([row], inside=sight.inside)
    return Answer(body=body, version=row.version)


@operation(
    router,
    "PUT",
    "organisations/{uuid:org}/contact-points/{uuid:id}",
    summary="Change a point",
    answer=ContactPoint,
    errors=(400, 401, 403, 404),
    versioned=True,
)
def point_change(request: HttpRequest, org: uuid.UUID, id: uuid.UUID, body: ContactPointCommand) -> Answer:
    """Replace what is said of a point, and its groups; without any it stands at the top level."""
    row = access.point(request, org, id, right=Right.CONTACTS_CHANGE)
    version = expected(request)
    check_version(row, version=version)
    values = commands.point_values(body, row.organisation, row)
    groups = commands.groups_of(body, row.organisation)
    with refusing("contactPoint"):
        replacing.replace_point(caller=access.caller(request), point=row, values=values, groups=groups, version=version)
    return _answer(row.pk)


@operation(
    router,
    "DELETE",
    "organisations/{uuid:org}/contact-points/{uuid:id}",
    summary="Delete a point",
    status=204,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def point_delete(request: HttpRequest, org: uuid.UUID, id: uuid.UUID) -> None:
    """Delete a point. Replies to letters that carry its id are refused from then on: rather hide it."""
    row = access.point(request, org, id, right=Right.CONTACTS_CHANGE)
    version = expected(request)
    deleting.delete_point(caller=access.caller(request), point=row, version=version)


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/postkasse-ids/",
    summary="Former mailboxes",
    answer=PostkasseIdsSearchResult,
    errors=(401, 403, 404),
)
def postkasse_ids(request: HttpRequest, org: uuid.UUID) -> PostkasseIdsSearchResult:
    """Return the former mailboxes that the organisation's points stand for."""
    organisation = access.organisation(request, org, right=Right.CONTACTS_VIEW)
    rows = Translation.objects.filter(point__organisation=organisation)
    ids = rows.order_by("postkasse_id").values_list("postkasse_id", flat=True).distinct()
    return PostkasseIdsSearchResult(postkasse_ids=list(ids))


@operation(
    router,
    "GET",
    "organisations/{uuid:org}/postkasse-ids/{int:postkasseId}/postkasse-emne-ids/",
    summary="Topics of a former mailbox",
    answer=PostkasseEmneIdsSearchResult,
    errors=(401, 403, 404),
)
def postkasse_emne_ids(request: HttpRequest, org: uuid.UUID, postkasseId: int) -> PostkasseEmneIdsSearchResult:
    """Return the topics of a former mailbox of the organisation."""
    organisation = access.organisation(request, org, right=Right.CONTACTS_VIEW)
    if postkasseId >= 2**63:
        raise Http404
    rows = Translation.objects.filter(point__organisation=organisation, postkasse_id=postkasseId)
    ids = list(rows.order_by("postkasse_emne_id").values_list("postkasse_emne_id", flat=True).distinct())
    if not ids:
        raise Http404
    return PostkasseEmneIdsSearchResult(postkasse_emne_ids=ids)
