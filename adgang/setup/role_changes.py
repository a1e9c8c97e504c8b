"""What a set-up file changes in the roles, by group and by person: a field for each role that comes or goes."""

import uuid
from collections.abc import Iterable, Iterator, Mapping

from adgang.setup.changes import Act, Change, FieldChange
from adgang.setup.documents import Section
from adgang.setup.role_keys import Names, in_order, text
from adgang.setup.roles_standing import Held, StandingGroup
from adgang.setup.wanted_roles import Roles, WantedGroup, WantedPerson

ROLES, MEMBERS, GROUPS = "roles", "members", "userGroups"


def of_roles(roles: Roles, gone: Mapping[uuid.UUID, str]) -> Iterator[Change]:
    """Yield what a file does to user groups, people and invitations; `gone` names the systems that will be gone."""
    systems = {**gone, **roles.systems}
    for group in roles.groups:
        fields = tuple(_of_group(group, systems))
        if fields or group.old is None:
            act = Act.CHANGED if group.old else Act.ADDED
            yield Change(Section.ROLES, act, "userGroup", group.group.pk, group.group.name, "", group.line, fields)
    for left in roles.gone:
        yield Change(Section.ROLES, Act.REMOVED, "userGroup", left.group.pk, left.group.name)
    names = {one.group.pk: one.group.name for one in roles.groups}
    names |= {one.group.pk: one.group.name for one in roles.gone}
    for person in roles.people:
        if person.is_changed:
            yield _of_person(person, systems, names)


def _of_group(one: WantedGroup, systems: Names) -> Iterator[FieldChange]:
    old = one.old or StandingGroup(type(one.group)(name=one.group.name))
    for key, before, after in (
        ("userGroup", old.group.name, one.group.name),
        ("description", old.group.description, one.group.description),
    ):
        if before != after:
            yield FieldChange(key, before, after)
    yield from _of_texts(MEMBERS, old.addresses, one.members)
    yield from _of_held(old.held, one.held, systems)


def _of_person(one: WantedPerson, systems: Names, groups: Names) -> Change:
    old = one.old.held if one.old else {}
    fields = list(_of_held(old, one.held, systems))
    name, kind, pk = f"{one.name} ({one.email})", "person", one.user.pk if one.user else uuid.uuid4()
    if one.user is not None:
        return Change(Section.ROLES, Act.CHANGED, kind, pk, name, "", one.line, tuple(fields))
    before = sorted(groups[pk] for pk in (one.old.groups if one.old else set()))
    fields += _of_texts(GROUPS, before, sorted(groups[pk] for pk in one.groups))
    standing = one.old.invitation if one.old else None
    act = Act.ADDED if standing is None else Act.CHANGED if one.gets_something else Act.REMOVED
    return Change(Section.ROLES, act, "invitation", standing.pk if standing else pk, name, "", one.line, tuple(fields))


def _of_held(before: Held, after: Held, systems: Names) -> Iterator[FieldChange]:
    for key in in_order({**before, **after}, systems):
        old = text(key, before[key], systems) if key in before else ""
        new = text(key, after[key], systems) if key in after else ""
        if old != new:
            yield FieldChange(ROLES, old, new)


def _of_texts(key: str, before: Iterable[str], after: Iterable[str]) -> Iterator[FieldChange]:
    old, new = list(before), list(after)
    yield from (FieldChange(key, one, "") for one in old if one not in new)
    yield from (FieldChange(key, "", one) for one in new if one not in old)
