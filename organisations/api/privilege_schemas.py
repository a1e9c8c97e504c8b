"""Privileges and groups of people on the wire. Roles of ours, which the registry does not know, never travel."""

import uuid

from django.db.models import Q

from adgang.lib.api import enums
from adgang.lib.api.long_enums import PrivilegeType
from adgang.lib.api.wire import Day, Id, Long, Moment, ResultPage, Text, Wire, choice
from organisations.models import GroupMember, Privilege, UserGroup
from organisations.rights import roles


class ExpirationNotification(Wire):
    """When the holder was told that the role ends soon."""

    id: Id = None
    version: Long = None
    expiration_date: Day = None
    notification_date_time: Moment = None


class DirectPrivilege(Wire):
    """A role that somebody was given. `scopeId` is an organisation, or the one system that it is limited to."""

    id: Id = None
    version: Long = None
    created_date: Moment = None
    last_updated: Moment = None
    grantee_id: Id = None
    identity_group_id: Id = None
    issuer_id: Id = None
    parent_privilege_id: Id = None
    scope_id: Id = None
    expiration_notification: ExpirationNotification | None = None
    source: choice(enums.PrivilegeSource) = None  # type: ignore[valid-type]
    type: choice(PrivilegeType) = None  # type: ignore[valid-type]
    active_to: Day = None
    active_to_date_time: Moment = None


class DirectPrivilegeCommand(Wire):
    """A role to give. The issuer is the organisation that gives it."""

    active_to: Day = None
    active_to_date_time: Moment = None
    parent_privilege_id: Id = None
    grantee_id: Id = None
    issuer_id: Id = None
    scope_id: Id = None
    source: choice(enums.PrivilegeSource) = None  # type: ignore[valid-type]
    type: choice(PrivilegeType) = None  # type: ignore[valid-type]


class DirectPrivilegeBulkRevocation(Wire):
    """A role to take away."""

    id: Id = None
    version: Long = None
    issuer_id: Id = None


class BulkDirectPrivileges(Wire):
    """At most 100 roles to give and 100 to take: all of it or nothing."""

    privileges_to_add: list[DirectPrivilegeCommand] | None = None
    privileges_to_remove: list[DirectPrivilegeBulkRevocation] | None = None


class DirectPrivilegeRevocation(Wire):
    """Who takes a role away."""

    issuer_id: Id = None


class DirectPrivilegeSearchResult(ResultPage):
    """A page of roles."""

    direct_privileges: list[DirectPrivilege] | None = None


class Grantee(Wire):
    """That a person belongs to a group."""

    id: Id = None
    version: Long = None
    identity_group_id: Id = None
    identity_id: Id = None
    issuer_id: Id = None
    created_date: Moment = None
    last_updated: Moment = None


class IdentityPrivilege(Wire):
    """A role that a group was given."""

    id: Id = None
    version: Long = None
    identity_group_id: Id = None
    issuer_id: Id = None
    parent_privilege_id: Id = None
    scope_id: Id = None
    type: choice(PrivilegeType) = None  # type: ignore[valid-type]
    source: choice(enums.PrivilegeSource) = None  # type: ignore[valid-type]
    expiration_notification: ExpirationNotification | None = None
    created_date: Moment = None
    last_updated: Moment = None
    active_to: Day = None
    active_to_date_time: Moment = None


class IdentityGroup(Wire):
    """A group of an organisation's people."""

    id: Id = None
    version: Long = None
    name: Text = None
    transaction_id: Text = None
    created_date: Moment = None
    last_updated: Moment = None
    issuer_id: Id = None
    owner_id: Id = None
    parent_owner_id: Id = None
    grantees: list[Grantee] | None = None
    privileges: list[IdentityPrivilege] | None = None
    type: choice(enums.IdentityGroupType) = None  # type: ignore[valid-type]


class IdentityGroupSearchResult(ResultPage):
    """A page of groups."""

    identity_groups: list[IdentityGroup] | None = None


def on_the_wire() -> Q:
    """Return the condition of the roles that the registry knows."""
    return Q(type__in=[str(role.type) for role in roles().values() if role.wire])


def _issuer(row: Privilege) -> uuid.UUID | None:
    return row.parent.delegate_id if row.parent else row.scope_id


def _shared(row: Privilege) -> dict[str, object]:
    """What privileges of all kinds have in common; `activeTo` is the last day in Danish time."""
    return {
        "id": row.pk,
        "version": row.version,
        "created_date": row.created,
        "last_updated": row.updated,
        "issuer_id": _issuer(row),
        "parent_privilege_id": row.parent_id,
        "scope_id": row.system_id or row.scope_id,
        "source": row.source,
        "type": row.type,
        "active_to_date_time": row.active_to,
        "active_to": row.active_to.date() if row.active_to else None,
    }


def privilege_wire(row: Privilege) -> DirectPrivilege:
    """Return a role as it travels."""
    grantee = row.user_id or row.delegate_id or row.group_id
    return DirectPrivilege.model_validate({"grantee_id": grantee, **_shared(row)})


def group_privilege_wire(row: Privilege) -> IdentityPrivilege:
    """Return a role of a group as it travels."""
    return IdentityPrivilege.model_validate({"identity_group_id": row.group_id, **_shared(row)})


def grantee_wire(row: GroupMember, organisation_id: uuid.UUID) -> Grantee:
    """Return a member of a group as it travels."""
    return Grantee(
        id=row.pk,
        version=row.version,
        identity_group_id=row.group_id,
        identity_id=row.user_id,
        issuer_id=organisation_id,
        created_date=row.created,
        last_updated=row.updated,
    )


def group_wire(row: UserGroup) -> IdentityGroup:
    """Return a group with its members and roles, which are prefetched, as it travels."""
    known = {str(role.type) for role in roles().values() if role.wire}
    return IdentityGroup(
        id=row.pk,
        version=row.version,
        name=row.name,
        created_date=row.created,
        last_updated=row.updated,
        issuer_id=row.organisation_id,
        owner_id=row.organisation_id,
        grantees=[grantee_wire(member, row.organisation_id) for member in row.members.all()],
        privileges=[group_privilege_wire(held) for held in row.privileges.all() if held.type in known],
        type=enums.IdentityGroupType.MANUAL,
    )
