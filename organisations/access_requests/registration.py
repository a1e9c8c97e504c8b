"""Opening an account without an invitation: an address proves itself by a mailed link, then chooses name and password.

An account gives no rights; it can only ask for them. The answer to whoever asks is the same for every address.
"""

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from adgang.lib import secrets
from adgang.lib.findings import Finding, finding
from adgang.lib.peers import neighbourhood
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.mail import about, queue_mail
from organisations.models import Mail, Registration, User
from organisations.throttling import allow

LIFETIME = dt.timedelta(hours=24)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
PER_ADDRESS = 10  # an hour, from one client address
PER_EMAIL = 3  # a day


@transaction.atomic
def ask(*, email: str, address: str, language: str, at: dt.datetime) -> None:
    """Mail a link to the address; one that has an account is told so instead. Too many have no effect.

    `address` is the client's ("" when unknown).
    """
    kept = User.objects.normalize(email)
    if address and not allow(f"register:{neighbourhood(address)}", limit=PER_ADDRESS, window=HOUR, at=at):
        return
    if not allow(f"register_for:{kept}", limit=PER_EMAIL, window=DAY, at=at):
        return
    if known := User.objects.filter(email=kept).first():
        queue_mail(kind="registration_known", to=kept, object_id=known.pk, language=known.language)
        return
    made = Registration.objects.create(email=kept, expires=at + LIFETIME)
    queue_mail(kind="registration", to=kept, object_id=made.pk, language=language)


def mail_context(mail: Mail) -> dict[str, Any] | None:
    """Make the link while the mail is sent: only its hash is kept."""
    token = secrets.new_token()
    waiting = Registration.objects.filter(pk=about(mail), used=None, expires__gt=timezone.now())
    if not waiting.update(token_hash=secrets.token_hash(token)):
        return None
    return {"token": token, "hours": int(LIFETIME.total_seconds() // 3600)}


def known_mail_context(mail: Mail) -> dict[str, Any] | None:
    """Return the person who has an account already; None when it was closed."""
    user = User.objects.filter(pk=about(mail), is_active=True).first()
    return {"user": user} if user else None


def find(token: str, *, at: dt.datetime) -> Registration | None:
    """Return the address that the link stands for, or None when it does not work (any more)."""
    waiting = Registration.objects.filter(used=None, expires__gt=at)
    return waiting.filter(token_hash=secrets.token_hash(token)).first()


def open_account(*, caller: Caller, token: str, name: str, password: str) -> User | Finding:
    """Open the account and use the link up; recorded in the operator's chain. A `Finding` says why not."""
    hashed = make_password(password)  # slow by design, so not inside the transaction
    try:
        return _open(caller, token, name, hashed)
    except IntegrityError:  # the same person accepted an invitation at the same moment
        return finding("link.over")


@transaction.atomic
def _open(caller: Caller, token: str, name: str, hashed: str) -> User | Finding:
    at = timezone.now()
    registration = find(token, at=at)
    if registration is None or not Registration.objects.filter(pk=registration.pk, used=None).update(used=at):
        return finding("link.over")
    if User.objects.filter(email=registration.email).exists():
        return finding("link.over")
    user = User.objects.create(email=registration.email, name=name, password=hashed)
    entry = Entry(tag=Tag.ACCOUNT_REGISTERED, obj=user, after={"email": user.email})
    events.record(caller.become(user), None, entry)
    return user
