"""A request before it is sent in: begun, answered step by step, kept in its row, deleted with its documents."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import StaleVersion, check_version, save_version
from organisations import terms
from organisations.access_requests import documents, eligibility
from organisations.access_requests.kinds import Step, journey
from organisations.callers import Caller
from organisations.models import AccessRequest, Organisation
from organisations.models.access_request import OPEN_STATES, RequestState, RequestType

Values = Mapping[str, Any]


def begin(
    *, caller: Caller, kind: RequestType, cvr: str, requester_organisation: Organisation | None = None
) -> AccessRequest | Finding:
    """Begin a request for a CVR number, or return the one of that kind that the person has begun before.

    `requester_organisation` is whom the person asks for, where it is an organisation. A `Finding` says why not.
    """
    if caller.user is None:
        raise ValueError("a request is made by a person")
    organisation = eligibility.registered(cvr)
    if refusal := eligibility.refused(caller=caller, kind=kind, cvr=cvr, organisation=organisation):
        return refusal
    if standing := begun(caller, kind, cvr):
        return standing
    if not eligibility.may_begin_now(caller, at=timezone.now()):
        return finding("request.too_many", count=eligibility.MOST_A_DAY)
    try:
        with transaction.atomic():
            return AccessRequest.objects.create(
                request_type=kind,
                cvr_number=cvr,
                organisation=organisation,
                organisation_name=organisation.name if organisation else "",
                requester=caller.user,
                requester_organisation=requester_organisation,
            )
    except IntegrityError:  # a second click was quicker
        return begun(caller, kind, cvr) or finding("request.too_many", count=eligibility.MOST_A_DAY)


def begun(caller: Caller, kind: RequestType, cvr: str) -> AccessRequest | None:
    """Return the request of that kind for that CVR number that the person has open, if any."""
    return AccessRequest.objects.filter(
        requester=caller.user, request_type=kind, cvr_number=cvr, state__in=OPEN_STATES
    ).first()


def steps(case: AccessRequest) -> tuple[Step, ...]:
    """Return the steps of the request's journey, in order."""
    return journey(case.request_type).steps


def is_done(case: AccessRequest, step: Step) -> bool:
    """Say whether the step has been answered, and the answer still counts."""
    if step is Step.DOCUMENTS and missing_papers(case):
        return False
    if step is Step.TERMS and not has_read_newest_terms(case):
        return False
    return step.value in case.steps_done


def first_open_step(case: AccessRequest) -> Step:
    """Return the step where the work goes on."""
    return next((step for step in steps(case) if not is_done(case, step)), Step.ANSWERS)


def next_step(case: AccessRequest, after: Step) -> Step:
    """Return the step that follows; the last one follows itself."""
    listed = steps(case)
    return listed[min(listed.index(after) + 1, len(listed) - 1)]


def missing_papers(case: AccessRequest) -> list[str]:
    """Return the documents that the request needs and does not have, in words."""
    needs = journey(case.request_type).needs
    held = set(case.documents.uploaded().values_list("documentation_type", flat=True)) if needs else set()
    return [str(paper.label) for paper in needs if paper not in held]


def has_read_newest_terms(case: AccessRequest) -> bool:
    """Say whether the terms that the requester accepted are the ones that count now."""
    newest = terms.newest()
    return newest is not None and case.terms_id == newest.pk


def keep(*, case: AccessRequest, version: int, step: Step, values: Values) -> AccessRequest | Finding:
    """Save the answers of a step on top of `version`. Raises `StaleVersion`; a `Finding` when it is no draft."""
    return keep_all(case=case, version=version, values=values, answered={step})


@transaction.atomic
def keep_all(
    *, case: AccessRequest, version: int, values: Values, answered: Collection[Step], emptied: Collection[Step] = ()
) -> AccessRequest | Finding:
    """Save the answers of several steps at once, some of which stand empty again. Raises and returns as `keep`."""
    standing = _locked(case)
    if not standing.is_draft:
        return finding("request.not_draft")
    for name, value in values.items():
        setattr(standing, name, value)
    standing.steps_done = sorted({*standing.steps_done, *answered} - {*emptied})
    save_version(standing, version=version)
    return standing


def _locked(case: AccessRequest) -> AccessRequest:
    standing = AccessRequest.objects.select_for_update().filter(pk=case.pk).first()
    if standing is None:
        raise StaleVersion(None)
    return standing


@transaction.atomic
def delete(*, case: AccessRequest, version: int | None = None) -> bool:
    """Delete a draft with its documents; returns False when it is no draft any more. Raises `StaleVersion`."""
    standing = AccessRequest.objects.select_for_update().filter(pk=case.pk, state=RequestState.DRAFT).first()
    if standing is None:
        return False
    if version is not None:
        check_version(standing, version=version)
    documents.remove_all(standing)
    standing.delete()
    return True
