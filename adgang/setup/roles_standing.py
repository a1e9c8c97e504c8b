"""Who has which role in an organisation, as it stands: its user groups, its people, and those who are invited."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from organisations import delegations, groups, invited_roles, people
from organisations.grants import related
from organisations.models import GroupMember, Invitation, Organisation, Privilege, User, UserGroup
from organisations.rights import PrivilegeType

# A role, for the whole organisation (None) or for one system; and when it ends (None: never).
Key = tuple[PrivilegeType, uuid.UUID | None]
Held = dict[Key, dt.datetime | None]


@dataclass(eq=False)
class StandingGroup:
    """A user group, the roles it was given, and its members: people, and the addresses of those who are invited.

    `passed_on`: it has roles at another organisation, too.
    """

    group: UserGroup
    privileges: dict[Key, Privilege] = field(default_factory=dict)
    members: dict[str, User] = field(default_factory=dict)
    invited: list[str] = field(default_factory=list)
    passed_on: bool = False

    @property
    def held(self) -> Held:
        """The roles of the group."""
        return {key: privilege.active_to for key, privilege in self.privileges.items()}

    @property
    def addresses(self) -> list[str]:
        """All members by their mail addresses, in order."""
        return sorted([*self.members, *self.invited])


@dataclass(eq=False)
class StandingPerson:
    """Somebody with a role of their own or a place in a group; without `user` they are invited by `invitation`."""

    email: str
    name: str
    user: User | None = None
    invitation: Invitation | None = None
    privileges: dict[Key, Privilege] = field(default_factory=dict)
    offered: Held = field(default_factory=dict)
    groups: set[uuid.UUID] = field(default_factory=set)

    @property
    def held(self) -> Held:
        """The roles that the person has, or is to have once they have come."""
        return {key: privilege.active_to for key, privilege in self.privileges.items()} if self.user else self.offered


@dataclass(frozen=True)
class Standing:
    """All of it. `known` are those who work here or have a role, by mail address; `waiting` every open invitation."""

    groups: list[StandingGroup]
    people: dict[str, StandingPerson]
    known: dict[str, User]
    waiting: dict[str, Invitation]
    delegated: list[Privilege]


def stored(organisation: Organisation, *, at: dt.datetime) -> Standing:
    """Return who has which role at a moment; a fixed number of queries."""
    found = {group.pk: StandingGroup(group) for group in UserGroup.objects.filter(organisation=organisation)}
    persons: dict[str, StandingPerson] = {}
    for member in GroupMember.objects.filter(group__organisation=organisation).select_related("user"):
        found[member.group_id].members[member.user.email] = member.user
        _person(persons, member.user).groups.add(member.group_id)
    for privilege in related().active(at).filter(scope=organisation).own():
        holder = (
            _person(persons, privilege.user) if privilege.user else found.get(privilege.group_id or uuid.UUID(int=0))
        )
        if holder is not None:
            holder.privileges[PrivilegeType(privilege.type), privilege.system_id] = privilege
    for group_id in (
        Privilege.objects.filter(group__in=list(found)).exclude(parent=None).values_list("group", flat=True)
    ):
        found[group_id].passed_on = True
    known = {person.email: person for person in groups.colleagues(organisation, at=at)}
    known |= {one.email: one.user for one in persons.values() if one.user}
    waiting = {invitation.email: invitation for invitation in people.invitations(organisation)}
    _invited(persons, found, (one for one in waiting.values() if one.expires > at and one.email not in known))
    return Standing(
        sorted(found.values(), key=lambda one: (one.group.name.casefold(), one.group.pk)),
        dict(sorted(persons.items(), key=lambda pair: (pair[1].name.casefold(), pair[0]))),
        known,
        waiting,
        list(delegations.given(organisation, at=at)),
    )


def _person(persons: dict[str, StandingPerson], user: User) -> StandingPerson:
    return persons.setdefault(user.email, StandingPerson(user.email, user.name, user=user))


def _invited(
    persons: dict[str, StandingPerson], found: dict[uuid.UUID, StandingGroup], invitations: Iterable[Invitation]
) -> None:
    for invitation in invitations:
        person = StandingPerson(invitation.email, invitation.name, invitation=invitation)
        person.offered = {(one.type, one.system_id): one.active_to for one in invited_roles.wishes(invitation)}
        person.groups = {pk for pk in map(uuid.UUID, map(str, invitation.groups)) if pk in found}
        for pk in person.groups:
            found[pk].invited.append(person.email)
        persons[person.email] = person
