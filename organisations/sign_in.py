"""Signing in and out: the password check with its lockout, and what begins and ends a session.

Every failure gives the same answer after the same work, so that nobody learns who has an account here.
"""

import datetime as dt
from typing import cast

import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY, login, logout, update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from adgang.lib.peers import client_address, neighbourhood
from organisations import events, proofs, sign_in_history
from organisations.callers import Caller, CallerRequest, Channel
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.mail import queue_mail
from organisations.models import Organisation, Session, User, has_second_factor
from organisations.throttling import allow

BACKEND = "django.contrib.auth.backends.ModelBackend"
LEAVE = "leave"  # in the session: how its person logs out where they came in from
TRIES_PER_ADDRESS = 50  # in the time of a lockout; a whole town hall may share one address

log = structlog.get_logger(__name__)


def lockout() -> dt.timedelta:
    """Return how long an account stays locked, which is also the window of the tries from one address."""
    return dt.timedelta(minutes=settings.ADGANG_LOCKOUT_MINUTES)


def check(*, caller: Caller, email: str, password: str, address: str, at: dt.datetime) -> User | Finding:
    """Return the person whose e-mail and password these are, or the one refusal that fits every failure.

    `address` is the client's ("" when unknown). A locked account is not opened by the right password either.
    """
    if address and not allow(f"sign_in:{neighbourhood(address)}", limit=TRIES_PER_ADDRESS, window=lockout(), at=at):
        log.warning("sign_in_throttled", address=address)
        return finding("sign_in.throttled")
    address_kept = User.objects.normalize(email)
    user = User.objects.filter(email=address_kept).first()
    is_right = _matches(user, password)
    if user is not None and is_right and user.is_active and not is_locked(user, at=at):
        if not has_second_factor(user):  # else the second step is still to be taken, and its failures count on
            reset_failures(user)
        return user
    note_failure(user, address=address)
    log.warning("sign_in_failed", user=str(user.pk) if user else None, address=address)
    count_failure(caller, address_kept, at=at)
    return finding("sign_in.failed")


def note_failure(user: User | None, *, address: str, method: str = "password") -> None:
    """Let the person see that somebody failed to sign in as them."""
    sign_in_history.note(user, method=method, address=address, browser="", succeeded=False)


def reset_failures(user: User) -> None:
    """Begin to count failures anew, now that the person is let in."""
    User.objects.filter(pk=user.pk).update(failed_sign_ins=0, locked_until=None)


def _matches(user: User | None, password: str) -> bool:
    if user is None or not user.has_usable_password():
        make_password(password)  # the same work as a comparison
        return False
    return user.check_password(password)


def is_locked(user: User, *, at: dt.datetime) -> bool:
    """Say whether the account is closed for a while after failed sign-ins."""
    return user.locked_until is not None and user.locked_until > at


@transaction.atomic
def count_failure(caller: Caller, email: str, *, at: dt.datetime) -> None:
    """Count, and lock at the limit; the same statements run whether or not somebody has that e-mail."""
    row = User.objects.filter(email=email).exclude(locked_until__gt=at)
    row.update(failed_sign_ins=F("failed_sign_ins") + 1)
    at_limit = row.filter(failed_sign_ins__gte=settings.ADGANG_LOCKOUT_FAILURES)
    if at_limit.update(failed_sign_ins=0, locked_until=at + lockout()):
        user = User.objects.get(email=email)
        queue_mail(kind="locked_out", to=user.email, object_id=user.pk, language=user.language)
        _record(caller, user, Entry(tag=Tag.LOCKED_OUT, obj=user, after={"locked_until": _iso(user)}))


def _iso(user: User) -> str | None:
    return user.locked_until.isoformat() if user.locked_until else None


@transaction.atomic
def begin(request: HttpRequest, user: User, *, method: str, cvr: str = "") -> None:
    """Sign the person in: a new session that knows its browser, recorded. `method` says how they proved who they are.

    The caller of this function has done the proving. With a `cvr` the person acts for that organisation alone: it gave
    them the certificate or the account they came in with.
    """
    address, browser = client_address(request), request.headers.get("User-Agent", "")[:300]
    for of_another in ("cvr", LEAVE):
        request.session.pop(of_another, None)
    login(request, user, backend=BACKEND)
    request.session["signed_in"] = timezone.now().isoformat()
    request.session["browser"], request.session["address"] = browser, address
    request.session["method"] = method
    if cvr:
        request.session["cvr"] = cvr
    proofs.prove(request)
    sign_in_history.note(user, method=method, address=address, browser=browser, succeeded=True)
    _record(_web(request, user), user, Entry(tag=Tag.SIGNED_IN, obj=user, after={"method": method}))


@transaction.atomic
def end(request: HttpRequest, user: User) -> None:
    """Sign the person out of this session, recorded."""
    _record(_web(request, user), user, Entry(tag=Tag.SIGNED_OUT, obj=user))
    logout(request)


@transaction.atomic
def change_password(request: HttpRequest, user: User, password: str) -> int:
    """Set the signed-in person's password and end their other sessions; returns how many ended. Recorded."""
    user.set_password(password)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    ended = end_sessions(user, but=request.session.session_key)
    record_password_change(_web(request, user), user, ended=ended)
    return ended


def record_password_change(caller: Caller, user: User, *, ended: int) -> None:
    """Record that the person's password is new and how many sessions ended by it, and tell them by mail."""
    queue_mail(kind="password_changed", to=user.email, object_id=user.pk, language=user.language)
    _record(caller, user, Entry(tag=Tag.PASSWORD_CHANGED, obj=user, after={"sessions_ended": ended}))


def end_sessions(user: User, *, but: str | None = None) -> int:
    """End the person's sessions, save the one with the key `but`; returns how many ended."""
    ended, _ = Session.objects.filter(user=user).exclude(session_key=but or "").delete()
    return ended


def _web(request: HttpRequest, user: User) -> Caller:
    """The caller once the person is known; the middleware saw the request before that."""
    return cast(CallerRequest, request).caller.become(user)


def _record(caller: Caller, user: User, entry: Entry) -> None:
    events.record_all(caller, [(owner, entry) for owner in chains_of(user)])


def chains_of(user: User) -> list[Organisation | None]:
    """Return whose logs tell of the person's account: every organisation that they act for, else the operator's."""
    acts_for = Caller(user=user, channel=Channel.WEB, request_id="").organisations
    return [*acts_for] or [None]


def is_signed_in(request: HttpRequest) -> bool:
    """Say whether the session belongs to somebody."""
    return SESSION_KEY in request.session
