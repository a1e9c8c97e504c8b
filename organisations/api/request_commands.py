"""What an AccessRequest of a caller says, read into the portal's own forms; what is refused bears the wire's names."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.api.enums import AccessRequestState
from adgang.lib.api.errors import ApiError, FieldError, answer, invalid, of_findings, wrong
from adgang.lib.findings import Finding
from adgang.lib.forms import Form, ModelForm
from organisations import models, terms
from organisations.access_requests import documents, drafting, eligibility
from organisations.access_requests.kinds import Step
from organisations.api.request_schemas import AccessRequest, RequestParticipant, TargetActivation
from organisations.callers import Caller
from organisations.forms.access_requests import BeginForm, UploadForm
from organisations.forms.request_steps import FORMS
from organisations.models.access_request import DocumentationType, RequestType
from organisations.rights import PrivilegeType, roles

NAMES = {
    "kind": "requestType",
    "cvr": "accessTo.externalId",
    "vendor": "requester.organisationIdentityId",
    "organisation_name": "accessTo.organisationNameResolved",
    "authority_type": "authorityType",
    "requester_position": "requester.position",
    "requester_phone": "requester.phoneNumber",
    "qualification": "qualification",
    "justification": "justification",
    "legal_basis": "legalBasis",
    "note": "note",
    "roles": "privileges",
    "privilege_end": "privilegeEndDateTime",
    "delegate_cvr": "target.requestParticipant.externalId",
    "accept": "acceptedTerms",
    "terms_id": "acceptedTerms",
    "target_name": "target.requestParticipant.lastNameProvided",
    "target_email": "target.requestParticipant.emailAddress",
    "target_position": "target.requestParticipant.position",
    "documentation_type": "documentations",
}
# What a refusal is: not the caller's to do, or in the way of what stands. All else is wrong in the request itself.
FORBIDDEN = {"request.own", "request.not_yours", "request.needs_administrator", "request.not_administrator"}
WRONG = {"request.incomplete"}
NOBODY = RequestParticipant()


def refuse(found: Finding, *, field: str = "", conflict: bool = True) -> ApiError:
    """Return what a refusal is on the wire: 403, 409, or 400 for what cannot be asked at all."""
    if found.code in FORBIDDEN:
        return of_findings([found], status=403)
    status = 409 if conflict and found.code not in WRONG else 400
    return of_findings([found], status=status, resource="accessRequest", field=field)


def code_of(body: TargetActivation) -> uuid.UUID:
    """Return the code that was sent. Raises `ApiError` for none."""
    if body.code is None:
        text = _("Send the activation code from the mail.")
        raise wrong("targetActivation", "code", "code.missing", text)
    return body.code


def not_activated(found: Finding) -> HttpResponse:
    """Answer for a code that did not work: not raised, for the try it was must count."""
    status = {"code.wrong": 404, "code.throttled": 429}.get(found.code, 400)
    error = of_findings([found], status=status, resource="targetActivation", field="code")
    return answer(error.status, error.code, error.message, fields=error.fields)


def begin(caller: Caller, body: AccessRequest) -> models.AccessRequest:
    """Begin the request that the body names, without its answers, in the caller's transaction. Raises `ApiError`."""
    vendors = eligibility.vendors_of(caller)
    form = BeginForm(_asked(body, vendors), kinds=eligibility.kinds_for(caller), vendors=vendors)
    if not form.is_valid():
        raise invalid(faults(form))
    kind, cvr = RequestType(form.cleaned_data["kind"]), str(form.cleaned_data["cvr"])
    if drafting.begun(caller, kind, cvr):
        text = _("You have an open request of this kind for this organisation. Go on with that one.")
        raise invalid([_fault("accessTo.externalId", "request.begun", text)])
    made = drafting.begin(caller=caller, kind=kind, cvr=cvr, requester_organisation=form.requester_organisation)
    if isinstance(made, Finding):
        raise refuse(made, field="accessTo.externalId", conflict=False)
    return made


def _asked(body: AccessRequest, vendors: list[models.Organisation]) -> dict[str, str]:
    """Return what is asked for, and for whom; who administers one organisation alone need not name it."""
    to = body.access_to or NOBODY
    known = models.Organisation.objects.filter(pk__in=_named(to)).first()
    named = [one for one in vendors if one.pk in _named(body.requester or NOBODY)] or vendors
    vendor = named[0].cvr_number if len(named) == 1 else ""
    cvr = (to.external_id or "") or (known.cvr_number if known else "")
    return {"kind": str(body.request_type or ""), "cvr": cvr, "vendor": vendor}


def _named(participant: RequestParticipant) -> list[Any]:
    return [one for one in (participant.organisation_identity_id, participant.identity_id) if one]


@transaction.atomic
def write(case: models.AccessRequest, body: AccessRequest, *, version: int, sends_in: bool) -> models.AccessRequest:
    """Put what the body says onto a draft, step by step as on the pages: what is left out stands empty afterwards.

    A step of a draft may be empty, not half answered; of a request that is sent in (`sends_in`) none may be open.
    Raises `ApiError` and `StaleVersion`.
    """
    if body.documentations is not None:
        _settle(case, body)
    data, values = _data(case, body), dict[str, Any]()
    answered, emptied, wrong = set[Step](), set[Step](), list(_unread_terms(data, body))
    for step in drafting.steps(case):
        if step not in FORMS:
            continue
        form = FORMS[step](data, instance=case)
        if form.is_valid():
            stands = step is Step.TERMS and drafting.has_read_newest_terms(case)
            values |= {} if stands else form.values()  # when they were accepted stays
            answered.add(step)
        elif not sends_in and (step is Step.DOCUMENTS or form.is_empty()):
            values |= form.emptied()
            emptied.add(step)
        else:
            wrong += faults(form, other="documentations" if step is Step.DOCUMENTS else "")
    if wrong:
        raise invalid(wrong)
    kept = drafting.keep_all(case=case, version=version, values=values, answered=answered, emptied=emptied)
    if isinstance(kept, Finding):
        raise refuse(kept)
    return kept


def _unread_terms(data: dict[str, Any], body: AccessRequest) -> Iterator[FieldError]:
    newest = terms.newest()
    if body.accepted_terms and newest is not None and not data["accept"]:
        text = _("The newest terms are version %(label)s. Read them on the pages, and name that version.")
        told = text % {"label": newest.label}
        yield _fault("acceptedTerms", "terms.not_newest", told, body.accepted_terms)


def _settle(case: models.AccessRequest, body: AccessRequest) -> None:
    """Keep the documents that the body names by id, delete the others, and announce those without a known id."""
    held = set(case.documents.values_list("pk", flat=True))
    kept = {one.id for one in body.documentations or () if one.id in held}
    announced, wrong = list[DocumentationType](), list[FieldError]()
    for index, one in enumerate(body.documentations or ()):
        if one.id in held:
            continue
        form = UploadForm({"documentation_type": str(one.documentation_type or "")}, case=case)
        if "documentation_type" in form.errors:
            field = f"documentations.{index}.documentationType"
            wrong += faults(form, names={"documentation_type": field})
        else:
            announced.append(form.type)
    if len(kept) + len(announced) > documents.MOST:
        text = _("A request can carry %(count)s documents.") % {"count": documents.MOST}
        wrong.append(_fault("documentations", "document.too_many", text))
    if wrong:
        raise invalid(wrong)
    documents.settle(case=case, kept=kept, announced=announced)


def _data(case: models.AccessRequest, body: AccessRequest) -> dict[str, Any]:
    """Return what the forms of all steps are sent."""
    requester, to = body.requester or NOBODY, body.access_to or NOBODY
    target = (body.target and body.target.request_participant) or NOBODY
    newest = terms.newest()
    accepted = newest if newest is not None and newest.label == body.accepted_terms else None
    # Roles that the registry does not know cannot be named, nor taken away, by its clients.
    unspoken = [role for role in case.privileges if not roles()[PrivilegeType(role)].wire]
    return {
        "organisation_name": to.organisation_name_resolved or "",
        "authority_type": str(body.authority_type or ""),
        "requester_position": requester.position or "",
        "requester_phone": requester.phone_number or "",
        "qualification": body.qualification or "",
        "justification": body.justification or "",
        "legal_basis": body.legal_basis or "",
        "note": body.note or "",
        "roles": [*(str(role) for role in body.privileges or ()), *unspoken],
        "privilege_end": _last_day(body),
        "delegate_cvr": target.external_id or "",
        "accept": "on" if accepted else "",
        "terms_id": str(accepted.pk) if accepted else "",
        "target_name": _name(target),
        "target_email": target.email_address or "",
        "target_position": target.position or "",
    }


def _name(person: RequestParticipant) -> str:
    provided = f"{person.first_name_provided or ''} {person.last_name_provided or ''}".strip()
    return provided or f"{person.first_name_resolved or ''} {person.last_name_resolved or ''}".strip()


def _last_day(body: AccessRequest) -> str:
    """Return the last day that counts: the day before the moment at which the roles end, if that is a midnight."""
    if body.privilege_end_date_time is not None:
        last = timezone.localtime(body.privilege_end_date_time) - dt.timedelta(microseconds=1)
        return last.date().isoformat()
    return body.privilege_end_date.isoformat() if body.privilege_end_date else ""


def faults(form: Form | ModelForm, *, names: Mapping[str, str] = NAMES, other: str = "") -> Iterator[FieldError]:
    """Yield what is wrong with a form, by the names on the wire; `other` is where no field of its own is to blame."""
    for name, errors in form.errors.as_data().items():
        field = names.get(name, other)
        for error in errors:
            code = f"{field or 'accessRequest'}.{error.code or 'invalid'}"
            yield _fault(field, code, " ".join(error.messages))


def _fault(field: str, code: str, message: str, rejected: str | None = None) -> FieldError:
    return FieldError(resource="accessRequest", field=field, code=code, message=message, rejected=rejected)


def state_of(body: AccessRequest, standing: str = AccessRequestState.DRAFT) -> str:
    """Return the state that the body asks for; one that is not set leaves it as it stands."""
    return str(body.request_state or standing)
