"""What commands ask for in roles, read into our words; what is refused comes back as on the page."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import NoReturn, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.api.errors import ApiError, FieldError, invalid, of_findings, wrong
from adgang.lib.findings import Finding
from organisations import bulk_grants, groups, privileges
from organisations.api.privilege_schemas import DirectPrivilegeCommand, IdentityPrivilege
from organisations.bulk_grants import Addition
from organisations.grants import Wish, related
from organisations.models import Organisation, Privilege, User, UserGroup
from organisations.rights import PrivilegeType, roles

# What says that something stands in the way, rather than that the request is wrong.
CONFLICTS = {"privilege.held", "privilege.last_user_administrator", "group.member", "group.name_taken"}


class Asked(Protocol):
    """What a role that is asked for says, whoever it is for."""

    type: object
    scope_id: uuid.UUID | None
    parent_privilege_id: uuid.UUID | None
    active_to: dt.date | None
    active_to_date_time: dt.datetime | None


def addition(body: DirectPrivilegeCommand, among: Sequence[Organisation]) -> Addition:
    """Return the role that a command asks for. Raises `ApiError` for what cannot be meant."""
    organisation, wish = wished(body, among)
    giver = wish.parent.delegate if wish.parent and wish.parent.delegate else organisation
    return Addition(organisation=organisation, grantee=_grantee(body.grantee_id, giver), wish=wish)


def for_group(body: IdentityPrivilege, group: UserGroup) -> Addition:
    """Return the role that is asked for a group. Raises `ApiError` for what cannot be meant."""
    organisation, wish = wished(body, [group.organisation])
    return Addition(organisation=organisation, grantee=group, wish=wish)


def wished(body: Asked, among: Sequence[Organisation]) -> tuple[Organisation, Wish]:
    """Return in which organisation which role is asked for. `among`: those whose rights the caller manages."""
    type_ = str(body.type or "")
    if type_ not in PrivilegeType.values or not roles()[PrivilegeType(type_)].wire:
        raise _fault("type", "privilege.unknown_type", _("Name a role that can be given here."))
    parent = _parent(body.parent_privilege_id, among)
    if parent is not None and parent.scope is not None:
        system_id = body.scope_id if body.scope_id not in (None, parent.scope_id) else parent.system_id
        return parent.scope, Wish(type=PrivilegeType(type_), system_id=system_id, active_to=end_of(body), parent=parent)
    for organisation in among:
        if body.scope_id == organisation.pk:
            return organisation, Wish(type=PrivilegeType(type_), active_to=end_of(body))
        if body.scope_id in privileges.systems_of(organisation):
            return organisation, Wish(type=PrivilegeType(type_), system_id=body.scope_id, active_to=end_of(body))
    raise _fault(
        "scopeId", "privilege.unknown_scope", _("Name an organisation whose rights you manage, or its system.")
    )


def _parent(parent_id: uuid.UUID | None, among: Sequence[Organisation]) -> Privilege | None:
    if parent_id is None:
        return None
    found = related().filter(pk=parent_id, delegate__in=among).first()
    if found is None:
        text = _("Your organisation has no such role from another organisation.")
        raise _fault("parentPrivilegeId", "privilege.unknown_parent", text)
    return found


def end_of(body: Asked) -> dt.datetime | None:
    """Return when a role ends; the deprecated day means its end, in Danish time."""
    if body.active_to_date_time is not None or body.active_to is None:
        return body.active_to_date_time
    return timezone.make_aware(dt.datetime.combine(body.active_to, dt.time.max))


def _grantee(identity: uuid.UUID | None, giver: Organisation) -> User | Organisation:
    people = {one.pk: one for one in groups.colleagues(giver, at=timezone.now())}
    other = Organisation.objects.filter(pk=identity).first() if identity and identity not in people else None
    found = people.get(identity) if identity else None
    if found is None and other is None:
        text = _("Name a person of the organisation, or another organisation.")
        raise _fault("granteeId", "privilege.unknown_grantee", text)
    return found or other  # type: ignore[return-value]


def _fault(field: str, code: str, message: str) -> ApiError:
    return wrong("privilege", field, code, message)


def given(result: Privilege | Finding) -> Privilege:
    """Return the role that was given. Raises `ApiError` when it was not."""
    if isinstance(result, Finding):
        refuse(result)
    return result


def done(refusal: Finding | None) -> None:
    """Raise `ApiError` when something was refused."""
    if refusal is not None:
        refuse(refusal)


def refuse(refusal: Finding) -> NoReturn:
    """Raise what a refusal is on the wire: 409 when something stands in the way, else 400."""
    raise of_findings([refusal], status=409 if refusal.code in CONFLICTS else 400, resource="privilege", field="type")


def refuse_many(faults: Sequence[bulk_grants.Fault]) -> NoReturn:
    """Raise what kept many roles from being given and taken, each named by its place."""
    conflict = all(one.finding.code in CONFLICTS for one in faults)
    fields = [
        FieldError(
            resource="privilege",
            field=f"{'privilegesToRemove' if one.is_removal else 'privilegesToAdd'}.{one.position}",
            code=one.finding.code,
            message=f"{one.finding.message} {one.finding.remedy}".strip(),
        )
        for one in faults
    ]
    error = invalid(fields)
    error.status = 409 if conflict else 400
    raise error
