"""Who holds a role: directly, as a member of a group, or because another organisation passed it on."""

import datetime as dt
import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet

from organisations.models import Organisation, Privilege, User, UserGroup
from organisations.models.privilege import PrivilegeQuerySet
from organisations.rights import PrivilegeType

MINE = Q(user=OuterRef("pk")) | Q(group__members__user=OuterRef("pk"))


def holders(organisation: Organisation, *types: PrivilegeType, at: dt.datetime) -> QuerySet[User]:
    """Return the organisation's own people who hold one of the roles for all of it, by name; closed accounts not."""
    rows: PrivilegeQuerySet = Privilege.objects.active(at).filter(scope=organisation, parent=None)
    held = rows.for_whole_organisation().filter(MINE, type__in=types)
    return User.objects.filter(Exists(held), is_active=True).order_by("name", "pk")


def user_administrators(organisation: Organisation, *, at: dt.datetime) -> list[User]:
    """Return who gives and takes roles in the organisation."""
    return list(holders(organisation, PrivilegeType.ORGANISATION_USER_ADMINISTRATOR, at=at))


def members_of(group: UserGroup) -> list[User]:
    """Return the people in a group, by name; closed accounts not."""
    return list(User.objects.filter(memberships__group=group, is_active=True).order_by("name", "pk"))


def roles_by_person(organisation: Organisation, *, at: dt.datetime) -> dict[uuid.UUID, set[PrivilegeType]]:
    """Return the roles of the whole organisation that each of its own people holds, by the person's id."""
    rows: PrivilegeQuerySet = Privilege.objects.active(at).filter(scope=organisation, parent=None)
    whole = rows.for_whole_organisation().order_by()
    direct = whole.filter(user__is_active=True).values_list("user", "type")
    through = whole.filter(group__members__user__is_active=True).values_list("group__members__user", "type")
    found: dict[uuid.UUID, set[PrivilegeType]] = {}
    for user_id, type_ in direct.union(through):
        found.setdefault(user_id, set()).add(PrivilegeType(type_))
    return found


def memberships(*, at: dt.datetime) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return (person, organisation) for every role that an organisation's own people hold, be it for one system."""
    rows: PrivilegeQuerySet = Privilege.objects.active(at).filter(parent=None).exclude(scope=None)
    direct = rows.exclude(user=None).values_list("user", "scope")
    through = rows.exclude(group__members=None).values_list("group__members__user", "scope")
    return {(person, scope) for found in (direct, through) for person, scope in found if person and scope}
