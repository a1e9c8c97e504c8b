"""Helping back in whoever lost their second factor or e-mail, after somebody has seen who they are."""

import datetime as dt

from django.db import transaction

from adgang.lib.findings import Finding, finding
from organisations import email_changes, events, sign_in
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.identities import tell
from organisations.models import Totp, User


@transaction.atomic
def reset_second_factor(*, caller: Caller, user: User, reason: str) -> bool:
    """Take passkeys, app and recovery codes away and end every session; returns False for who has no second factor.

    Told to the person by mail, and recorded with the `reason` where their account is told of and with the operator.
    """
    app = Totp.objects.filter(user=user)
    before = {"passkeys": user.passkeys.count(), "one_time_codes": app.filter(confirmed__isnull=False).exists()}
    if not any(before.values()):
        return False
    for rows in (user.passkeys.all(), app, user.recovery_codes.all()):
        rows.delete()
    ended = sign_in.end_sessions(user)
    tell(user, "factor_reset")
    entry = Entry(tag=Tag.FACTOR_REMOVED, obj=user, before=before, after={"sessions": ended}, reason=reason)
    events.record_all(caller, [(owner, entry) for owner in {*sign_in.chains_of(user), None}])
    return True


@transaction.atomic
def recover(*, caller: Caller, email: str, new_email: str, reason: str, at: dt.datetime) -> Finding | None:
    """Help the holder of `email` back in: to a `new_email`, or without one by taking their lost second factor away.

    A `Finding` says why not; nobody helps themselves past what is asked of them.
    """
    user = User.objects.filter(email=User.objects.normalize(email), is_active=True).first()
    if user is None:
        return finding("recovery.nobody")
    if user == caller.user:
        return finding("recovery.self")
    if new_email:
        asked = email_changes.ask(caller=caller, user=user, email=new_email, at=at, reason=reason)
        return asked if isinstance(asked, Finding) else None
    done = reset_second_factor(caller=caller, user=user, reason=reason)
    return None if done else finding("recovery.no_factor")
