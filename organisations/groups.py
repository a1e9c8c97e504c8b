"""Groups of an organisation's people: whoever is a member has the roles that the group was given."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import check_version, save_version
from adgang.lib.snapshots import JSON
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry, Told
from organisations.grants import related, take
from organisations.locks import lock, lock_all
from organisations.models import Employment, GroupMember, Organisation, Privilege, User, UserGroup


def colleagues(organisation: Organisation, *, at: dt.datetime) -> list[User]:
    """Return the people who may be members of the organisation's groups, by name: who works there or has a role."""
    ids = set(Employment.objects.filter(organisation=organisation, ended=None).values_list("user", flat=True))
    own = Privilege.objects.active(at).filter(scope=organisation, parent=None, user__isnull=False)
    ids |= set(own.values_list("user", flat=True))
    return list(User.objects.filter(pk__in=ids, is_active=True).order_by("name", "pk"))


@transaction.atomic
def create(*, caller: Caller, organisation: Organisation, name: str, description: str = "") -> UserGroup | Finding:
    """Make an empty group and record it; a `Finding` when the organisation has one of that name."""
    lock(organisation.pk)
    issuer = caller.user.pk if caller.user else None
    group = UserGroup(organisation=organisation, name=name, description=description, issuer_id=issuer)
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        return finding("group.name_taken", name=name)
    entry = Entry(tag=Tag.GROUP_CHANGED, obj=group, after={"name": name, "description": description})
    events.record(caller, organisation, entry)
    return group


@transaction.atomic
def edit(
    *, caller: Caller, group: UserGroup, version: int, name: str, description: str, members: Collection[User]
) -> Finding | None:
    """Give a group a name, a description and its members, and record what differs; a `Finding` says why not.

    Raises `StaleVersion` when somebody changed it meanwhile.
    """
    organisation = lock(group.organisation_id)
    current = check_version(UserGroup.objects.get(pk=group.pk), version=version)
    before: dict[str, JSON] = {"name": current.name, "description": current.description}
    current.name, current.description = name, description
    try:
        with transaction.atomic():
            save_version(current, version=version)
    except IntegrityError:
        return finding("group.name_taken", name=name)
    after: dict[str, JSON] = {"name": name, "description": description}
    entries = [Entry(tag=Tag.GROUP_CHANGED, obj=current, before=before, after=after)] if before != after else []
    changed = [*entries, *bring_to(current, members, caller=caller)]
    if changed:
        events.record_all(caller, [(organisation, entry) for entry in changed])
    return None


def bring_to(group: UserGroup, members: Iterable[User], *, caller: Caller) -> list[Entry]:
    """Make these people the members of the group; returns the entries about who came and who went. The lock is held."""
    standing = {member.user_id: member for member in group.members.select_related("user")}
    wanted = {person.pk: person for person in members}
    gone = [member for id_, member in standing.items() if id_ not in wanted]
    come = [person for id_, person in wanted.items() if id_ not in standing]
    return [*(_out(member) for member in gone), *(_in(group, person, caller) for person in come)]


def _in(group: UserGroup, person: User, caller: Caller) -> Entry:
    issuer = caller.user.pk if caller.user else None
    GroupMember.objects.create(group=group, user=person, issuer_id=issuer)
    after: dict[str, JSON] = {"user_group": group.name}
    if caller.user == person:
        after["self_granted"] = True
    return Entry(tag=Tag.GROUP_JOINED, obj=person, after=after)


def _out(member: GroupMember, *, reason: str = "") -> Entry:
    GroupMember.objects.filter(pk=member.pk).delete()
    return Entry(tag=Tag.GROUP_LEFT, obj=member.user, before={"user_group": member.group.name}, reason=reason)


@transaction.atomic
def add(*, caller: Caller, group: UserGroup, user: User) -> GroupMember | Finding:
    """Make one person a member and record it; a `Finding` when they are one already or work elsewhere."""
    organisation = lock(group.organisation_id)
    if GroupMember.objects.filter(group=group, user=user).exists():
        return finding("group.member", person=user.name)
    entry = _in(group, user, caller)
    events.record(caller, organisation, entry)
    return GroupMember.objects.get(group=group, user=user)


def join(group: UserGroup, user: User, *, caller: Caller) -> Entry | None:
    """Make one person a member, unless they are one, and return what is to be recorded; the lock is held."""
    is_member = GroupMember.objects.filter(group=group, user=user).exists()
    return None if is_member else _in(group, user, caller)


@transaction.atomic
def remove(*, caller: Caller, member: GroupMember) -> None:
    """Let a member go and record it; one that is gone already is no error."""
    organisation = lock(member.group.organisation_id)
    found = GroupMember.objects.filter(pk=member.pk).select_related("group", "user").first()
    if found is not None:
        events.record(caller, organisation, _out(found))


def leave_all(*, organisation: Organisation, user: User) -> Told:
    """Take a person out of every group of the organisation; returns what to record. The lock is held."""
    memberships = GroupMember.objects.filter(group__organisation=organisation, user=user)
    return [(organisation, _out(member)) for member in memberships.select_related("group", "user")]


@transaction.atomic
def delete(*, caller: Caller, group: UserGroup, version: int) -> None:
    """Delete a group with its roles and record it; its members keep what they have besides. Raises `StaleVersion`."""
    held = related().filter(group=group)
    locked = lock_all({group.organisation_id, *held.values_list("scope", flat=True)})
    organisation = locked[group.organisation_id]
    current = check_version(UserGroup.objects.get(pk=group.pk), version=version)
    events.record_all(caller, dissolve(current, organisation=organisation))


def dissolve(group: UserGroup, *, organisation: Organisation, reason: str = "") -> Told:
    """Delete a group with its roles and return what is to be recorded; the locks are held."""
    held = related().filter(group=group)
    taken = [entry for privilege in held for entry in take(privilege, tag=Tag.PRIVILEGES_REVOKED, reason=reason)]
    members = group.members.select_related("group", "user")
    out: Told = [(organisation, _out(member, reason=reason)) for member in members]
    gone = Entry(tag=Tag.GROUP_DELETED, obj=group, before={"name": group.name}, reason=reason)
    UserGroup.objects.filter(pk=group.pk).delete()
    return [*taken, *out, (organisation, gone)]
