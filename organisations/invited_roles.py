"""What an invitation gives: roles for all of the organisation, roles with a limit, and places in user groups."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from adgang.lib import slots
from adgang.lib.dates import moment
from adgang.lib.snapshots import JSON, as_json
from organisations.grants import Wish
from organisations.models import Invitation, UserGroup
from organisations.rights import PrivilegeType, Role, roles


@dataclass(frozen=True)
class OfferedRole:
    """A role as the invited person reads of it: perhaps for one system alone, perhaps until a moment."""

    role: Role
    system: str = ""
    active_to: dt.datetime | None = None

    @property
    def limits(self) -> str:
        """What limits the role, in brackets, in the reader's language; "" for nothing."""
        only = [_("only %(system)s") % {"system": self.system}] if self.system else []
        until = [_("until %(time)s") % {"time": moment(self.active_to)}] if self.active_to else []
        return f" ({', '.join([*only, *until])})" if only or until else ""

    @property
    def label(self) -> str:
        """The role with what limits it."""
        return f"{self.role.label}{self.limits}"


@dataclass(frozen=True)
class Offered:
    """All that an invitation gives."""

    roles: list[OfferedRole]
    groups: list[UserGroup]

    @property
    def label(self) -> str:
        """All of it in one line."""
        return ", ".join([*(one.label for one in self.roles), *(group.name for group in self.groups)])


def kept(wishes: Iterable[Wish]) -> tuple[list[str], list[JSON]]:
    """Return what a row keeps of wishes: the types of those without a limit, and the others whole."""
    plain, limited = list[str](), list[JSON]()
    for wish in wishes:
        if wish.system_id is None and wish.active_to is None:
            plain.append(str(wish.type))
        else:
            told = {"role": str(wish.type), "system_id": as_json(wish.system_id), "active_to": as_json(wish.active_to)}
            limited.append(told)
    return plain, limited


def wishes(invitation: Invitation) -> list[Wish]:
    """Return the roles that an invitation gives."""
    return [Wish(type=PrivilegeType(type_)) for type_ in invitation.roles] + [
        Wish(
            type=PrivilegeType(one["role"]),
            system_id=uuid.UUID(one["system_id"]) if one["system_id"] else None,
            active_to=parse_datetime(one["active_to"]) if one["active_to"] else None,
        )
        for one in invitation.limited_roles
    ]


def groups_of(invitation: Invitation) -> list[UserGroup]:
    """Return the user groups into which an invitation leads, those that are still there."""
    ids = list(map(str, invitation.groups))
    found = UserGroup.objects.filter(organisation=invitation.organisation_id, pk__in=ids)
    return list(found.order_by("name")) if ids else []


def offered(invitations: Sequence[Invitation]) -> list[Offered]:
    """Return what each of some invitations gives; two queries for all of them, none where none is limited."""
    wanted = [wishes(invitation) for invitation in invitations]
    limited = {wish.system_id for some in wanted for wish in some if wish.system_id is not None}
    names = {id_: name for filling in slots.fillings("system_names") for id_, name in filling(limited).items()}
    ids = {uuid.UUID(str(id_)) for invitation in invitations for id_ in invitation.groups}
    groups = {group.pk: group for group in UserGroup.objects.filter(pk__in=ids)} if ids else {}
    return [
        Offered(
            [OfferedRole(roles()[one.type], names.get(one.system_id, ""), one.active_to) for one in some],
            [groups[id_] for id_ in map(uuid.UUID, map(str, invitation.groups)) if id_ in groups],
        )
        for invitation, some in zip(invitations, wanted, strict=True)
    ]
