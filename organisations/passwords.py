"""Choosing a new password by a link in a mail: one link at a time, once, for a few hours; used by POST only."""

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from adgang.lib import secrets
from adgang.lib.findings import Finding, finding
from adgang.lib.peers import neighbourhood
from organisations import sign_in
from organisations.callers import Caller
from organisations.mail import about, queue_mail
from organisations.models import Mail, SecretLink, User
from organisations.throttling import allow

LINK_LIFETIME = dt.timedelta(hours=4)
FIRST_LINK_LIFETIME = dt.timedelta(days=7)
WINDOW = dt.timedelta(hours=1)


@transaction.atomic
def ask(*, email: str, address: str, at: dt.datetime) -> None:
    """Mail a link to the account with that e-mail, if there is one; the answer to the asker is always the same.

    At most ten requests an hour from one address (`address` is "" when unknown) and three an hour for one account
    have any effect.
    """
    kept = User.objects.normalize(email)
    may = _may_ask(kept, address, at=at)
    user = User.objects.filter(email=kept, is_active=True).first()
    if may and user is not None:
        send_link(user)


def send_link(user: User) -> None:
    """Mail the person a link with which to choose a password."""
    queue_mail(kind="password_reset", to=user.email, object_id=user.pk, language=user.language)


def _may_ask(email: str, address: str, *, at: dt.datetime) -> bool:
    limits = {f"reset:{neighbourhood(address)}": 10, f"reset_for:{email}": 3} if address else {f"reset_for:{email}": 3}
    return all(allow(key, limit=limit, window=WINDOW, at=at) for key, limit in limits.items())


def mail_context(mail: Mail) -> dict[str, Any] | None:
    """Make the link while the mail is sent."""
    user = User.objects.filter(pk=about(mail), is_active=True).first()
    if user is None:
        return None
    return {"user": user, "token": new_link(user, lifetime=LINK_LIFETIME), "hours": LINK_LIFETIME.seconds // 3600}


def first_mail_context(mail: Mail) -> dict[str, Any] | None:
    """Make the link with which a person who was given an account chooses its first password."""
    user = User.objects.filter(pk=about(mail), is_active=True).first()
    if user is None:
        return None
    return {"user": user, "token": new_link(user, lifetime=FIRST_LINK_LIFETIME), "days": FIRST_LINK_LIFETIME.days}


@transaction.atomic
def new_link(user: User, *, lifetime: dt.timedelta) -> str:
    """Return the token of a new link for the person; earlier ones end."""
    now = timezone.now()
    token = secrets.new_token()
    _standing(now).filter(object_id=user.pk).update(revoked=now)
    SecretLink.objects.create(
        purpose=SecretLink.Purpose.PASSWORD,
        object_id=user.pk,
        token_hash=secrets.token_hash(token),
        expires=now + lifetime,
    )
    return token


def _standing(at: dt.datetime) -> QuerySet[SecretLink]:
    return SecretLink.objects.filter(purpose=SecretLink.Purpose.PASSWORD, used=None, revoked=None, expires__gt=at)


def holder(token: str, *, at: dt.datetime) -> User | None:
    """Return whose password the link may set, or None when it does not work (any more)."""
    link = _standing(at).filter(token_hash=secrets.token_hash(token)).first()
    return User.objects.filter(pk=link.object_id, is_active=True).first() if link else None


def choose(*, caller: Caller, token: str, password: str, at: dt.datetime) -> User | Finding:
    """Set the password by a link, which works no more afterwards; every session of the person ends. Recorded."""
    hashed = make_password(password)  # slow by design, so not inside the transaction
    return _choose(caller=caller, token=token, hashed=hashed, at=at)


@transaction.atomic
def _choose(*, caller: Caller, token: str, hashed: str, at: dt.datetime) -> User | Finding:
    user = holder(token, at=at)
    if user is None or not _standing(at).filter(token_hash=secrets.token_hash(token)).update(used=at):
        return finding("link.over")
    User.objects.filter(pk=user.pk).update(password=hashed, failed_sign_ins=0, locked_until=None)
    sign_in.record_password_change(caller, user, ended=sign_in.end_sessions(user))
    return user
