"""Changing one's own e-mail: the new address proves itself by a link, and the old one is told and may object.

Both links act by POST alone. Whoever asks never learns whether the new address has an account. An address binds no
identity: what the person can log in with besides stays as it is.
"""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from adgang.lib import secrets
from adgang.lib.findings import Finding, finding
from organisations import events, factors, passwords, sign_in
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.mail import about, queue_mail
from organisations.models import AccessToken, EmailChange, Mail, SecretLink, Totp, User
from organisations.throttling import allow

CONFIRMABLE = dt.timedelta(hours=24)
OBJECTABLE = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
PER_DAY = 3  # changes asked for by one person, and to one address
Purpose = SecretLink.Purpose


@transaction.atomic
def ask(*, caller: Caller, user: User, email: str, at: dt.datetime, reason: str = "") -> EmailChange | Finding:
    """Mail a link to the new address and tell the old one; an earlier wish that waits ends. Recorded.

    An operator who helps asks with a `reason`. An address that has an account gets another mail instead, which only its
    holder reads.
    """
    kept = User.objects.normalize(email)
    if kept == user.email:
        return finding("email.same")
    keys = (f"email_change:{user.pk}", f"email_change_to:{kept}")
    if not all(allow(key, limit=PER_DAY, window=DAY, at=at) for key in keys):
        return finding("email.throttled")
    waiting(user, at=at).update(ended=at)
    made = EmailChange.objects.create(user=user, old=user.email, new=kept, asked=at)
    is_taken = User.objects.filter(email=kept).exists()
    kind = "email_change_taken" if is_taken else "email_change_confirm"
    queue_mail(kind=kind, to=kept, object_id=made.pk, language=user.language)
    queue_mail(kind="email_change_asked", to=user.email, object_id=made.pk, language=user.language)
    _record(caller, user, Entry(tag=Tag.EMAIL_CHANGE_ASKED, obj=user, after={"email": kept}, reason=reason))
    return made


def waiting(user: User, *, at: dt.datetime) -> QuerySet[EmailChange]:
    """Return the change that waits for its link to be followed, if there is one."""
    return EmailChange.objects.filter(user=user, confirmed=None, ended=None, asked__gt=at - CONFIRMABLE)


def addresses_of(user: User) -> list[str]:
    """Return every address that the account has or had, and nobody else has now, for forgetting the person."""
    had = set(EmailChange.objects.filter(user=user).values_list("old", flat=True)) - {user.email}
    return [user.email, *had.difference(User.objects.filter(email__in=had).values_list("email", flat=True))]


def mail_context(mail: Mail) -> dict[str, Any] | None:
    """Return what a mail about a change says; a link is made while it is sent. None when it is not wanted any more."""
    change = EmailChange.objects.select_related("user").filter(pk=about(mail), ended=None).first()
    if change is None or not change.user.is_active:
        return None
    context: dict[str, Any] = {"change": change, "user": change.user}
    if mail.kind == "email_change_confirm":
        context["token"] = new_link(change, Purpose.EMAIL_CONFIRM, expires=change.asked + CONFIRMABLE)
    elif mail.kind != "email_change_taken":
        context["token"] = new_link(change, Purpose.EMAIL_OBJECT, expires=timezone.now() + OBJECTABLE)
    return context


def new_link(change: EmailChange, purpose: SecretLink.Purpose, *, expires: dt.datetime) -> str:
    """Return the token of a new link about the change."""
    token = secrets.new_token()
    fields = {"purpose": purpose, "object_id": change.pk, "user": change.user, "expires": expires}
    SecretLink.objects.create(token_hash=secrets.token_hash(token), **fields)
    return token


def find(token: str, purpose: SecretLink.Purpose, *, at: dt.datetime) -> EmailChange | None:
    """Return the change that the link is about, or None when it does not work (any more)."""
    link = _standing(token, purpose, at=at).first()
    return EmailChange.objects.select_related("user").filter(pk=link.object_id, ended=None).first() if link else None


def _standing(token: str, purpose: SecretLink.Purpose, *, at: dt.datetime) -> QuerySet[SecretLink]:
    hashed = secrets.token_hash(token)
    return SecretLink.objects.filter(purpose=purpose, token_hash=hashed, used=None, revoked=None, expires__gt=at)


def confirm(*, caller: Caller, token: str, at: dt.datetime, but: str | None = None) -> EmailChange | Finding:
    """Let the new address be the account's; sessions end, save the one with the key `but`. Recorded, the old one told.

    Links to choose a password that were mailed to the old address work no more.
    """
    try:
        return _confirm(caller, token, at=at, but=but)
    except IntegrityError:  # somebody opened an account with the address at the same moment
        return finding("link.over")


@transaction.atomic
def _confirm(caller: Caller, token: str, *, at: dt.datetime, but: str | None) -> EmailChange | Finding:
    change = find(token, Purpose.EMAIL_CONFIRM, at=at)
    is_free = change is not None and not User.objects.filter(email=change.new).exists()
    if change is None or not is_free or not _standing(token, Purpose.EMAIL_CONFIRM, at=at).update(used=at):
        return finding("link.over")
    _move(change.user, change.new, at=at)
    EmailChange.objects.filter(pk=change.pk).update(confirmed=at)
    ended = sign_in.end_sessions(change.user, but=but)
    queue_mail(kind="email_changed", to=change.old, object_id=change.pk, language=change.user.language)
    entry = Entry(
        tag=Tag.EMAIL_CHANGED,
        obj=change.user,
        before={"email": change.old},
        after={"email": change.new, "sessions_ended": ended},
    )
    _record(caller.become(change.user), change.user, entry)
    return change


def _move(user: User, email: str, *, at: dt.datetime) -> None:
    user.email = email
    user.save(update_fields=["email"])
    SecretLink.objects.filter(purpose=Purpose.PASSWORD, object_id=user.pk, used=None).update(revoked=at)


@transaction.atomic
def object_to(*, caller: Caller, token: str, at: dt.datetime) -> EmailChange | Finding:
    """Stop or undo the change on the word of the old address: somebody else has been in the account.

    Sessions, the password, and every way in that was added since a day before end; a link to choose a password is
    mailed to the old address. Recorded.
    """
    change = find(token, Purpose.EMAIL_OBJECT, at=at)
    if change is None or not _standing(token, Purpose.EMAIL_OBJECT, at=at).update(used=at):
        return finding("link.over")
    user = change.user
    if user.email != change.old and User.objects.filter(email=change.old).exists():
        return finding("email.old_taken")
    EmailChange.objects.filter(user=user, ended=None, asked__gte=change.asked).update(ended=at)
    before = user.email
    _move(user, change.old, at=at)
    _shut(user, since=change.asked - DAY, at=at)
    ended = sign_in.end_sessions(user)
    passwords.send_link(user)
    entry = Entry(
        tag=Tag.EMAIL_CHANGE_OBJECTED,
        obj=user,
        before={"email": before},
        after={"email": user.email, "sessions_ended": ended},
    )
    _record(caller, user, entry)
    return change


def _shut(user: User, *, since: dt.datetime, at: dt.datetime) -> None:
    user.set_unusable_password()
    user.save(update_fields=["password"])
    user.passkeys.filter(created__gte=since).delete()
    user.identities.filter(created__gte=since).delete()
    Totp.objects.filter(user=user, created__gte=since).delete()
    # What programs come in with: access tokens, and the address of a calendar.
    AccessToken.objects.filter(user=user, created__gte=since, revoked=None).update(revoked=at)
    SecretLink.objects.filter(purpose=Purpose.CALENDAR, user=user, created__gte=since, revoked=None).update(revoked=at)
    factors.forget_codes(user)


def _record(caller: Caller, user: User, entry: Entry) -> None:
    owners = [*sign_in.chains_of(user), None] if entry.reason else sign_in.chains_of(user)
    events.record_all(caller, [(owner, entry) for owner in dict.fromkeys(owners)])
