"""The activation code: how the appointed person becomes user administrator.

A code is a UUID, made while its mail is sent; only its SHA-256 is kept. It works once, for 14 days, five tries, and
only for somebody logged in for the target organisation: with an identity of its CVR number, or as the holder of the
appointed address (`domain.md` §3, `decisions.md` §1.5 and §2.1).
"""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from adgang.lib import secrets
from adgang.lib.findings import Finding, finding
from adgang.lib.registered import save_version
from organisations import events, privileges
from organisations.access_requests import cases, telling
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Told
from organisations.grants import Wish, put, related, take
from organisations.locks import lock
from organisations.mail import about
from organisations.models import AccessRequest, Employment, Mail, Organisation, Privilege, User
from organisations.models.access_request import RequestState, TargetState
from organisations.privileges import USER_ADMINISTRATOR
from organisations.throttling import allow

LIFETIME = dt.timedelta(days=14)
MAX_TRIES = 5
WINDOW = dt.timedelta(hours=1)


def mail_context(mail: Mail) -> dict[str, Any] | None:
    """Make the code while the mail is sent; a retry makes a new one, and the one before works no more."""
    code, at = str(uuid.uuid4()), timezone.now()
    waiting = AccessRequest.objects.filter(
        pk=about(mail),
        state=RequestState.APPROVED,
        target_state__in=[TargetState.PENDING, TargetState.ACTIVATION_CODE_SENT],
    )
    sent = waiting.update(
        code_hash=secrets.token_hash(code),
        code_sent=at,
        code_expires=at + LIFETIME,
        code_tries=0,
        target_state=TargetState.ACTIVATION_CODE_SENT,
    )
    return (
        {
            "case": waiting.select_related("organisation", "requester").get(),
            "code": code,
            "may_register": settings.ADGANG_REGISTRATION,
        }
        if sent
        else None
    )


def waiting_for(caller: Caller) -> QuerySet[AccessRequest]:
    """Return the approved requests that the person may activate, signed in as they are.

    Whoever came in with a certificate or account of an organisation acts for that one alone.
    """
    if caller.user is None:
        return AccessRequest.objects.none()
    reachable = Q(cvr_number=caller.home) if caller.home else Q(target_email=caller.user.email)
    return cases.rows().awaiting_code().filter(reachable)


def redeem(*, caller: Caller, code: str) -> AccessRequest | Finding:
    """Make the signed-in person user administrator by a code; recorded. A `Finding` says why not.

    A wrong code counts as a try against every code that the person could use; the fifth kills them.
    """
    if caller.user is None:
        raise ValueError("a code is used by a person")
    at = timezone.now()
    if not allow(f"activation:{caller.user.pk}", limit=2 * MAX_TRIES, window=WINDOW, at=at):
        return finding("code.throttled")
    hashed = secrets.token_hash(code.strip().lower())
    case = waiting_for(caller).filter(code_hash=hashed).first()
    if case is None:
        return _wrong(caller, at=at)
    return _redeem(caller, case, hashed, at=at)


@transaction.atomic
def _wrong(caller: Caller, *, at: dt.datetime) -> Finding:
    """Count the try, and record each code that it killed."""
    waiting = AccessRequest.objects.filter(pk__in=waiting_for(caller).exclude(code_hash="").values("pk"))
    waiting.update(code_tries=F("code_tries") + 1)
    killed = list(cases.rows().filter(code_tries__gte=MAX_TRIES).filter(pk__in=waiting.values("pk")))
    AccessRequest.objects.filter(pk__in=[case.pk for case in killed]).update(code_hash="")
    told = [entry for case in killed for entry in telling.entries(case, Tag.ACTIVATION_CODE_LOCKED)]
    if told:
        events.record_all(caller, told)
    return finding("code.locked") if killed else finding("code.wrong")


@transaction.atomic
def _redeem(caller: Caller, case: AccessRequest, hashed: str, *, at: dt.datetime) -> AccessRequest | Finding:
    organisation, user = case.organisation, caller.user
    if organisation is None or user is None:
        return finding("code.wrong")
    lock(organisation.pk)
    standing = cases.rows().awaiting_code().select_for_update(of=("self",)).filter(pk=case.pk, code_hash=hashed).first()
    if standing is None:
        return finding("code.wrong")
    if standing.code_expires is None or standing.code_expires <= at:
        return finding("code.expired")
    standing.target_state, standing.code_hash = TargetState.GRANTED, ""
    standing.activated, standing.activated_by_id = at, user.pk
    privilege, told = _appoint(standing, organisation, user)
    standing.granted = {**standing.granted, "privileges": [str(privilege.pk)] if privilege else []}
    save_version(standing, version=standing.version)
    telling.mail_requester(standing, "request_activated")
    entries = telling.entries(standing, Tag.ACTIVATION_CODE_USED, after={"activated_by": str(user.pk)})
    events.record_all(caller.become(user), [*entries, *told])
    return standing


def _appoint(case: AccessRequest, organisation: Organisation, user: User) -> tuple[Privilege | None, Told]:
    """Make the person lasting user administrator; a role that ends makes way for one that does not."""
    Employment.objects.get_or_create(user=user, organisation=organisation, ended=None)
    wish, told = Wish(type=USER_ADMINISTRATOR), list[Any]()
    held = related().filter(pk__in=privileges.held(organisation, user, wish).values("pk")).first()
    if held is not None and held.active_to is None:
        return None, told
    if held is not None:
        told += take(held, tag=Tag.PRIVILEGES_REVOKED)
    issuer = User.objects.with_id(case.decided_by_id)
    privilege, entries = put(
        organisation=organisation, grantee=user, wish=wish, issuer=issuer, source=Privilege.Source.APPOINTED
    )
    return privilege, [*told, *entries]
