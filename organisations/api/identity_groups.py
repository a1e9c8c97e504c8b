"""Groups of people by API, with their members and roles."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from adgang.lib.api.errors import wrong
from adgang.lib.api.filters import Column, Kind
from adgang.lib.api.operations import Answer, found, found_one, operation
from adgang.lib.api.searching import Search, find
from adgang.lib.api.versions import expected
from adgang.lib.findings import Finding
from adgang.lib.registered import check_version
from organisations import access, ending, groups, privileges
from organisations.api import wishes
from organisations.api.privilege_schemas import (
    Grantee,
    IdentityGroup,
    IdentityGroupSearchResult,
    IdentityPrivilege,
    grantee_wire,
    group_privilege_wire,
    group_wire,
    on_the_wire,
)
from organisations.grants import related
from organisations.models import GroupMember, Organisation, Privilege, User, UserGroup
from organisations.rights import Right

router = Router(tags=["Identity groups"])
ROWS = UserGroup.objects.select_related("organisation").prefetch_related("members", "privileges__parent")
SEARCH = Search(
    answer=IdentityGroup,
    columns={
        "id": Column("pk", Kind.ID),
        "version": Column("version", Kind.NUMBER),
        "name": Column("name"),
        "createdDate": Column("created", Kind.MOMENT),
        "lastUpdated": Column("updated", Kind.MOMENT),
        "ownerId": Column("organisation_id", Kind.ID),
        "issuerId": Column("organisation_id", Kind.ID),
    },
    words=("name", "description"),
)
ONE, MANY = "identity-groups/{uuid:id}", "identity-groups/"
MEMBERS, MEMBER = (f"identity-groups/{{uuid:identityGroupId}}/grantees/{tail}" for tail in ("", "{uuid:id}"))
ROLES, ROLE = (f"identity-groups/{{uuid:identityGroupId}}/privileges/{tail}" for tail in ("", "{uuid:id}"))


def _group(among: Sequence[Organisation], id: uuid.UUID) -> UserGroup:
    return found_one(ROWS.filter(organisation__in=among, pk=id).first())


def _answer(id: uuid.UUID) -> Answer:
    row = ROWS.get(pk=id)
    return Answer(body=group_wire(row), version=row.version)


@operation(router, "GET", MANY, summary="Search groups of people", answer=IdentityGroupSearchResult, search=SEARCH)
def identity_groups_search(request: HttpRequest) -> dict[str, Any]:
    """Find groups of people of the caller's organisations."""
    among = access.where(request, right=Right.PEOPLE_VIEW)
    page = find(request, ROWS.filter(organisation__in=among), SEARCH)
    return found(page, "identityGroups", map(group_wire, page.rows))


@operation(
    router,
    "POST",
    MANY,
    summary="Create a group of people",
    answer=IdentityGroup,
    status=201,
    errors=(400, 401, 403, 404, 409),
)
def identity_group_create(request: HttpRequest, body: IdentityGroup) -> Answer:
    """Make an empty group. `ownerId` names the organisation, where the caller manages the rights of several."""
    among = access.where(request, right=Right.PEOPLE_CHANGE)
    organisation = _owner(body, among)
    made = groups.create(caller=access.caller(request), organisation=organisation, name=_name(body))
    if isinstance(made, Finding):
        wishes.refuse(made)
    return _answer(made.pk)


def _owner(body: IdentityGroup, among: Sequence[Organisation]) -> Organisation:
    wanted = body.owner_id or body.issuer_id
    owners = [one for one in among if wanted in (None, one.pk)]
    if len(owners) != 1:
        text = _("Name the organisation that the group belongs to.")
        raise wrong("identityGroup", "ownerId", "owner.unknown", text)
    return owners[0]


def _name(body: IdentityGroup) -> str:
    name = " ".join((body.name or "").split())
    if not 0 < len(name) <= 100 or not name.isprintable():
        text = _("Write a name of at most 100 letters.")
        raise wrong("identityGroup", "name", "name.invalid", text)
    return name


@operation(router, "GET", ONE, summary="Read a group of people", answer=IdentityGroup, errors=(401, 403, 404))
def identity_group_read(request: HttpRequest, id: uuid.UUID) -> Answer:
    """Return a group with its members and roles."""
    row = _group(access.where(request, right=Right.PEOPLE_VIEW), id)
    return Answer(body=group_wire(row), version=row.version)


@operation(
    router,
    "PUT",
    ONE,
    summary="Change a group of people",
    answer=IdentityGroup,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def identity_group_change(request: HttpRequest, id: uuid.UUID, body: IdentityGroup) -> Answer:
    """Give a group another name; members and roles have paths of their own."""
    row = _group(access.where(request, right=Right.PEOPLE_CHANGE), id)
    version = expected(request)
    members = User.objects.filter(memberships__group=row)
    refusal = groups.edit(
        caller=access.caller(request),
        group=row,
        version=version,
        name=_name(body),
        description=row.description,
        members=list(members),
    )
    wishes.done(refusal)
    return _answer(row.pk)


@operation(
    router,
    "DELETE",
    ONE,
    summary="Delete a group of people",
    status=204,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def identity_group_delete(request: HttpRequest, id: uuid.UUID) -> None:
    """Delete a group with its roles; its members keep what they have besides."""
    row = _group(access.where(request, right=Right.PEOPLE_CHANGE), id)
    groups.delete(caller=access.caller(request), group=row, version=expected(request))


@operation(
    router,
    "POST",
    MEMBERS,
    summary="Add a member",
    answer=Grantee,
    status=201,
    errors=(400, 401, 403, 404, 409),
)
def grantee_add(request: HttpRequest, identityGroupId: uuid.UUID, body: Grantee) -> Answer:
    """Make a person of the organisation a member of a group."""
    row = _group(access.where(request, right=Right.PEOPLE_CHANGE), identityGroupId)
    people = {one.pk: one for one in groups.colleagues(row.organisation, at=timezone.now())}
    if body.identity_id is None or body.identity_id not in people:
        text = _("Name a person of the organisation.")
        raise wrong("grantee", "identityId", "identity.unknown", text)
    made = groups.add(caller=access.caller(request), group=row, user=people[body.identity_id])
    if isinstance(made, Finding):
        wishes.refuse(made)
    return Answer(body=grantee_wire(made, row.organisation_id), version=made.version)


@operation(
    router,
    "PUT",
    MEMBER,
    summary="Change a member",
    answer=Grantee,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def grantee_change(request: HttpRequest, identityGroupId: uuid.UUID, id: uuid.UUID, body: Grantee) -> Answer:
    """Nothing of a membership can be changed; for another person, add one and remove this."""
    row = _group(access.where(request, right=Right.PEOPLE_CHANGE), identityGroupId)
    member = check_version(found_one(GroupMember.objects.filter(group=row, pk=id).first()), version=expected(request))
    if body.identity_id not in (None, member.user_id):
        text = _("A membership stays with its person. Add the other person, and remove this one.")
        raise wrong("grantee", "identityId", "identity.fixed", text)
    return Answer(body=grantee_wire(member, row.organisation_id), version=member.version)


@operation(
    router,
    "DELETE",
    MEMBER,
    summary="Remove a member",
    status=204,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def grantee_remove(request: HttpRequest, identityGroupId: uuid.UUID, id: uuid.UUID) -> None:
    """Take a person out of a group."""
    row = _group(access.where(request, right=Right.PEOPLE_CHANGE), identityGroupId)
    member = GroupMember.objects.filter(group=row, pk=id).select_related("group", "user").first()
    check_version(found_one(member), version=expected(request))
    groups.remove(caller=access.caller(request), member=found_one(member))


def _held(row: UserGroup, id: uuid.UUID) -> Privilege:
    return found_one(related().filter(on_the_wire(), group=row, pk=id).first())


@operation(
    router,
    "POST",
    ROLES,
    summary="Give a group a role",
    answer=IdentityPrivilege,
    status=201,
    errors=(400, 401, 403, 404, 409),
)
def group_privilege_give(request: HttpRequest, identityGroupId: uuid.UUID, body: IdentityPrivilege) -> Answer:
    """Give the members of a group a role."""
    row = _group(access.where(request, right=Right.PEOPLE_CHANGE), identityGroupId)
    wanted = wishes.for_group(body, row)
    made = wishes.given(
        privileges.grant(caller=access.caller(request), organisation=wanted.organisation, grantee=row, wish=wanted.wish)
    )
    return Answer(body=group_privilege_wire(made), version=made.version)


@operation(
    router,
    "PUT",
    ROLE,
    summary="Change a group's role",
    answer=IdentityPrivilege,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def group_privilege_change(
    request: HttpRequest, identityGroupId: uuid.UUID, id: uuid.UUID, body: IdentityPrivilege
) -> Answer:
    """Let a group's role end at another moment; type and scope stay as they were given."""
    row = _group(access.where(request, right=Right.PEOPLE_CHANGE), identityGroupId)
    held = check_version(_held(row, id), version=expected(request))
    if body.type not in (None, held.type) or body.scope_id not in (None, held.system_id or held.scope_id):
        text = _("Type and scope of a role stay. Give another role, and take this one away.")
        raise wrong("privilege", "type", "privilege.fixed", text)
    changed = wishes.given(
        ending.set_end(
            caller=access.caller(request), privilege=held, version=held.version, active_to=wishes.end_of(body)
        )
    )
    return Answer(body=group_privilege_wire(changed), version=changed.version)


@operation(
    router,
    "DELETE",
    ROLE,
    summary="Take a group's role",
    status=204,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def group_privilege_take(request: HttpRequest, identityGroupId: uuid.UUID, id: uuid.UUID) -> None:
    """Take a role away from a group."""
    row = _group(access.where(request, right=Right.PEOPLE_CHANGE), identityGroupId)
    held = check_version(_held(row, id), version=expected(request))
    wishes.done(privileges.revoke(caller=access.caller(request), privilege=held))
