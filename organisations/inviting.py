"""How a person comes in: an invitation by e-mail that is valid for days, works once and can be withdrawn.

The mail's link is proof of reading that mailbox and nothing more: it opens a new account, but never an existing one;
who has an account signs in to it first.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from adgang.lib import secrets
from adgang.lib.findings import Finding, finding
from adgang.lib.snapshots import JSON, as_json
from organisations import events, privileges
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.locks import lock
from organisations.mail import about, queue_mail
from organisations.models import Employment, Invitation, Mail, Organisation, Privilege, User
from organisations.privileges import Wish
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
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        name=name,
        roles=[str(role) for role in roles],
        invited_by_id=caller.user.pk if caller.user else None,
        expires=timezone.now() + lifetime(),
    )
    _mail(invitation, language=caller.user.language if caller.user else "da")
    _record(caller, invitation, Tag.PERSON_INVITED, after=_told(invitation), reason=reason)
    return invitation


def _refused(
    caller: Caller, organisation: Organisation, address: str, roles: Sequence[PrivilegeType]
) -> Finding | None:
    at = timezone.now()
    if not roles:
        return finding("invitation.no_roles")
    if _open(organisation, address).exists():
        return finding("invitation.exists", email=address)
    if Privilege.objects.active(at).filter(scope=organisation, user__email=address).exists():
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
        "roles": invitation.roles,
        "expires": as_json(invitation.expires),
    }


def _record(caller: Caller, invitation: Invitation, tag: Tag, *, after: dict[str, JSON], reason: str = "") -> None:
    """Record in the organisation's chain, and in the operator's when an operator acts for somebody else's."""
    entry = Entry(tag=tag, obj=invitation, after=after, reason=reason)
    owners: list[Organisation | None] = [invitation.organisation]
    if caller.user is not None and not caller.grants(invitation.organisation):
        owners.append(None)
    events.record_all(caller, [(owner, entry) for owner in owners])


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
        "roles": [privileges.role_named(role) for role in invitation.roles],
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
    _record(caller, invitation, Tag.INVITATION_SENT_AGAIN, after={"expires": as_json(expires)})
    return None


@transaction.atomic
def withdraw(*, caller: Caller, invitation: Invitation) -> Finding | None:
    """End the invitation; its link works no more. A `Finding` says when it was accepted or withdrawn already."""
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted=None, withdrawn=None)
    if not waiting.update(token_hash="", withdrawn=timezone.now(), version=F("version") + 1):
        return state(Invitation.objects.get(pk=invitation.pk), at=timezone.now())
    _record(caller, invitation, Tag.INVITATION_WITHDRAWN, after={})
    return None


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
    ended = privileges.end_expired(organisation=organisation, user=user, at=at)
    granted = _grant(invitation, user)
    events.record_all(caller.become(user), [(organisation, entry) for entry in [accepted, *ended, *granted]])
    return user


def _grant(invitation: Invitation, user: User) -> list[Entry]:
    issuer = User.objects.with_id(invitation.invited_by_id)
    return [
        privileges.put(organisation=invitation.organisation, user=user, wish=Wish(type=role), issuer=issuer)[1]
        for role in _missing_roles(invitation, user)
    ]


def _missing_roles(invitation: Invitation, user: User) -> list[PrivilegeType]:
    held = set(
        Privilege.objects.filter(scope=invitation.organisation, user=user, system_id=None).values_list(
            "type", flat=True
        )
    )
    return [PrivilegeType(role) for role in invitation.roles if role not in held]


def with_id(organisation: Organisation, invitation_id: uuid.UUID) -> Invitation | None:
    """Return an invitation of the organisation, or None."""
    return Invitation.objects.filter(organisation=organisation, pk=invitation_id).select_related("organisation").first()
