"""Handing out the documents of a request: as files to keep, and of pictures a small copy made anew to look at."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from adgang.lib.confirm import confirm
from adgang.lib.toasts import toast
from organisations import access
from organisations.access_requests import cases, documents
from organisations.access_requests.kinds import Step
from organisations.models import AccessRequest, Documentation
from organisations.rights import Right

PREVIEW = "forhaandsvisning"


@require_safe
def access_request_document(request: HttpRequest, request_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """Hand the requester a document of their own request."""
    case = cases.own_case(access.person(request), request_id)
    return _hand_out(request, case, cases.document(case, document_id))


@require_safe
def operations_request_document(request: HttpRequest, request_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """Hand the operator a document of a request that the operator decides; logged."""
    access.operator(request, right=Right.OPERATIONS_CHANGE)
    case = cases.operators_case(request_id)
    return _hand_out(request, case, cases.document(case, document_id))


@require_safe
def organisation_request_document(
    request: HttpRequest, cvr: str, request_id: uuid.UUID, document_id: uuid.UUID
) -> HttpResponse:
    """Hand a processor a document of a request that the organisation decides; logged."""
    organisation = access.organisation(request, cvr, right=Right.REQUESTS_PROCESS)
    case = cases.organisations_case(organisation, request_id)
    return _hand_out(request, case, cases.document(case, document_id))


def _hand_out(request: HttpRequest, case: AccessRequest, document: Documentation) -> HttpResponse:
    """Return the file as an attachment, or of a picture the copy to look at; nothing in it can run."""
    is_preview = PREVIEW in request.GET
    blob = document.preview if is_preview else document.blob
    if blob is None:
        raise Http404
    documents.note_reading(caller=access.caller(request), case=case, document=document)
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
        "Content-Disposition": content_disposition_header(not is_preview, blob.filename) or "attachment",
    }
    return HttpResponse(blob.content(), content_type=blob.media_type, headers=headers)


def access_request_document_remove(request: HttpRequest, request_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """Take a document out of a draft, after asking once."""
    case = cases.own_case(access.person(request), request_id)
    document = cases.document(case, document_id)
    back = reverse("access_request_step", args=[case.pk, Step.DOCUMENTS.value])
    if request.method == "POST":
        if documents.remove(document=document):
            toast(request, _("%(document)s was removed.") % {"document": document})
        else:
            toast(request, _("The request has been sent in, so it cannot be changed."), variant="warning")
        return redirect(back)
    return confirm(
        request,
        title=_("Remove %(document)s?") % {"document": document},
        consequences=[_("The file %(name)s is deleted here.") % {"name": document.blob}],
        submit=_("Remove the document"),
        cancel_url=back,
        crumbs=[_("My requests"), reverse("access_requests")],
    )
