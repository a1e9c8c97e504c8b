"""Between the password and the session: the second step of signing in, and who must have one."""

import datetime as dt
import uuid

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from adgang.lib.findings import Finding, finding
from organisations import factors, passkeys
from organisations import sign_in as signing
from organisations.callers import Caller, Channel
from organisations.models import Organisation, User, has_second_factor
from organisations.passkeys import Signed
from organisations.rights import PrivilegeType
from organisations.second_factor_policies import in_force
from organisations.throttling import allow

KEY, MUST = "awaits_second_step", "must_add_factor"
LIFETIME = dt.timedelta(minutes=10)
TRIES = 10  # of one account, in the time of a lockout
ADMINISTRATORS = {PrivilegeType.ORGANISATION_USER_ADMINISTRATOR, PrivilegeType.SYSTEM_MANAGER, PrivilegeType.SUPPORT}


def wait_for(request: HttpRequest, user: User) -> None:
    """Remember, in a session with a new key, whose password was right; nobody is signed in yet."""
    request.session.cycle_key()
    request.session[KEY] = {"user": str(user.pk), "at": timezone.now().isoformat()}


def awaited(request: HttpRequest, *, at: dt.datetime) -> User | None:
    """Return whose second step this session waits for, if the password was typed a short while ago."""
    kept = request.session.get(KEY)
    when = parse_datetime(kept["at"]) if kept else None
    if not kept or when is None or at - when > LIFETIME:
        return None
    return User.objects.filter(pk=uuid.UUID(kept["user"]), is_active=True).first()


def forget(request: HttpRequest) -> None:
    """Let go of the waiting sign-in."""
    request.session.pop(KEY, None)


def check(*, caller: Caller, user: User, typed: str, address: str, at: dt.datetime) -> str | Finding:
    """Return the method by which the second step was taken; a `Finding` for everything else, which counts as a failure.

    Wrong codes lock the account as wrong passwords do: somebody has the password already.
    """
    if _is_closed(user, at=at):
        return finding("factor.locked")
    if method := factors.accepted(user, typed, at=at):
        signing.reset_failures(user)
        return f"password+{method}"
    _count_failure(caller, user, "password+totp", address=address, at=at)
    return finding("factor.wrong_code")


def check_passkey(
    *, caller: Caller, user: User, answer: str, challenge: bytes | None, address: str, at: dt.datetime
) -> Signed | Finding:
    """Return what the person's passkey signed, as `check` does for codes. A challenge that is over is no failure."""
    if _is_closed(user, at=at):
        return finding("factor.locked")
    signed = passkeys.verify(caller=caller, answer=answer, challenge=challenge, at=at, user=user)
    if isinstance(signed, Signed):
        signing.reset_failures(user)
    elif challenge is not None:
        _count_failure(caller, user, "password+passkey", address=address, at=at)
    return signed


def _is_closed(user: User, *, at: dt.datetime) -> bool:
    is_free = allow(f"code:{user.pk}", limit=TRIES, window=signing.lockout(), at=at)
    return signing.is_locked(user, at=at) or not is_free


def _count_failure(caller: Caller, user: User, method: str, *, address: str, at: dt.datetime) -> None:
    signing.note_failure(user, address=address, method=method)
    signing.count_failure(caller, user.email, at=at)


def is_required(user: User) -> bool:
    """Say whether the installation lets the person work only with a second factor."""
    match settings.ADGANG_REQUIRE_SECOND_FACTOR:
        case "everyone":
            return True
        case "administrators":
            return any(privilege.type in ADMINISTRATORS for privilege in _as_caller(user).privileges)
    return False


def _as_caller(user: User) -> Caller:
    return Caller(user=user, channel=Channel.WEB, request_id="")


def is_last_required(user: User, *, at: dt.datetime) -> bool:
    """Say whether the person has one second factor alone, which must stay: for the installation or an organisation."""
    asked = is_required(user) or any(in_force(one, at=at) for one in _as_caller(user).organisations)
    return asked and factors.count(user) <= 1


def note_need(request: HttpRequest, user: User) -> None:
    """Remember that the person, who came in by the password alone, may work here only once they added a factor."""
    if is_required(user):
        request.session[MUST] = True


class SecondFactorNeeded(Exception):
    """The organisation lets nobody in by the password alone; the person is led to add a second factor."""


def enter(request: HttpRequest, organisation: Organisation) -> None:
    """Let a session into an organisation. Raises `SecondFactorNeeded` for one that the password alone has opened."""
    if in_force(organisation, at=timezone.now()) and opened_by_password_alone(request):
        raise SecondFactorNeeded


def enter_all(request: HttpRequest, organisations: list[Organisation]) -> None:
    """Let a session see several organisations at once. Raises `SecondFactorNeeded` as `enter` does for one of them."""
    for organisation in organisations:
        enter(request, organisation)


def opened_by_password_alone(request: HttpRequest) -> bool:
    """Say whether the session began by a password, and its person has added no second factor since."""
    user = request.user
    return request.session.get("method") == "password" and isinstance(user, User) and not has_second_factor(user)
