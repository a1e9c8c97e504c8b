"""Requests for access by API: asked by people, decided by the organisations that they were sent to.

What the operator of the installation decides is decided on the pages: a token is for one organisation.
"""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from adgang.lib.api.binaries import binary
from adgang.lib.api.errors import ApiError
from adgang.lib.api.filters import Column, Kind
from adgang.lib.api.operations import Answer, found, found_one, operation
from adgang.lib.api.searching import Search, find
from adgang.lib.api.uploads import FILE, upload_of
from adgang.lib.api.versions import expected
from adgang.lib.findings import Finding
from adgang.lib.registered import check_version
from organisations import access
from organisations.access_requests import activation, cases, documents, drafting, papers
from organisations.api import request_acts, request_commands
from organisations.api.request_presenting import Eye, request_wire
from organisations.api.request_schemas import AccessRequest, AccessRequestSearchResult, TargetActivation
from organisations.callers import Caller
from organisations.models import AccessRequest as Row
from organisations.models import Documentation
from organisations.models.access_request import AccessRequestQuerySet, RequestState, RequestType
from organisations.rights import Right

router = Router(tags=["Access requests"])
SEARCH = Search(
    answer=AccessRequest,
    columns={
        "id": Column("pk", Kind.ID),
        "version": Column("version", Kind.NUMBER),
        "createdDateTime": Column("created", Kind.MOMENT),
        "lastUpdated": Column("updated", Kind.MOMENT),
        "requestType": Column("request_type", values={value: value for value in RequestType.values}),
        "requestState": Column("state", values={value: value for value in RequestState.values}),
        "accessTo.externalId": Column("cvr_number"),
        "accessTo.organisationIdentityId": Column("organisation_id", Kind.ID),
        "requester.identityId": Column("requester_id", Kind.ID),
        "submissionDateTime": Column("submitted", Kind.MOMENT),
    },
    words=("organisation_name", "organisation__name", "cvr_number", "requester__name"),
    order=("-created",),
)
MANY, ONE = "access-requests/", "access-requests/{uuid:id}"
CONTENT = "access-requests/{uuid:accessRequestId}/documentations/{uuid:id}/content"
PAPERS = Prefetch("documents", Documentation.objects.select_related("blob").defer("blob__encrypted"))
BINARY: dict[int, Any] = {
    200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in papers.SUFFIXES}}
}


def _eye(who: Caller, row: Row) -> Eye:
    return Eye.REQUESTER if who.user is not None and row.requester_id == who.user.pk else Eye.PROCESSOR


def _one(rows: AccessRequestQuerySet, id: uuid.UUID) -> Row:
    return found_one(rows.filter(pk=id).first())


def _own(request: HttpRequest, row: Row) -> Row:
    """Return a request that the caller has made. Raises PermissionDenied for one that they only decide."""
    if access.requester(request).pk != row.requester_id:
        raise PermissionDenied
    return row


def _answer(who: Caller, id: uuid.UUID, eye: Eye | None = None) -> Answer:
    row = Row.objects.with_names().prefetch_related(PAPERS).get(pk=id)
    return Answer(body=request_wire(row, eye or _eye(who, row)), version=row.version)


@operation(router, "GET", MANY, summary="Search requests", answer=AccessRequestSearchResult, search=SEARCH)
def access_requests_search(request: HttpRequest) -> dict[str, Any]:
    """Find what the person has asked for, and what was sent to the organisations whose requests the caller decides."""
    rows = access.requests(request, right=Right.REQUESTS_PROCESS)
    who, page = access.caller(request), find(request, rows.prefetch_related(PAPERS), SEARCH)
    return found(page, "accessRequests", [request_wire(row, _eye(who, row)) for row in page.rows])


@operation(router, "POST", MANY, summary="Ask for access", answer=AccessRequest, status=201, errors=(400, 401, 403))
def access_request_create(request: HttpRequest, body: AccessRequest) -> Answer:
    """Begin a request: a draft, or with `requestState` SUBMITTED one that is sent in at once.

    `accessTo.externalId` is the CVR number of the organisation that it concerns. Documents are announced in
    `documentations` by their type; then their files are sent. A person asks, so an organisation's token cannot.
    """
    access.requester(request)
    who, state = access.caller(request), request_commands.state_of(body)
    with transaction.atomic():
        row = request_commands.begin(who, body)
        request_acts.by_requester(who, row, body, version=row.version, wanted=state)
    return _answer(who, row.pk)


@operation(router, "GET", ONE, summary="Read a request", answer=AccessRequest, errors=(401, 403, 404))
def access_request_read(request: HttpRequest, id: uuid.UUID) -> Answer:
    """Return a request with its documents. Whoever asks reads the processor's comments once they were sent."""
    rows = access.requests(request, right=Right.REQUESTS_PROCESS)
    row = _one(rows.prefetch_related(PAPERS), id)
    return Answer(body=request_wire(row, _eye(access.caller(request), row)), version=row.version)


@operation(
    router,
    "PUT",
    ONE,
    summary="Change or decide a request",
    answer=AccessRequest,
    errors=(400, 401, 403, 404, 409),
    versioned=True,
)
def access_request_change(request: HttpRequest, id: uuid.UUID, body: AccessRequest) -> Answer:
    """Take a request from state to state; `requestState` says to which.

    Whoever asks replaces the answers of a DRAFT, sends it in with SUBMITTED, and takes it back with DRAFT. Whoever
    decides keeps comments with SUBMITTED, sends it back with DRAFT and `processorNote`, and answers with APPROVED, or
    with REJECTED or REVOKED and a reason. What state and caller do not allow is 409 or 403.
    """
    row = _one(access.requests(request, right=Right.REQUESTS_PROCESS), id)
    who, version = access.caller(request), expected(request)
    check_version(row, version=version)
    wanted = request_commands.state_of(body, row.state)
    with transaction.atomic():
        if _eye(who, row) is Eye.REQUESTER:
            request_acts.by_requester(who, _own(request, row), body, version=version, wanted=wanted)
        else:
            request_acts.by_processor(who, row, body, version=version, wanted=wanted)
    return _answer(who, row.pk)


@operation(
    router, "DELETE", ONE, summary="Delete a draft", status=204, errors=(400, 401, 403, 404, 409), versioned=True
)
def access_request_delete(request: HttpRequest, id: uuid.UUID) -> None:
    """Delete a draft of one's own with its documents; what has been sent in is taken back first."""
    row = _own(request, _one(access.requests(request, right=Right.REQUESTS_PROCESS), id))
    version = expected(request)
    if not drafting.delete(case=check_version(row, version=version), version=version):
        raise ApiError(409, "request.not_draft", _("The request has been sent in, so it cannot be deleted."))


@operation(
    router,
    "GET",
    CONTENT,
    summary="Read a document",
    errors=(401, 403, 404),
    extra={"responses": BINARY},
)
def documentation_read(request: HttpRequest, accessRequestId: uuid.UUID, id: uuid.UUID) -> HttpResponse:
    """Return the file of a document; reading another's is logged."""
    row = _one(access.requests(request, right=Right.REQUESTS_PROCESS), accessRequestId)
    document = cases.document(row, id)
    if document.blob is None:
        raise Http404
    documents.note_reading(caller=access.caller(request), case=row, document=document)
    return binary(request, document.blob.content(), document.blob.media_type, version=row.version)


@operation(
    router,
    "PUT",
    CONTENT,
    summary="Send a document",
    answer=AccessRequest,
    errors=(400, 401, 403, 404, 409, 413),
    versioned=True,
    extra=FILE,
)
def documentation_change(request: HttpRequest, accessRequestId: uuid.UUID, id: uuid.UUID) -> Answer:
    """Send the file of a document that the draft announces: PDF, PNG or JPEG of at most 10 MiB, nothing active in it.

    The version is the request's.
    """
    row = _own(request, _one(access.requests(request, right=Right.REQUESTS_PROCESS), accessRequestId))
    document = found_one(row.documents.select_related("request").filter(pk=id).first())
    version = expected(request)
    check_version(row, version=version)
    file = upload_of(request, limit=papers.MAX_BYTES)
    paper = papers.read(file.read(papers.MAX_BYTES + 1))
    if isinstance(paper, Finding):
        raise request_commands.refuse(paper, field="file", conflict=False)
    kept = documents.fill(document=document, version=version, paper=paper, filename=file.name or "")
    if isinstance(kept, Finding):
        raise request_commands.refuse(kept)
    return _answer(access.caller(request), row.pk)


@operation(
    router,
    "POST",
    "access-requests/target/activate",
    summary="Use an activation code",
    answer=AccessRequest,
    errors=(400, 401, 403, 404),
)
def target_activate(request: HttpRequest, body: TargetActivation) -> Answer | HttpResponse:
    """Become user administrator by the code from the mail, as the appointed person."""
    access.requester(request)
    who = access.caller(request)
    used = activation.redeem(caller=who, code=str(request_commands.code_of(body)))
    if isinstance(used, Finding):
        return request_commands.not_activated(used)
    return _answer(who, used.pk, None if used.requester_id == getattr(who.user, "pk", None) else Eye.APPOINTED)
