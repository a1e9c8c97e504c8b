"""The one state machine of a request: who may take it from which state to which, and what that brings about.

DRAFT → SUBMITTED (or APPROVED at once where nobody has to decide) → APPROVED | REJECTED; APPROVED → REVOKED; a
submitted one goes back to DRAFT when the requester withdraws it or the processor asks for more.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import StaleVersion, check_version, save_version
from adgang.lib.snapshots import as_json
from organisations import events
from organisations.access_requests import cases, drafting, eligibility, granting, telling
from organisations.access_requests.kinds import Step
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Told
from organisations.locks import lock_all
from organisations.models import AccessRequest
from organisations.models.access_request import WITH_TARGET, RequestState, RequestType, TargetState
from organisations.rights import Right

State = RequestState
Outcome = Finding | None


def _take(case: AccessRequest, *, version: int, state: RequestState) -> AccessRequest | Finding:
    """Return the request locked, as it stands. Raises `StaleVersion`; a `Finding` when it is in another state."""
    lock_all(granting.concerned(case))
    standing = cases.rows().select_for_update(of=("self",)).filter(pk=case.pk).first()
    if standing is None:
        raise StaleVersion(None)
    if standing.state != state:
        return finding("request.not_draft" if state is State.DRAFT else "request.over", state=standing.state)
    return check_version(standing, version=version)


@transaction.atomic
def submit(*, caller: Caller, case: AccessRequest, version: int) -> Outcome:
    """Send the request in, recorded; the processors get a mail. Raises `StaleVersion`; a `Finding` says why not.

    A delegation by the organisation's own user administrator needs nobody else: it is approved at once.
    """
    standing = _take(case, version=version, state=State.DRAFT)
    if isinstance(standing, Finding):
        return standing
    if refusal := _incomplete(caller, standing):
        return refusal
    standing.state, standing.submitted, standing.returned = State.SUBMITTED, timezone.now(), None
    entries = telling.entries(standing, Tag.ACCESS_REQUEST_SUBMITTED, after=telling.told(standing))
    if standing.type is RequestType.DELEGATION_REQUEST:
        granted = _approve(caller, standing)
        if isinstance(granted, Finding):
            return granted
        standing.processed_automatically = True
        entries += granted
    _save(standing, version)
    if standing.state == State.SUBMITTED:
        telling.mail_processors(standing)
        telling.mail_requester(standing, "request_submitted")
    events.record_all(caller, entries)
    return None


def _incomplete(caller: Caller, case: AccessRequest) -> Finding | None:
    if drafting.first_open_step(case) is not Step.ANSWERS:
        return finding("request.incomplete")
    asks_for = case.requester_organisation
    if asks_for is not None and not caller.may(Right.PEOPLE_CHANGE, asks_for):
        return finding("request.not_administrator", organisation=asks_for.name)
    case.organisation = eligibility.registered(case.cvr_number)
    return eligibility.refused(caller=caller, kind=case.type, cvr=case.cvr_number, organisation=case.organisation)


def _save(case: AccessRequest, version: int) -> None:
    save_version(case, version=version)


@transaction.atomic
def withdraw(*, caller: Caller, case: AccessRequest, version: int) -> Outcome:
    """Take a submitted request back to a draft; recorded. Raises `StaleVersion`; a `Finding` says why not."""
    standing = _take(case, version=version, state=State.SUBMITTED)
    if isinstance(standing, Finding):
        return standing
    standing.state = State.DRAFT
    _save(standing, version)
    events.record_all(caller, telling.entries(standing, Tag.ACCESS_REQUEST_WITHDRAWN))
    return None


def may_decide(caller: Caller, case: AccessRequest) -> Finding | None:
    """Return why the caller cannot decide this request, though its page is open to them; None when they can.

    Nobody decides what they ask for themselves, or what appoints them. Roles that give roles, and delegations, are for
    the user administrator: a processor of requests must not be able to raise their own rights through a second account.
    """
    user = caller.user
    if user is not None and (case.requester_id == user.pk or (case.target_email and case.target_email == user.email)):
        return finding("request.own")
    if case.goes_to_operator:
        return None if caller.may_operate(Right.OPERATIONS_CHANGE) else finding("request.not_yours")
    if case.organisation is None or not caller.may(Right.REQUESTS_PROCESS, case.organisation):
        return finding("request.not_yours")
    if granting.needs_administrator(case) and not caller.may(Right.PEOPLE_CHANGE, case.organisation):
        return finding("request.needs_administrator")
    return None


def _decide(
    *,
    caller: Caller,
    case: AccessRequest,
    version: int,
    state: RequestState,
    change: Callable[[AccessRequest], Told | Finding],
) -> Outcome:
    """Let somebody who may change a request in that state; `change` says what is to be recorded, or refuses."""
    standing = _take(case, version=version, state=state)
    if isinstance(standing, Finding):
        return standing
    if refusal := may_decide(caller, standing):
        return refusal
    told = change(standing)
    if isinstance(told, Finding):
        transaction.set_rollback(True)  # the refusal may have come after the first of several grants
        return told
    _save(standing, version)
    events.record_all(caller, told)
    return None


@transaction.atomic
def comment(*, caller: Caller, case: AccessRequest, version: int, comments: dict[str, str]) -> Outcome:
    """Keep the processor's comments on the texts, and the note; recorded. `comments` is by the name of the field."""

    def change(standing: AccessRequest) -> Told:
        for name, text in comments.items():
            setattr(standing, name, text)
        return telling.entries(standing, Tag.ACCESS_REQUEST_COMMENTED)

    return _decide(caller=caller, case=case, version=version, state=State.SUBMITTED, change=change)


@transaction.atomic
def ask_for_more(*, caller: Caller, case: AccessRequest, version: int, note: str) -> Outcome:
    """Send the request back to a draft with the comments and a note that says what is missing; mailed, recorded."""

    def change(standing: AccessRequest) -> Told:
        standing.state, standing.returned, standing.processor_note = State.DRAFT, timezone.now(), note
        telling.mail_requester(standing, "request_returned")
        return telling.entries(standing, Tag.ACCESS_REQUEST_RETURNED, reason=note)

    return _decide(caller=caller, case=case, version=version, state=State.SUBMITTED, change=change)


@transaction.atomic
def approve(*, caller: Caller, case: AccessRequest, version: int) -> Outcome:
    """Approve: what was asked for is given, or the appointed person gets a code; mailed, recorded."""

    def change(standing: AccessRequest) -> Told | Finding:
        return _approve(caller, standing)

    return _decide(caller=caller, case=case, version=version, state=State.SUBMITTED, change=change)


def _approve(caller: Caller, case: AccessRequest) -> Told | Finding:
    granted = granting.grant(caller=caller, case=case)
    if isinstance(granted, Finding):
        return granted
    case.state, case.decided = State.APPROVED, timezone.now()
    case.decided_by_id = caller.user.pk if caller.user else None
    if case.request_type in WITH_TARGET:
        case.target_state = TargetState.PENDING
        telling.mail_code(case, language=case.requester.language)
    telling.mail_requester(case, "request_approved")
    return [*telling.entries(case, Tag.ACCESS_REQUEST_APPROVED), *granted]


@transaction.atomic
def reject(*, caller: Caller, case: AccessRequest, version: int, reason: str) -> Outcome:
    """Reject with a reason, which the requester always gets by mail; recorded."""

    def change(standing: AccessRequest) -> Told:
        standing.state, standing.decided, standing.rejection_reason = State.REJECTED, timezone.now(), reason
        standing.decided_by_id = caller.user.pk if caller.user else None
        telling.mail_requester(standing, "request_rejected")
        return telling.entries(standing, Tag.ACCESS_REQUEST_REJECTED, reason=reason)

    return _decide(caller=caller, case=case, version=version, state=State.SUBMITTED, change=change)


@transaction.atomic
def revoke(*, caller: Caller, case: AccessRequest, version: int, reason: str) -> Outcome:
    """Revoke an approval: what it gave ends, a code that was not used works no more; mailed, recorded."""

    def change(standing: AccessRequest) -> Told | Finding:
        ended = granting.end(case=standing, reason=reason)
        if isinstance(ended, Finding):
            return ended
        standing.state, standing.revoked, standing.revocation_reason = State.REVOKED, timezone.now(), reason
        standing.revoked_by_id = caller.user.pk if caller.user else None
        standing.code_hash = ""
        telling.mail_requester(standing, "request_revoked")
        return [*telling.entries(standing, Tag.ACCESS_REQUEST_REVOKED, reason=reason), *ended]

    return _decide(caller=caller, case=case, version=version, state=State.APPROVED, change=change)


@transaction.atomic
def send_code_again(*, caller: Caller, case: AccessRequest, version: int) -> Outcome:
    """Let the appointed person have a new code; the one sent before ends at once. Recorded."""

    def change(standing: AccessRequest) -> Told | Finding:
        if standing.target_state in ("", TargetState.GRANTED):
            return finding("request.activated")
        standing.target_state, standing.code_hash, standing.code_expires = TargetState.PENDING, "", None
        telling.mail_code(standing, language=standing.requester.language)
        return telling.entries(standing, Tag.ACTIVATION_CODE_ASKED, after={"at": as_json(timezone.now())})

    return _decide(caller=caller, case=case, version=version, state=State.APPROVED, change=change)
