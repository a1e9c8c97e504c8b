"""Giving and taking roles. Every change takes the organisation's lock first and keeps a lasting user administrator."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from adgang.lib import slots
from adgang.lib.findings import Finding, finding
from adgang.lib.snapshots import JSON, as_json
from organisations import events, terms
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.locks import lock
from organisations.mail import queue_mail
from organisations.models import Organisation, Privilege, User
from organisations.models.privilege import PrivilegeQuerySet
from organisations.rights import PrivilegeType, Right, Role, roles

NOTICE = dt.timedelta(days=14)
USER_ADMINISTRATOR = PrivilegeType.ORGANISATION_USER_ADMINISTRATOR


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A role as somebody asks for it: for the whole organisation or one system, for good or until a moment."""

    type: PrivilegeType
    system_id: uuid.UUID | None = None
    active_to: dt.datetime | None = None


def grantable(caller: Caller, organisation: Organisation) -> list[Role]:
    """Return the roles that the caller may give in the organisation, in the order of the role table.

    A user administrator gives every role of the organisation; the operator appoints user administrators only.
    Commands and tasks were started by whoever runs the machine and may give all.
    """
    own = [role for role in roles().values() if not role.installation]
    if caller.user is None or caller.may(Right.PEOPLE_CHANGE, organisation):
        return own
    if caller.may_operate(Right.OPERATIONS_CHANGE):
        return [role for role in own if role.type is USER_ADMINISTRATOR]
    return []


@transaction.atomic
def grant(*, caller: Caller, organisation: Organisation, user: User, wish: Wish) -> Privilege | Finding:
    """Give a person a role and record it; a `Finding` of `refusals.TABLE` says why not."""
    lock(organisation.pk)
    at = timezone.now()
    if refusal := refused(caller=caller, organisation=organisation, wish=wish, at=at):
        return refusal
    ended = end_expired(organisation=organisation, user=user, at=at)
    if _held(organisation, user, wish).exists():
        return finding("privilege.held", role=wish.type)
    privilege, entry = put(organisation=organisation, user=user, wish=wish, issuer=caller.user)
    events.record_all(caller, [(organisation, one) for one in [*ended, entry]])
    return privilege


def refused(*, caller: Caller, organisation: Organisation, wish: Wish, at: dt.datetime) -> Finding | None:
    """Return why the caller cannot give this role in this organisation to anybody, or None."""
    role = roles()[wish.type]
    if role not in grantable(caller, organisation):
        return finding("privilege.not_grantable", role=wish.type)
    if not role.before_terms and not terms.accepted(organisation):
        return finding("terms.missing", organisation=organisation.name, role=wish.type)
    if wish.active_to is not None and wish.active_to <= at:
        return finding("privilege.ended")
    if wish.system_id is None:
        return None
    if not role.per_system:
        return finding("privilege.not_per_system", role=wish.type)
    return None if wish.system_id in systems_of(organisation) else finding("privilege.unknown_system")


def systems_of(organisation: Organisation) -> dict[uuid.UUID, str]:
    """Return the names of the systems to which a role may be limited, by id; the rooms above know them."""
    return {id_: name for choices in slots.fillings("system_choices") for id_, name in choices(organisation)}


def put(
    *,
    organisation: Organisation,
    user: User,
    wish: Wish,
    issuer: User | None,
    source: str = Privilege.Source.SELF_SERVICE,
) -> tuple[Privilege, Entry]:
    """Write a role that was found to be in order and return it with the entry to record; the lock is held."""
    privilege = Privilege.objects.create(
        type=wish.type,
        user=user,
        scope=organisation,
        system_id=wish.system_id,
        active_to=wish.active_to,
        issuer_id=issuer.pk if issuer else None,
        source=source,
    )
    after = _told(privilege)
    if issuer is not None and issuer.pk == user.pk:
        after["self_granted"] = True
    return privilege, Entry(tag=Tag.PRIVILEGES_GRANTED, obj=user, after=after, system_id=wish.system_id)


def _held(organisation: Organisation, user: User, wish: Wish) -> QuerySet[Privilege]:
    return Privilege.objects.filter(scope=organisation, user=user, type=wish.type, system_id=wish.system_id)


def _told(privilege: Privilege) -> dict[str, JSON]:
    """How the log tells of a role; the person is the entry's object."""
    return {
        "role": privilege.type,
        "system_id": as_json(privilege.system_id),
        "active_to": as_json(privilege.active_to),
    }


@transaction.atomic
def revoke(*, caller: Caller, privilege: Privilege, reason: str = "") -> Finding | None:
    """Take a role away and record it; a `Finding` says why not. One that is gone already is no error."""
    if privilege.scope is None:
        raise ValueError("a role of the installation is not taken away by an organisation")
    organisation = lock(privilege.scope.pk)
    found = Privilege.objects.filter(pk=privilege.pk).select_related("user").first()
    if found is None:
        return None
    if not keeps_a_lasting_administrator(organisation, without=[found]):
        return finding("privilege.last_user_administrator", organisation=organisation.name)
    events.record(caller, organisation, take(found, tag=Tag.PRIVILEGES_REVOKED, reason=reason))
    return None


def take(privilege: Privilege, *, tag: Tag, reason: str = "") -> Entry:
    """Delete a role and return the entry to record; the lock is held and the rules have been asked."""
    entry = Entry(tag=tag, obj=privilege.user, before=_told(privilege), reason=reason, system_id=privilege.system_id)
    privilege.delete()
    return entry


def lasting_administrators(organisation: Organisation) -> PrivilegeQuerySet:
    """Return the direct, unlimited grants that let the organisation administer itself."""
    return Privilege.objects.filter(scope=organisation, type=USER_ADMINISTRATOR, active_to=None, user__is_active=True)


def keeps_a_lasting_administrator(organisation: Organisation, *, without: Iterable[Privilege]) -> bool:
    """Say whether a lasting user administrator remains when these grants go; one that has none loses none."""
    standing = {privilege.pk for privilege in lasting_administrators(organisation)}
    gone = standing & {privilege.pk for privilege in without}
    return not gone or standing > gone


def end_expired(*, organisation: Organisation, user: User | None, at: dt.datetime) -> list[Entry]:
    """Delete the roles (of one person, or all) whose end has come; returns the entries to record. The lock is held."""
    expired = Privilege.objects.expired(at).filter(scope=organisation).select_related("user")
    return [
        take(privilege, tag=Tag.PRIVILEGES_EXPIRED)
        for privilege in (expired if user is None else expired.filter(user=user))
    ]


def expire(*, caller: Caller, at: dt.datetime) -> int:
    """Remove every role whose end has come, organisation by organisation, and record it; returns how many."""
    scopes = Privilege.objects.expired(at).exclude(scope=None).values_list("scope", flat=True)
    return sum(_expire_in(organisation_id, caller=caller, at=at) for organisation_id in set(scopes))


@transaction.atomic
def _expire_in(organisation_id: uuid.UUID, *, caller: Caller, at: dt.datetime) -> int:
    organisation = lock(organisation_id)
    entries = end_expired(organisation=organisation, user=None, at=at)
    events.record_all(caller, [(organisation, entry) for entry in entries])
    return len(entries)


@transaction.atomic
def give_notice(*, at: dt.datetime) -> int:
    """Mail everybody whose role ends within two weeks, once a role; returns how many were told."""
    ending = Privilege.objects.active(at).filter(active_to__lte=at + NOTICE, noticed=None).exclude(scope=None)
    # Two workers tell each person once: what one has taken the other passes over.
    told = list(ending.select_related("user", "scope").select_for_update(of=("self",), skip_locked=True))
    for privilege in told:
        queue_mail(
            kind="role_ends_soon",
            to=privilege.user.email,
            organisation=privilege.scope,
            object_id=privilege.pk,
            language=privilege.user.language,
        )
    return Privilege.objects.filter(pk__in=[privilege.pk for privilege in told]).update(noticed=at)


def end_for_system(*, organisation: Organisation, system_id: uuid.UUID) -> list[Entry]:
    """Remove the roles limited to a system that is being deleted.

    Returns the entries for the deletion to record with its own; call it inside the transaction.
    """
    limited = Privilege.objects.filter(scope=organisation, system_id=system_id).select_related("user")
    return [take(privilege, tag=Tag.PRIVILEGES_REVOKED) for privilege in limited]


@transaction.atomic
def appoint_system_manager(*, caller: Caller, user: User) -> bool:
    """Give a person the role of the installation's system manager; returns False when they have it."""
    _, made = Privilege.objects.get_or_create(
        type=PrivilegeType.SYSTEM_MANAGER,
        user=user,
        scope=None,
        defaults={"source": Privilege.Source.MANUAL, "issuer_id": caller.user.pk if caller.user else None},
    )
    if made:
        after = {"role": str(PrivilegeType.SYSTEM_MANAGER)}
        events.record(caller, None, Entry(tag=Tag.PRIVILEGES_GRANTED, obj=user, after=after))
    return made


def roles_in(privileges: Sequence[Privilege]) -> list[Role]:
    """Return the distinct roles of some privileges, in the order of the role table."""
    held = {privilege.type for privilege in privileges}
    return [role for role in roles().values() if role.type in held]


def role_named(type_: str) -> Role:
    """Return the role of a privilege type as it is stored. Raises ValueError for none."""
    return roles()[PrivilegeType(type_)]
