"""How a person comes in: an invitation by e-mail that is valid for days, works once and can be withdrawn.

The mail's link is proof of reading that mailbox and nothing more: it opens a new account, but never an existing one;
who has an account signs in to it first.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from adgang.lib import secrets
from adgang.lib.findings import Finding, finding
from adgang.lib.snapshots import JSON, as_json
from organisations import events, grants, groups, invited_roles, privileges
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry, Told
from organisations.expiry import end_expired
from organisations.grants import Wish
from organisations.locks import lock
from organisations.mail import about, queue_mail
from organisations.models import Employment, Invitation, Mail, Organisation, Privilege, User, UserGroup
from organisations.rights import PrivilegeType


def lifetime() -> dt.timedelta:
    """Return how long an invitation is valid."""
    return dt.timedelta(days=settings.ADGANG_INVITATION_DAYS)


@transaction.atomic
def invite(
    *,
    caller: Caller,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Sequence[PrivilegeType],
    reason: str = "",
) -> Invitation | Finding:
    """Invite a person to the organisation with some roles; the mail leaves after the commit.

    An operator who is no member acts with a `reason`, told in the operator's chain too. A `Finding` says why not.
    """
    lock(organisation.pk)
    address = User.objects.normalize(email)
    if refusal := _refused(caller, organisation, address, roles):
        return refusal
    wishes = [Wish(type=role) for role in roles]
    invitation, told = put(
        caller=caller, organisation=organisation, email=address, name=name, wishes=wishes, reason=reason
    )
    events.record_all(caller, told)
    return invitation


def put(
    *,
    caller: Caller,
    organisation: Organisation,
    email: str,
    name: str,
    wishes: Iterable[Wish],
    into: Iterable[UserGroup] = (),
    reason: str = "",
) -> tuple[Invitation, Told]:
    """Write an invitation that was found to be in order and return it with what is to be recorded; the lock is held.

    The mail leaves after the commit. Besides giving roles an invitation may lead `into` user groups.
    """
    roles, limited_roles = invited_roles.kept(wishes)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        name=name,
        roles=roles,
        limited_roles=limited_roles,
        groups=[str(group.pk) for group in into],
        invited_by_id=caller.user.pk if caller.user else None,
        expires=timezone.now() + lifetime(),
    )
    _mail(invitation, language=caller.user.language if caller.user else "da")
    return invitation, _entries(caller, invitation, Tag.PERSON_INVITED, after=_told(invitation), reason=reason)


def _refused(
    caller: Caller, organisation: Organisation, address: str, roles: Sequence[PrivilegeType]
) -> Finding | None:
    at = timezone.now()
    if not roles:
        return finding("invitation.no_roles")
    if _open(organisation, address).exists():
        return finding("invitation.exists", email=address)
    if Privilege.objects.active(at).filter(scope=organisation, user__email=address, parent=None).exists():
        return finding("invitation.works_here", email=address)
    wishes = [
        privileges.refused(caller=caller, organisation=organisation, wish=Wish(type=role), at=at) for role in roles
    ]
    return next(filter(None, wishes), None)


def _open(organisation: Organisation, address: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(organisation=organisation, email=address, accepted=None, withdrawn=None)


def _told(invitation: Invitation) -> dict[str, JSON]:
    return {
        "email": invitation.email,
        "name": invitation.name,
        "roles": [*invitation.roles, *(one["role"] for one in invitation.limited_roles)],
        **({"limited_roles": invitation.limited_roles} if invitation.limited_roles else {}),
        **({"user_groups": invitation.groups} if invitation.groups else {}),
        "expires": as_json(invitation.expires),
    }


def _entries(caller: Caller, invitation: Invitation, tag: Tag, *, after: dict[str, JSON], reason: str = "") -> Told:
    """Return what is told in the organisation's chain, and in the operator's when one acts for somebody else's."""
    entry = Entry(tag=tag, obj=invitation, after=after, reason=reason)
    owners: list[Organisation | None] = [invitation.organisation]
    if caller.user is not None and not caller.grants(invitation.organisation):
        owners.append(None)
    return [(owner, entry) for owner in owners]


def _mail(invitation: Invitation, *, language: str) -> None:
    queue_mail(
        kind="invitation",
        to=invitation.email,
        organisation=invitation.organisation,
        object_id=invitation.pk,
        language=language,
    )


def mail_context(mail: Mail) -> dict[str, JSON] | None:
    """Make the link while the mail is sent: only its hash is kept, and a link sent before works no more."""
    token = secrets.new_token()
    standing = Invitation.objects.open(timezone.now()).filter(pk=about(mail))
    if not standing.update(token_hash=secrets.token_hash(token)):
        return None
    invitation = standing.get()
    inviter = User.objects.with_id(invitation.invited_by_id)
    return {
        "invitation": invitation,
        "inviter": inviter.name if inviter else "",
        "offered": invited_roles.offered([invitation])[0],
        "token": token,
    }


@transaction.atomic
def resend(*, caller: Caller, invitation: Invitation) -> Finding | None:
    """Send the invitation again, valid for the full time from now; the link sent before ends at once."""
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted=None, withdrawn=None)
    expires = timezone.now() + lifetime()
    if not waiting.update(token_hash="", expires=expires, version=F("version") + 1):
        return state(Invitation.objects.get(pk=invitation.pk), at=timezone.now())
    invitation.refresh_from_db()
    _mail(invitation, language=caller.user.language if caller.user else "da")
    events.record_all(
        caller, _entries(caller, invitation, Tag.INVITATION_SENT_AGAIN, after={"expires": as_json(expires)})
    )
    return None


@transaction.atomic
def withdraw(*, caller: Caller, invitation: Invitation) -> Finding | None:
    """End the invitation; its link works no more. A `Finding` says when it was accepted or withdrawn already."""
    told = take_back(caller=caller, invitation=invitation)
    if not told:
        return state(Invitation.objects.get(pk=invitation.pk), at=timezone.now())
    events.record_all(caller, told)
    return None


def take_back(*, caller: Caller, invitation: Invitation, reason: str = "") -> Told:
    """End an invitation and return what is to be recorded; nothing when it is over already."""
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted=None, withdrawn=None)
    if not waiting.update(token_hash="", withdrawn=timezone.now(), version=F("version") + 1):
        return []
    return _entries(caller, invitation, Tag.INVITATION_WITHDRAWN, after={}, reason=reason)


def find(token: str) -> Invitation | None:
    """Return the invitation whose newest link bears the token, in whatever state it is; None for any other."""
    hashed = secrets.token_hash(token)
    return Invitation.objects.filter(token_hash=hashed).select_related("organisation").first()


def state(invitation: Invitation, *, at: dt.datetime) -> Finding | None:
    """Return why the invitation cannot be accepted at that time, or None."""
    if invitation.accepted:
        return finding("invitation.used")
    if invitation.withdrawn:
        return finding("invitation.withdrawn")
    return finding("invitation.expired") if invitation.expires <= at else None


def accept_as_new(*, caller: Caller, token: str, name: str, password: str) -> User | Finding:
    """Open an account for the invited address and give it the invitation's roles.

    Refused when the address has an account: reading its mail must not be enough to act as that person.
    """
    hashed = make_password(password)  # slow by design, so not under the lock
    try:
        return _accept_as_new(caller=caller, token=token, name=name, hashed=hashed)
    except IntegrityError:  # the same person accepted another organisation's invitation at the same moment
        return finding("invitation.needs_account")


@transaction.atomic
def _accept_as_new(*, caller: Caller, token: str, name: str, hashed: str) -> User | Finding:
    invitation = find(token)
    if invitation is None:
        return finding("link.over")
    lock(invitation.organisation_id)
    if User.objects.filter(email=invitation.email).exists():
        return finding("invitation.needs_account")
    user = User(email=invitation.email, name=name, password=hashed)
    return _accept(caller=caller, invitation=invitation, user=user)


@transaction.atomic
def accept_as(*, caller: Caller, token: str, user: User) -> User | Finding:
    """Give the invitation's roles to a person who has proved to be the holder of that account."""
    invitation = find(token)
    if invitation is None:
        return finding("link.over")
    lock(invitation.organisation_id)
    return _accept(caller=caller, invitation=invitation, user=user)


def _accept(*, caller: Caller, invitation: Invitation, user: User) -> User | Finding:
    at = timezone.now()
    taken = Invitation.objects.open(at).filter(pk=invitation.pk, token_hash=invitation.token_hash)
    if not taken.update(accepted=at, version=F("version") + 1):
        return state(Invitation.objects.get(pk=invitation.pk), at=at) or finding("link.over")
    if user._state.adding:  # an account that was there was read before, and must not be written over
        user.save()
    organisation = invitation.organisation
    Employment.objects.get_or_create(user=user, organisation=organisation, ended=None)
    accepted = Entry(tag=Tag.INVITATION_ACCEPTED, obj=invitation, after={"person": str(user.pk)})
    ended = end_expired(organisation=organisation, grantee=user, at=at)
    granted = _grant(invitation, user, at=at)
    joined = _join(invitation, user, caller=caller.become(user))
    events.record_all(caller.become(user), [(organisation, accepted), *ended, *granted, *joined])
    return user


def _grant(invitation: Invitation, user: User, *, at: dt.datetime) -> Told:
    issuer = User.objects.with_id(invitation.invited_by_id)
    return [
        entry
        for wish in _missing(invitation, user, at=at)
        for entry in grants.put(organisation=invitation.organisation, grantee=user, wish=wish, issuer=issuer)[1]
    ]


def _missing(invitation: Invitation, user: User, *, at: dt.datetime) -> list[Wish]:
    """Return the roles that the person does not have, of those that can still be given."""
    own = Privilege.objects.own().filter(scope=invitation.organisation, user=user)
    held = set(own.values_list("type", "system_id"))
    systems = privileges.systems_of(invitation.organisation) if invitation.limited_roles else {}
    return [
        wish
        for wish in invited_roles.wishes(invitation)
        if (wish.type, wish.system_id) not in held
        and (wish.active_to is None or wish.active_to > at)
        and (wish.system_id is None or wish.system_id in systems)
    ]


def _join(invitation: Invitation, user: User, *, caller: Caller) -> Told:
    joined = [groups.join(group, user, caller=caller) for group in invited_roles.groups_of(invitation)]
    return [(invitation.organisation, entry) for entry in joined if entry is not None]


def with_id(organisation: Organisation, invitation_id: uuid.UUID) -> Invitation | None:
    """Return an invitation of the organisation, or None."""
    return Invitation.objects.filter(organisation=organisation, pk=invitation_id).select_related("organisation").first()
