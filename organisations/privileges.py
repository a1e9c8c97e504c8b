"""Giving and taking roles. Every change takes the organisation's lock first and keeps a lasting user administrator."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from adgang.lib import slots
from adgang.lib.findings import Finding, finding
from organisations import chains, delegation_mail, events, terms
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.expiry import end_expired
from organisations.grants import Wish, put, related, take
from organisations.locks import lock_all
from organisations.models import Organisation, Privilege, User
from organisations.models.privilege import Grantee, PrivilegeQuerySet
from organisations.rights import PrivilegeType, Right, Role, roles

USER_ADMINISTRATOR = PrivilegeType.ORGANISATION_USER_ADMINISTRATOR


def grantable(caller: Caller, organisation: Organisation, *, parent: Privilege | None = None) -> list[Role]:
    """Return the roles that the caller may give in the organisation, in the order of the role table.

    A user administrator gives every role of the organisation; the operator appoints user administrators only. Of what
    was delegated (`parent`) the user administrators of the organisation that has it pass on that one role. Commands
    and tasks were started by whoever runs the machine and may give all.
    """
    own = [role for role in roles().values() if not role.installation]
    if parent is not None:
        delegate = parent.delegate
        may = delegate is not None and (caller.is_unattended or caller.may(Right.PEOPLE_CHANGE, delegate))
        return [parent.role] if may else []
    if caller.is_unattended or caller.may(Right.PEOPLE_CHANGE, organisation):
        return own
    if caller.may_operate(Right.OPERATIONS_CHANGE):
        return [role for role in own if role.type is USER_ADMINISTRATOR]
    return []


@transaction.atomic
def grant(*, caller: Caller, organisation: Organisation, grantee: Grantee, wish: Wish) -> Privilege | Finding:
    """Give a person, a group or another organisation a role and record it; a `Finding` says why not.

    `organisation` is the one whose data the role opens. With `wish.parent` somebody there passes on what it was given.
    """
    lock_all(chains.concerned(organisation, grantee=grantee, parent=wish.parent))
    at = timezone.now()
    checked = checked_wish(caller=caller, organisation=organisation, grantee=grantee, wish=wish, at=at)
    if isinstance(checked, Finding):
        return checked
    ended = end_expired(organisation=organisation, grantee=grantee, at=at)
    if held(organisation, grantee, checked).exists():
        return finding("privilege.held", role=wish.type)
    privilege, told = put(organisation=organisation, grantee=grantee, wish=checked, issuer=caller.user)
    delegation_mail.tell_given(privilege, at=at)
    events.record_all(caller, [*ended, *told])
    return privilege


def checked_wish(
    *, caller: Caller, organisation: Organisation, grantee: Grantee, wish: Wish, at: dt.datetime
) -> Wish | Finding:
    """Return the wish as it can be granted now, or why it cannot; whether it is held already is not asked."""
    current = chains.fresh(wish, organisation=organisation, at=at)
    if isinstance(current, Finding):
        return current
    if isinstance(grantee, Organisation) and not roles()[wish.type].delegable:
        return finding("privilege.not_delegable", role=wish.type)
    return (
        refused(caller=caller, organisation=organisation, wish=current, at=at)
        or chains.misplaced(organisation, grantee=grantee, wish=current)
        or current
    )


def refused(*, caller: Caller, organisation: Organisation, wish: Wish, at: dt.datetime) -> Finding | None:
    """Return why the caller cannot give this role in this organisation to anybody, or None."""
    if beyond := chains.exceeds(wish):
        return beyond
    if roles()[wish.type] not in grantable(caller, organisation, parent=wish.parent):
        return finding("privilege.not_grantable", role=wish.type)
    return unfit(
        wish,
        organisation=organisation,
        at=at,
        has_terms=lambda: terms.accepted(organisation),
        systems=lambda: systems_of(organisation),
    )


def unfit(
    wish: Wish,
    *,
    organisation: Organisation,
    at: dt.datetime,
    has_terms: Callable[[], bool],
    systems: Callable[[], Mapping[uuid.UUID, str]],
) -> Finding | None:
    """Return why nobody can have this role in the organisation, whoever gives it, or None.

    Whether the terms are accepted, and to which systems a role may be limited, is asked only when it matters.
    """
    role = roles()[wish.type]
    if not role.before_terms and not has_terms():
        return finding("terms.missing", organisation=organisation.name, role=wish.type)
    if wish.active_to is not None and wish.active_to <= at:
        return finding("privilege.ended")
    if wish.system_id is None:
        return None
    if not role.per_system:
        return finding("privilege.not_per_system", role=wish.type)
    return None if wish.system_id in systems() else finding("privilege.unknown_system")


def systems_of(organisation: Organisation) -> dict[uuid.UUID, str]:
    """Return the names of the systems to which a role may be limited, by id; the rooms above know them."""
    return {id_: name for choices in slots.fillings("system_choices") for id_, name in choices(organisation)}


def held(organisation: Organisation, grantee: Grantee, wish: Wish) -> QuerySet[Privilege]:
    """Return the row that says that the grantee has this very role already, if it is there."""
    same = Privilege.objects.filter(
        scope=organisation, type=wish.type, system_id=wish.system_id, parent=wish.parent and wish.parent.pk
    )
    return same.given_to(grantee)


@transaction.atomic
def revoke(*, caller: Caller, privilege: Privilege, reason: str = "") -> Finding | None:
    """Take a role away, and what was passed on of it, and record it; a `Finding` says why not.

    One that is gone already is no error. Whether the caller may is asked by whoever calls: `may_revoke`.
    """
    if privilege.scope is None:
        raise ValueError("a role of the installation is not taken away by an organisation")
    lock_all(touched(privilege))
    found = related().filter(pk=privilege.pk).first()
    if found is None or found.scope is None:
        return None
    if not keeps_a_lasting_administrator(found.scope, without=[found]):
        return finding("privilege.last_user_administrator", organisation=found.scope.name)
    delegation_mail.tell_ended(found, caller=caller, at=timezone.now())
    events.record_all(caller, take(found, tag=Tag.PRIVILEGES_REVOKED, reason=reason))
    return None


def touched(privilege: Privilege) -> set[uuid.UUID]:
    """Return the ids of the organisations that a role concerns."""
    other = privilege.delegate_id or (privilege.parent.delegate_id if privilege.parent else None)
    return {id_ for id_ in (privilege.scope_id, other) if id_ is not None}


def may_revoke(caller: Caller, privilege: Privilege) -> bool:
    """Say whether the caller may take the role away: the organisation it opens may always, who passed it on as well.

    An organisation may also give back what it was given.
    """
    other = privilege.delegate or (privilege.parent.delegate if privilege.parent else None)
    sides = [side for side in (privilege.scope, other) if side is not None]
    return caller.is_unattended or any(caller.may(Right.PEOPLE_CHANGE, side) for side in sides)


def lasting_administrators(organisation: Organisation) -> PrivilegeQuerySet:
    """Return the direct, unlimited grants that let the organisation administer itself."""
    direct = Privilege.objects.filter(scope=organisation, type=USER_ADMINISTRATOR, active_to=None)
    return direct.filter(parent=None, user__is_active=True)


def keeps_a_lasting_administrator(organisation: Organisation, *, without: Iterable[Privilege]) -> bool:
    """Say whether a lasting user administrator remains when these grants go; one that has none loses none."""
    standing = {privilege.pk for privilege in lasting_administrators(organisation)}
    gone = standing & {privilege.pk for privilege in without}
    return not gone or standing > gone


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
    given = {privilege.type for privilege in privileges}
    return [role for role in roles().values() if role.type in given]


def role_named(type_: str) -> Role:
    """Return the role of a privilege type as it is stored. Raises ValueError for none."""
    return roles()[PrivilegeType(type_)]
