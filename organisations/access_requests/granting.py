"""What an approval gives and a revocation ends: an authority registered, terms accepted, roles, delegations.

`AccessRequest.granted` keeps what was made: `privileges` (ids) and `organisation` ("created" or "changed").
"""

import uuid

from django.utils import timezone

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import save_version
from adgang.lib.snapshots import snapshot
from organisations import privileges, terms
from organisations.access_requests import eligibility
from organisations.callers import Caller
from organisations.dates import end_of
from organisations.event_tags import Tag
from organisations.events import Entry, Told
from organisations.grants import Wish, put, related, take
from organisations.locks import lock
from organisations.models import AccessRequest, Organisation, TermsAcceptance
from organisations.models.access_request import RequestType
from organisations.models.privilege import Grantee
from organisations.rights import PrivilegeType

# Roles through which somebody could give themselves more.
GIVE_MORE = frozenset({PrivilegeType.ORGANISATION_USER_ADMINISTRATOR, PrivilegeType.ACCESS_REQUEST_ADMINISTRATOR})
DELEGATIONS = frozenset({RequestType.DELEGATION_REQUEST, RequestType.APPOINTED_DELEGATION_REQUEST})
# The rules of what may be granted hold; that the processor may was asked before, by the request's own rule.
RULES = Caller.task("access_request")


def concerned(case: AccessRequest) -> set[uuid.UUID]:
    """Return the ids of the organisations that deciding the request may change, to be locked first."""
    numbers = {case.cvr_number, case.delegate_cvr} - {""}
    known = set(Organisation.objects.filter(cvr_number__in=numbers).values_list("pk", flat=True))
    return known | ({case.requester_organisation_id} if case.requester_organisation_id else set())


def needs_administrator(case: AccessRequest) -> bool:
    """Say whether only a user administrator may decide, not a mere processor of requests."""
    return case.type in DELEGATIONS or bool(GIVE_MORE & {PrivilegeType(role) for role in case.privileges})


def grant(*, caller: Caller, case: AccessRequest) -> Told | Finding:
    """Give what the request asks for and note it in `case.granted`; the locks are held. A `Finding` says why not."""
    match case.type:
        case RequestType.CONNECTION_AGREEMENT_REQUEST:
            return _register(case)
        case RequestType.TERMS_APPROVAL_REQUEST:
            return _accept_terms(case)
        case RequestType.USER_ADMIN_LOST_PRIVILEGE_REQUEST:
            return []
        case _:
            return _give_roles(caller, case)


def _register(case: AccessRequest) -> Told | Finding:
    """Make the body an authority: the registered company, or a new organisation."""
    found = eligibility.registered(case.cvr_number)
    if found is None:
        return _created(case)
    if found.type == Organisation.Type.AUTHORITY:
        return finding("request.is_authority", cvr=found.cvr_number)
    case.organisation, case.granted = found, {"organisation": "changed"}
    return _retyped(found, Organisation.Type.AUTHORITY, case.authority_type)


def _created(case: AccessRequest) -> Told:
    made = Organisation.objects.create(
        name=case.organisation_name, cvr_number=case.cvr_number, authority_type=case.authority_type
    )
    case.organisation, case.granted = made, {"organisation": "created"}
    entry = Entry(tag=Tag.ORGANISATION_CREATED, obj=made, after=snapshot(made))
    return [(made, entry), (None, entry)]


def _retyped(organisation: Organisation, type_: str, authority_type: str, reason: str = "") -> Told:
    standing = lock(organisation.pk)
    before = {"type": standing.type, "authority_type": standing.authority_type}
    standing.type, standing.authority_type = type_, authority_type
    save_version(standing, version=standing.version)
    after = {"type": type_, "authority_type": authority_type}
    entry = Entry(tag=Tag.ORGANISATION_CHANGED, obj=standing, before=before, after=after, reason=reason)
    return [(standing, entry), (None, entry)]


def _accept_terms(case: AccessRequest) -> Told | Finding:
    """Let the acceptance that the requester gave count from now on, in their name."""
    if case.organisation is None or case.terms is None:
        return finding("request.incomplete")
    if terms.acceptance(case.organisation, case.terms):
        return []
    TermsAcceptance.objects.create(organisation=case.organisation, terms=case.terms, accepted_by=case.requester)
    return [(case.organisation, Entry(tag=Tag.TERMS_ACCEPTED, obj=case.terms, after={"version": case.terms.label}))]


def _grantee(case: AccessRequest) -> Grantee | Finding:
    if case.type is RequestType.PRIVILEGE_REQUEST:
        return case.requester
    if case.type is RequestType.APPOINTED_DELEGATION_REQUEST:
        return case.requester_organisation or finding("request.no_vendor")
    return eligibility.registered(case.delegate_cvr) or finding("request.unknown", cvr=case.delegate_cvr)


def _give_roles(caller: Caller, case: AccessRequest) -> Told | Finding:
    grantee, made, told = _grantee(case), [], list[tuple[Organisation | None, Entry]]()
    if isinstance(grantee, Finding) or case.organisation is None:
        return grantee if isinstance(grantee, Finding) else finding("request.unknown", cvr=case.cvr_number)
    for role in case.privileges:
        wish = Wish(type=PrivilegeType(role), active_to=end_of(case.privilege_end) if case.privilege_end else None)
        checked = privileges.checked_wish(
            caller=RULES, organisation=case.organisation, grantee=grantee, wish=wish, at=timezone.now()
        )
        if isinstance(checked, Finding):
            return checked
        if privileges.held(case.organisation, grantee, checked).exists():
            continue
        privilege, entries = put(organisation=case.organisation, grantee=grantee, wish=checked, issuer=caller.user)
        made.append(str(privilege.pk))
        told += entries
    case.granted = {"privileges": made}
    return told


def end(*, case: AccessRequest, reason: str) -> Told | Finding:
    """End what the approval gave and still stands; the locks are held.

    A `Finding` when the organisation would be without a lasting user administrator (`decisions.md` §1.2).
    """
    told: Told = []
    given = list(related().filter(pk__in=case.granted.get("privileges", [])))
    if case.organisation and not privileges.keeps_a_lasting_administrator(case.organisation, without=given):
        return finding("privilege.last_user_administrator", organisation=case.organisation.name)
    for privilege in given:
        told += take(privilege, tag=Tag.PRIVILEGES_REVOKED, reason=reason)
    if case.organisation and case.granted.get("organisation"):
        told += _retyped(case.organisation, Organisation.Type.COMPANY, "", reason)
    return told
