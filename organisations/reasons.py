"""What a person may do in an organisation, and why: each right with the grants that give it."""

import datetime as dt
import uuid
from dataclasses import dataclass

from organisations.models import GroupMember, Organisation, Privilege, User, UserGroup
from organisations.rights import Right


@dataclass(frozen=True)
class Link:
    """One way in which a person holds a role: the grant, the group they are a member of, and who gave it."""

    privilege: Privilege
    group: UserGroup | None
    issuer: str
    system: str = ""

    @property
    def vendor(self) -> Organisation | None:
        """The other organisation that passed the role on, or None."""
        return self.privilege.parent.delegate if self.privilege.parent else None


@dataclass(frozen=True)
class Reason:
    """A right, and every grant that gives it."""

    right: Right
    links: list[Link]


def links_of(person: User, organisation: Organisation, *, systems: dict[uuid.UUID, str], at: dt.datetime) -> list[Link]:
    """Return every way in which the person holds a role of the organisation, in three queries."""
    rows = Privilege.objects.active(at).filter(scope=organisation).select_related("scope", "parent__delegate")
    groups = {one.group_id: one.group for one in GroupMember.objects.filter(user=person).select_related("group")}
    held = list(rows.reaching(person))
    names = dict(User.objects.filter(pk__in={one.issuer_id for one in held if one.issuer_id}).values_list("pk", "name"))
    return [
        Link(
            privilege=one,
            group=groups.get(one.group_id) if one.group_id else None,
            issuer=names.get(one.issuer_id, "") if one.issuer_id else "",
            system=systems.get(one.system_id, "") if one.system_id else "",
        )
        for one in held
    ]


def reasons(links: list[Link]) -> list[Reason]:
    """Return the rights that these grants give, in the order of the role table, each with what gives it."""
    found = [Reason(right, [link for link in links if right in link.privilege.role.rights]) for right in Right]
    return [reason for reason in found if reason.links]
