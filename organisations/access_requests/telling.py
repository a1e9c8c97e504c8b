"""What is told of a request: its events, in the chains that it concerns, and its mails in both directions."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from adgang.lib.snapshots import JSON, as_json
from organisations import privileges
from organisations.access_requests import cases
from organisations.event_tags import Tag
from organisations.events import Entry, Told
from organisations.mail import about, queue_mail
from organisations.models import AccessRequest, Mail, Organisation
from organisations.models.access_request import RequestState, TargetState


def entries(case: AccessRequest, tag: Tag, *, after: dict[str, JSON] | None = None, reason: str = "") -> Told:
    """Return what is to be recorded, once for each chain: the organisation's, and the operator's where it decides."""
    entry = Entry(tag=tag, obj=case, after={"state": case.state, **(after or {})}, reason=reason)
    return [(owner, entry) for owner in chains_of(case)]


def chains_of(case: AccessRequest) -> list[Organisation | None]:
    """Return whose logs tell of the request. A body that is not registered here has none of its own yet."""
    operators: list[Organisation | None] = [None] if case.goes_to_operator or case.organisation is None else []
    return [*operators, *([case.organisation] if case.organisation else [])]


def told(case: AccessRequest) -> dict[str, JSON]:
    """Return what the log keeps of a request that is sent in; the texts themselves stay with the request."""
    values: dict[str, Any] = {
        "request_type": case.request_type,
        "cvr_number": case.cvr_number,
        "privileges": case.privileges,
        "privilege_end": as_json(case.privilege_end),
        "delegate_cvr": case.delegate_cvr,
        "terms": case.terms.label if case.terms else None,
        "target_name": case.target_name,
        "target_email": case.target_email,
        "documents": case.documents.uploaded().count(),
    }
    return {name: value for name, value in values.items() if value}


def mail_requester(case: AccessRequest, kind: str) -> None:
    """Tell the requester what became of the request."""
    person = case.requester
    if person.is_active:
        queue_mail(
            kind=kind,
            to=person.email,
            organisation=case.organisation,
            object_id=case.pk,
            language=person.language,
        )


def mail_processors(case: AccessRequest) -> None:
    """Tell those who decide that a request waits."""
    for person in cases.processors(case, at=timezone.now()):
        queue_mail(
            kind="request_received",
            to=person.email,
            organisation=case.organisation,
            object_id=case.pk,
            language=person.language,
        )


def mail_code(case: AccessRequest, *, language: str) -> None:
    """Let the appointed person have a code; it is made when the mail is sent."""
    queue_mail(
        kind="activation_code",
        to=case.target_email,
        organisation=case.organisation,
        object_id=case.pk,
        language=language,
    )


def _context(mail: Mail, states: Iterable[str]) -> dict[str, Any] | None:
    case = cases.rows().filter(pk=about(mail), state__in=list(states)).first()
    if case is None:
        return None
    return {"case": case, "roles": [privileges.role_named(role) for role in case.privileges]}


def submitted_context(mail: Mail) -> dict[str, Any] | None:
    """Return what the mails about a request that was sent in name; None when it was taken back meanwhile."""
    return _context(mail, set(RequestState) - {RequestState.DRAFT})


def returned_context(mail: Mail) -> dict[str, Any] | None:
    """Return what the mail about a request that was sent back names; None when it was sent in again meanwhile."""
    return _context(mail, [RequestState.DRAFT])


def approved_context(mail: Mail) -> dict[str, Any] | None:
    """Return what the mail about an approval names; None when it was revoked meanwhile."""
    return _context(mail, [RequestState.APPROVED])


def rejected_context(mail: Mail) -> dict[str, Any] | None:
    """Return what the mail about a rejection names."""
    return _context(mail, [RequestState.REJECTED])


def revoked_context(mail: Mail) -> dict[str, Any] | None:
    """Return what the mail about a revocation names."""
    return _context(mail, [RequestState.REVOKED])


def activated_context(mail: Mail) -> dict[str, Any] | None:
    """Return what the mail about a code that was used names; None when the approval was revoked meanwhile."""
    found = _context(mail, [RequestState.APPROVED])
    return found if found and found["case"].target_state == TargetState.GRANTED else None
