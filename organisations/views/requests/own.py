"""What a person has asked for: the list, beginning, the case with its story, taking it back."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from adgang.lib import lists
from adgang.lib.confirm import confirm, posted_version
from adgang.lib.findings import Finding
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations import access, refusals
from organisations.access_requests import activation, cases, drafting, eligibility, lifecycle
from organisations.access_requests.kinds import STEP_LABELS
from organisations.forms.access_requests import BeginForm
from organisations.models import AccessRequest
from organisations.models.access_request import RequestState, RequestType
from organisations.request_list import own_list, state_badge
from organisations.views.requests.answers import parts, story


def access_requests(request: HttpRequest) -> HttpResponseBase:
    """List what the person has asked for, and say when a code waits for them."""
    user = access.person(request)
    return lists.respond(
        request,
        own_list(),
        cases.own(user),
        template="organisations/access_requests.html",
        context={"codes": activation.waiting_for(access.caller(request)).exists()},
        empty_action=(reverse("access_request_begin"), _("Ask for access")),
    )


def access_request_begin(request: HttpRequest) -> HttpResponse:
    """Choose what is asked for, and for whom; what was begun before is gone on with."""
    access.person(request)
    caller = access.caller(request)
    chosen = {name: request.GET.get(name, "")[:40] for name in ("kind", "cvr", "vendor")}
    form = BeginForm(
        request.POST or None,
        kinds=eligibility.kinds_for(caller),
        vendors=eligibility.vendors_of(caller),
        initial=chosen,
    )
    if form.is_valid():
        made = drafting.begin(
            caller=caller,
            kind=RequestType(form.cleaned_data["kind"]),
            cvr=form.cleaned_data["cvr"],
            requester_organisation=form.requester_organisation,
        )
        if isinstance(made, AccessRequest):
            return redirect(where(made))
        form.add_error("cvr" if made.code.startswith(("request.", "cvr.")) else None, refusals.text(made))
    return render(request, "organisations/access_request_begin.html", {"form": form})


def where(case: AccessRequest) -> str:
    """Return the URL where the requester goes on with a request."""
    if case.is_draft and not case.was_returned:
        return reverse("access_request_step", args=[case.pk, drafting.first_open_step(case).value])
    return reverse("access_request", args=[case.pk])


def access_request(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Show a request of the person's own: how far it is, what was answered and said to it, its story."""
    case = cases.own_case(access.person(request), request_id)
    is_spoken = case.state != RequestState.SUBMITTED  # the processor is not done with the comments
    open_step = drafting.first_open_step(case)
    context = {
        "case": case,
        "state_badge": state_badge(case),
        "parts": parts(case, comments=is_spoken),
        "documents": cases.documents(case),
        "document_view": "access_request_document",
        "readings": story(case),
        "is_own": True,
        "go_on": (reverse("access_request_step", args=[case.pk, open_step.value]), STEP_LABELS[open_step]),
        "next_step": _next_request(case),
    }
    return render(request, "organisations/access_request.html", context)


def _next_request(case: AccessRequest) -> str:
    """Return where an approved connection goes on: the acceptance of the terms."""
    if case.type is not RequestType.CONNECTION_AGREEMENT_REQUEST or case.state != RequestState.APPROVED:
        return ""
    kind = RequestType.TERMS_APPROVAL_REQUEST.value
    return f"{reverse('access_request_begin')}?kind={kind}&cvr={case.cvr_number}"


def access_request_receipt(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Say that the request has been sent in, and what happens now."""
    case = cases.own_case(access.person(request), request_id)
    if case.is_draft:
        return redirect(where(case))
    return render(request, "organisations/access_request_receipt.html", {"case": case})


def access_request_withdraw(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Take a request back, after asking once; it becomes a draft again."""
    case = cases.own_case(access.person(request), request_id)
    back = reverse("access_request", args=[case.pk])
    if request.method == "POST":
        try:
            refusal = lifecycle.withdraw(caller=access.caller(request), case=case, version=posted_version(request))
        except StaleVersion:
            refusal = None
            toast(request, _("The request was changed meanwhile. Look at it as it stands."), variant="warning")
        else:
            tell(request, refusal, _("The request was withdrawn. You can change it and send it in again."))
        return redirect(back)
    return confirm(
        request,
        title=_("Withdraw the request?"),
        consequences=[
            _("It becomes a draft again, with everything that you have written and uploaded."),
            _("Nobody works on it until you send it in again."),
        ],
        submit=_("Withdraw the request"),
        cancel_url=back,
        version=case.version,
        crumbs=[_("My requests"), reverse("access_requests")],
    )


def tell(request: HttpRequest, refusal: Finding | None, done: str) -> None:
    """Show what came of an act."""
    if refusal:
        toast(request, refusals.text(refusal), variant="warning")
    else:
        toast(request, done)


def access_request_delete(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Delete a draft with its documents, after asking once."""
    case = cases.own_case(access.person(request), request_id)
    if request.method == "POST":
        if drafting.delete(case=case):
            toast(request, _("The draft was deleted with its documents."))
            return redirect("access_requests")
        toast(request, _("The request has been sent in, so it cannot be deleted."), variant="warning")
        return redirect("access_request", case.pk)
    return confirm(
        request,
        title=_("Delete the draft?"),
        consequences=[_("What you have written and the documents are deleted. This cannot be undone.")],
        submit=_("Delete the draft"),
        cancel_url=where(case),
        crumbs=[_("My requests"), reverse("access_requests")],
    )
