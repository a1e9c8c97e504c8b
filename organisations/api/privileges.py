"""Roles by API: which one may give, giving and taking them, one by one and many at once."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from adgang.lib.api.errors import FieldError, invalid
from adgang.lib.api.filters import Column, Kind, one_of, to_id
from adgang.lib.api.long_enums import PrivilegeType as WireType
from adgang.lib.api.operations import Answer, found, found_one, operation
from adgang.lib.api.searching import Parameter, Search, find
from adgang.lib.api.versions import expected
from adgang.lib.registered import check_version
from organisations import access, bulk_grants, privileges
from organisations.api import wishes
from organisations.api.privilege_schemas import (
    BulkDirectPrivileges,
    DirectPrivilege,
    DirectPrivilegeCommand,
    DirectPrivilegeRevocation,
    DirectPrivilegeSearchResult,
    on_the_wire,
    privilege_wire,
)
from organisations.models import Organisation, Privilege
from organisations.rights import Right

router = Router(tags=["Privileges"])
ROWS = Privilege.objects.select_related("parent", "scope", "delegate", "user", "group", "parent__delegate")


def _types(text: str) -> Q:
    return one_of(text, _type)


def _type(word: str) -> Q:
    if word not in WireType.__members__:
        raise ValueError(_("Known values are: %(known)s.") % {"known": ", ".join(map(str, WireType))})
    return Q(type=word)


SEARCH = Search(
    answer=DirectPrivilege,
    columns={
        "id": Column("pk", Kind.ID),
        "version": Column("version", Kind.NUMBER),
        "createdDate": Column("created", Kind.MOMENT),
        "lastUpdated": Column("updated", Kind.MOMENT),
        "scopeId": Column("scope_id", Kind.ID),
        "activeToDateTime": Column("active_to", Kind.MOMENT),
    },
    words=("type",),
    parameters={
        "issuer": Parameter(
            help="Organisations that gave it, divided by commas.",
            where=lambda text: one_of(text, lambda word: Q(scope=to_id(word))),
            schema={"type": "string", "format": "uuid"},
        ),
        "scope": Parameter(
            help="Organisations that it opens, divided by commas.",
            where=lambda text: one_of(text, lambda word: Q(scope=to_id(word)) | Q(system_id=to_id(word))),
            schema={"type": "string", "format": "uuid"},
        ),
        "type": Parameter(
            help="Privilege types, divided by commas.",
            where=_types,
            schema={"type": "string", "enum": [str(one) for one in WireType]},
        ),
    },
    order=("created",),
)


@operation(
    router,
    "GET",
    "privilege-types/",
    summary="Privilege types one may give",
    answer=list[WireType],
    errors=(400, 401, 403, 404),
    extra={
        "parameters": [
            {
                "name": "scopeIdentityId",
                "in": "query",
                "required": False,
                "description": "The organisation; all of the caller's when not given.",
                "schema": {"type": "string", "format": "uuid"},
            }
        ]
    },
)
def privilege_types(request: HttpRequest) -> list[str]:
    """Return the privilege types that the caller may give."""
    caller = access.reader(request, right=Right.PEOPLE_CHANGE)
    among = list(caller.organisations)
    if "scopeIdentityId" in request.GET:
        try:
            wanted = to_id(request.GET["scopeIdentityId"])
        except ValueError as error:
            message = str(error)
            raise invalid(
                [FieldError(resource="query", field="scopeIdentityId", code="parameter.invalid", message=message)]
            ) from error
        among = [one for one in among if one.pk == wanted]
        if not among:
            raise Http404
    roles = [role for one in among for role in privileges.grantable(caller, one) if role.wire]
    return list(dict.fromkeys(str(role.type) for role in roles))


@operation(
    router,
    "POST",
    "privileges/direct/",
    summary="Give a role",
    answer=DirectPrivilege,
    status=201,
    errors=(400, 401, 403, 409),
)
def privilege_give(request: HttpRequest, body: DirectPrivilegeCommand) -> Answer:
    """Give a person of the organisation, or another organisation, a role."""
    among = access.where(request, right=Right.PEOPLE_CHANGE)
    wanted = wishes.addition(body, among)
    caller = access.caller(request)
    given = privileges.grant(caller=caller, organisation=wanted.organisation, grantee=wanted.grantee, wish=wanted.wish)
    row = wishes.given(given)
    return Answer(body=privilege_wire(ROWS.get(pk=row.pk)), version=row.version)


@operation(
    router,
    "POST",
    "privileges/direct/bulk",
    summary="Give and take many roles",
    answer=list[DirectPrivilege],
    errors=(400, 401, 403, 409),
)
def privileges_change(request: HttpRequest, body: BulkDirectPrivileges) -> list[DirectPrivilege]:
    """Take and give at most 100 roles each: all of it or nothing. The answer holds what was given."""
    among = access.where(request, right=Right.PEOPLE_CHANGE)
    caller = access.caller(request)
    with transaction.atomic():
        additions = [wishes.addition(one, among) for one in body.privileges_to_add or ()]
        removals = [_removal(one.id, one.version, among) for one in body.privileges_to_remove or ()]
        done = bulk_grants.change(caller=caller, additions=additions, removals=removals)
    given = [one for one in done if isinstance(one, Privilege)]
    if len(given) != len(done):
        wishes.refuse_many([one for one in done if not isinstance(one, Privilege)])
    rows = {row.pk: row for row in ROWS.filter(pk__in=[one.pk for one in given])}
    return [privilege_wire(rows[one.pk]) for one in given]


def _removal(id: uuid.UUID | None, version: int | None, among: Sequence[Organisation]) -> Privilege:
    row: Privilege | None = _concerning(among).filter(pk=id).first()
    if row is None:
        message = _("There is no such object, or you may not see it.")
        raise invalid(
            [FieldError(resource="privilege", field="privilegesToRemove", code="privilege.unknown", message=message)]
        )
    return check_version(row, version=version) if version else row


def _concerning(among: Sequence[Organisation]) -> Any:
    """Return the roles that some organisations gave, got or passed on."""
    sides = Q(scope__in=among) | Q(delegate__in=among) | Q(parent__delegate__in=among)
    return ROWS.filter(sides, on_the_wire(), scope__isnull=False)


@operation(
    router,
    "GET",
    "privileges/direct/grantee/{uuid:identityId}",
    summary="Roles of a person or organisation",
    answer=DirectPrivilegeSearchResult,
    errors=(401, 403, 404),
    search=SEARCH,
)
def privileges_search(request: HttpRequest, identityId: uuid.UUID) -> dict[str, Any]:
    """Find the roles of a person, or of another organisation, which the caller's organisations gave or got."""
    among = access.where(request, right=Right.PEOPLE_VIEW)
    rows = _concerning(among).filter(Q(user=identityId) | Q(delegate=identityId))
    page = find(request, rows, SEARCH)
    return found(page, "directPrivileges", map(privilege_wire, page.rows))


@operation(
    router,
    "DELETE",
    "privileges/direct/{uuid:id}",
    summary="Take a role",
    status=204,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def privilege_take(
    request: HttpRequest,
    id: uuid.UUID,
    body: DirectPrivilegeRevocation | None = None,
) -> None:
    """Take a role away, and what was passed on of it."""
    among = access.where(request, right=Right.PEOPLE_CHANGE)
    row = found_one(_concerning(among).filter(pk=id, group=None).first())
    version = expected(request)
    check_version(row, version=version)
    wishes.done(privileges.revoke(caller=access.caller(request), privilege=row))
