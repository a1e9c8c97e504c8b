"""Who may begin which kind of request for whom; asked when it is begun and again when it is sent in."""

import datetime as dt

from adgang.lib.findings import Finding, finding
from organisations import registering, terms
from organisations.callers import Caller
from organisations.models import Organisation
from organisations.models.access_request import RequestType
from organisations.privileges import lasting_administrators
from organisations.rights import Right
from organisations.throttling import allow

MOST_A_DAY = 20
DAY = dt.timedelta(days=1)
Kind = RequestType


def registered(cvr: str) -> Organisation | None:
    """Return the organisation of that CVR number, if it is registered here."""
    return Organisation.objects.filter(cvr_number=cvr).first()


def refused(*, caller: Caller, kind: RequestType, cvr: str, organisation: Organisation | None) -> Finding | None:
    """Return why such a request makes no sense for that CVR number, or None."""
    if fault := registering.cvr_fault(cvr):
        return fault
    is_authority = organisation is not None and organisation.type == Organisation.Type.AUTHORITY
    if kind is Kind.CONNECTION_AGREEMENT_REQUEST:
        return finding("request.is_authority", cvr=cvr) if is_authority else None
    if organisation is None:
        return finding("request.unknown", cvr=cvr)
    if kind is Kind.TERMS_APPROVAL_REQUEST:
        return _terms(organisation, is_authority=is_authority)
    return _rights(caller, kind, organisation)


def _terms(organisation: Organisation, *, is_authority: bool) -> Finding | None:
    if not is_authority:
        return finding("request.no_authority", cvr=organisation.cvr_number)
    if terms.newest() is None:
        return finding("terms.none")
    if terms.accepted(organisation) and lasting_administrators(organisation).exists():
        return finding("request.connected", organisation=organisation.name)
    return None


def _rights(caller: Caller, kind: RequestType, organisation: Organisation) -> Finding | None:
    if kind is Kind.DELEGATION_REQUEST and not caller.may(Right.PEOPLE_CHANGE, organisation):
        return finding("request.not_administrator", organisation=organisation.name)
    if kind is Kind.APPOINTED_DELEGATION_REQUEST:
        if not (vendors := [one for one in vendors_of(caller) if one != organisation]):
            return finding("request.no_vendor")
        if organisation.type != Organisation.Type.AUTHORITY and vendors:
            return finding("request.no_authority", cvr=organisation.cvr_number)
    return None


def vendors_of(caller: Caller) -> list[Organisation]:
    """Return the organisations for which the person may ask others for a delegation."""
    return [one for one in caller.organisations if caller.may(Right.PEOPLE_CHANGE, one)]


def kinds_for(caller: Caller) -> list[RequestType]:
    """Return the kinds of request that the person may begin at all."""
    administers = bool(vendors_of(caller))
    of_administrators = (Kind.DELEGATION_REQUEST, Kind.APPOINTED_DELEGATION_REQUEST)
    return [kind for kind in Kind if administers or kind not in of_administrators]


def may_begin_now(caller: Caller, *, at: dt.datetime) -> bool:
    """Count a new request and say whether the person has not begun too many today (`decisions.md` §1.5)."""
    who = caller.user.pk if caller.user else ""
    return allow(f"access_request:{who}", limit=MOST_A_DAY, window=DAY, at=at)
