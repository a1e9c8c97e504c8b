"""Writing the roles that a set-up file asks for; the rules have been asked, the organisation's lock is held."""

import datetime as dt
from collections.abc import Iterator, Mapping

from adgang.lib.registered import save_version
from adgang.lib.snapshots import JSON
from adgang.setup.roles_standing import Held, Key
from adgang.setup.wanted_roles import Roles, WantedGroup, WantedPerson
from organisations import groups, inviting
from organisations.callers import Caller
from organisations.ending import write_end
from organisations.event_tags import Tag
from organisations.events import Entry, Told
from organisations.expiry import end_expired
from organisations.grants import Wish, put, take
from organisations.models import Organisation, Privilege, User, UserGroup


def write(*, caller: Caller, organisation: Organisation, roles: Roles, at: dt.datetime, reason: str) -> Told:
    """Write everything that differs and return what is to be recorded."""
    writer = _Writer(caller, organisation, at, reason)
    return [
        *end_expired(organisation=organisation, grantee=None, at=at),
        *(
            entry
            for one in roles.gone
            for entry in groups.dissolve(one.group, organisation=organisation, reason=reason)
        ),
        *writer.groups(roles),
        *(entry for one in roles.people if one.is_changed for entry in writer.person(one, roles)),
    ]


class _Writer:
    def __init__(self, caller: Caller, organisation: Organisation, at: dt.datetime, reason: str) -> None:
        self.caller, self.organisation, self.at, self.reason = caller, organisation, at, reason

    def groups(self, roles: Roles) -> Iterator[tuple[Organisation | None, Entry]]:
        # Names are free before another group takes them.
        for one in roles.groups:
            if one.old and one.old.group.name != one.group.name:
                UserGroup.objects.filter(pk=one.group.pk).update(name=str(one.group.pk))
        for one in roles.groups:
            group = self.group(one)
            people = [roles.standing.known[email] for email in one.members if email in roles.standing.known]
            moved = groups.bring_to(group, people, caller=self.caller)
            for entry in [*self.told_of_group(one), *moved]:
                yield self.organisation, entry
            yield from self.roles(group, one.old.privileges if one.old else {}, one.held)

    def group(self, one: WantedGroup) -> UserGroup:
        """Write the row of a group, and return it as it is in the database."""
        if one.old is None:
            one.group.issuer_id = self.caller.user.pk if self.caller.user else None
            one.group.save(force_insert=True)
            return one.group
        group = UserGroup.objects.get(pk=one.group.pk)
        group.name, group.description = one.group.name, one.group.description
        if self.told_of_group(one):
            save_version(group, version=group.version)
        return group

    def told_of_group(self, one: WantedGroup) -> list[Entry]:
        after = _values(one.group)
        before = _values(one.old.group) if one.old else {}
        entry = Entry(tag=Tag.GROUP_CHANGED, obj=one.group, before=before, after=after, reason=self.reason)
        return [entry] if before != after else []

    def roles(self, grantee: User | UserGroup, before: Mapping[Key, Privilege], held: Held) -> Told:
        """Bring the roles of a person or group to what they are to be; those of a deleted system are gone already."""
        told: Told = []
        for key, privilege in before.items():
            if key not in held:
                told += take(privilege, tag=Tag.PRIVILEGES_REVOKED, reason=self.reason)
            elif privilege.active_to != held[key]:
                told += write_end(privilege, held[key])
        for key in held.keys() - before.keys():
            wish = Wish(type=key[0], system_id=key[1], active_to=held[key])
            told += put(organisation=self.organisation, grantee=grantee, wish=wish, issuer=self.caller.user)[1]
        return told

    def person(self, one: WantedPerson, roles: Roles) -> Told:
        if one.user is not None:
            return self.roles(one.user, one.old.privileges if one.old else {}, one.held)
        waiting = roles.standing.waiting.get(one.email)
        told: Told = []
        if waiting:
            told += inviting.take_back(caller=self.caller, invitation=waiting, reason=self.reason)
        if one.gets_something:
            wishes = [Wish(type=key[0], system_id=key[1], active_to=end) for key, end in one.held.items()]
            into = [group.group for group in roles.groups if group.group.pk in one.groups]
            _invitation, invited = inviting.put(
                caller=self.caller,
                organisation=self.organisation,
                email=one.email,
                name=one.name,
                wishes=wishes,
                into=into,
                reason=self.reason,
            )
            told += invited
        return told


def _values(group: UserGroup) -> dict[str, JSON]:
    return {"name": group.name, "description": group.description}
