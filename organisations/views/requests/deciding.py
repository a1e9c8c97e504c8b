"""Deciding requests: the operator's queue and an organisation's, the case, and each act with its reason."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import lists
from adgang.lib.confirm import confirm, posted_version
from adgang.lib.conflicts import conflict_response
from adgang.lib.findings import Finding
from adgang.lib.forms import Form
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations import access, refusals
from organisations.access_requests import cases, lifecycle
from organisations.access_requests.granting import DELEGATIONS
from organisations.callers import Caller
from organisations.forms.deciding import CommentsForm, MoreForm, RejectForm
from organisations.models import AccessRequest
from organisations.models.access_request import WITH_TARGET, RequestState, RequestType, TargetState
from organisations.request_list import queue, state_badge
from organisations.rights import Right
from organisations.views.requests.answers import parts, story
from organisations.views.requests.own import tell

State = RequestState


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a processor may do with a request in a state: words, form, and the rule that does it."""

    state: RequestState
    label: Promise
    title: Promise
    done: Promise
    danger: bool
    form: type[Form] | None
    run: Callable[..., Finding | None]


ACTS: dict[str, Act] = {
    "godkend": Act(
        state=State.SUBMITTED,
        label=gettext_lazy("Approve"),
        title=gettext_lazy("Approve the request?"),
        done=gettext_lazy("The request was approved."),
        danger=False,
        form=None,
        run=lifecycle.approve,
    ),
    "mere": Act(
        state=State.SUBMITTED,
        label=gettext_lazy("Ask for more"),
        title=gettext_lazy("Send the request back with questions?"),
        done=gettext_lazy("The request was sent back to the requester."),
        danger=False,
        form=MoreForm,
        run=lifecycle.ask_for_more,
    ),
    "afvis": Act(
        state=State.SUBMITTED,
        label=gettext_lazy("Reject"),
        title=gettext_lazy("Reject the request?"),
        done=gettext_lazy("The request was rejected."),
        danger=True,
        form=RejectForm,
        run=lifecycle.reject,
    ),
    "kode": Act(
        state=State.APPROVED,
        label=gettext_lazy("Send a new code"),
        title=gettext_lazy("Send a new activation code?"),
        done=gettext_lazy("A new code is on its way."),
        danger=False,
        form=None,
        run=lifecycle.send_code_again,
    ),
    "tilbagekald": Act(
        state=State.APPROVED,
        label=gettext_lazy("Revoke the approval"),
        title=gettext_lazy("Revoke the approval?"),
        done=gettext_lazy("The approval was revoked."),
        danger=True,
        form=RejectForm,
        run=lifecycle.revoke,
    ),
}


def acts_for(case: AccessRequest) -> list[tuple[str, Act]]:
    """Return what can be done with the request as it stands, by the name in the URL."""
    waits_for_code = case.target_state in (TargetState.PENDING, TargetState.ACTIVATION_CODE_SENT)
    return [(name, act) for name, act in ACTS.items() if act.state == case.state and (name != "kode" or waits_for_code)]


def operations_requests(request: HttpRequest) -> HttpResponseBase:
    """List the requests that the operator of the installation decides."""
    access.operator(request, right=Right.OPERATIONS_VIEW)
    spec = queue(name="requests", url=lambda case: reverse("operations_request", args=[case.pk]), is_operators=True)
    rows = cases.rows().to_operator()
    return lists.respond(request, spec, rows, template="organisations/operations_requests.html")


def organisation_requests(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List the requests that the organisation decides."""
    organisation = access.organisation(request, cvr, right=Right.REQUESTS_PROCESS)
    spec = queue(
        name="requests",
        url=lambda case: reverse("organisation_request", args=[cvr, case.pk]),
        is_operators=False,
    )
    return lists.respond(
        request,
        spec,
        cases.rows().to_organisation(organisation),
        template="organisations/organisation_requests.html",
        context={"organisation": organisation},
    )


def operations_request(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Show a case of the operator's, and keep comments on it."""
    access.operator(request, right=Right.OPERATIONS_VIEW)
    case = cases.operators_case(request_id)
    return _case(request, case, template="organisations/operations_request.html", place=("operations_request", []))


def organisation_request(request: HttpRequest, cvr: str, request_id: uuid.UUID) -> HttpResponse:
    """Show a case of the organisation's, and keep comments on it."""
    organisation = access.organisation(request, cvr, right=Right.REQUESTS_PROCESS)
    case = cases.organisations_case(organisation, request_id)
    return _case(
        request, case, template="organisations/organisation_request.html", place=("organisation_request", [cvr])
    )


Place = tuple[str, list[str]]


def _case(request: HttpRequest, case: AccessRequest, *, template: str, place: Place) -> HttpResponse:
    caller = access.caller(request)
    refusal = lifecycle.may_decide(caller, case)
    form = None
    if refusal is None and case.state == State.SUBMITTED:
        form = CommentsForm(request.POST or None, instance=case)
        if form.is_valid():
            return _comment(request, case, form)
    view, arguments = place
    context = {
        "case": case,
        "state_badge": state_badge(case),
        "parts": parts(case),
        "documents": cases.documents(case),
        "document_view": f"{view}_document" if _may_read(caller, case) else "",
        "readings": story(case),
        "form": form,
        "refusal": refusals.text(refusal) if refusal else "",
        "acts": [(act, reverse(f"{view}_decide", args=[*arguments, case.pk, name])) for name, act in acts_for(case)]
        if refusal is None
        else [],
    }
    return render(request, template, context)


def _may_read(caller: Caller, case: AccessRequest) -> bool:
    """Say whether the documents are for the caller too: support sees the case, not its papers."""
    return not case.goes_to_operator or caller.may_operate(Right.OPERATIONS_CHANGE)


def _comment(request: HttpRequest, case: AccessRequest, form: CommentsForm) -> HttpResponse:
    try:
        refusal = lifecycle.comment(
            caller=access.caller(request), case=case, version=form.version, comments=form.comments()
        )
    except StaleVersion as stale:
        return conflict_response(request, form, stale.current)
    tell(request, refusal, _("Your comments were saved. The requester sees them when you decide or ask for more."))
    return redirect(request.path)


def operations_request_decide(request: HttpRequest, request_id: uuid.UUID, act: str) -> HttpResponse:
    """Approve, reject, send back or revoke a case of the operator's, after asking once."""
    access.operator(request, right=Right.OPERATIONS_CHANGE)
    case = cases.operators_case(request_id)
    back = reverse("operations_request", args=[case.pk])
    crumbs = [_("Operations"), reverse("operations"), _("Access requests"), reverse("operations_requests")]
    return _decide(request, case, act, back=back, crumbs=crumbs)


def organisation_request_decide(request: HttpRequest, cvr: str, request_id: uuid.UUID, act: str) -> HttpResponse:
    """Approve, reject, send back or revoke a case of the organisation's, after asking once."""
    organisation = access.organisation(request, cvr, right=Right.REQUESTS_PROCESS)
    case = cases.organisations_case(organisation, request_id)
    back = reverse("organisation_request", args=[cvr, case.pk])
    return _decide(
        request, case, act, back=back, crumbs=[_("Access requests"), reverse("organisation_requests", args=[cvr])]
    )


def _decide(
    request: HttpRequest, case: AccessRequest, name: str, *, back: str, crumbs: Sequence[object]
) -> HttpResponse:
    act = ACTS.get(name)
    if act is None:
        raise Http404
    if name not in dict(acts_for(case)):
        toast(request, _("The request has been dealt with meanwhile. Look at it as it stands."), variant="warning")
        return redirect(back)
    form = act.form(request.POST if request.method == "POST" else None) if act.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        return _run(request, case, act, form, back)
    return confirm(
        request,
        title=act.title,
        consequences=list(_consequences(case, name)),
        submit=act.label,
        cancel_url=back,
        danger=act.danger,
        version=case.version,
        form=form,
        crumbs=crumbs,
    )


def _run(request: HttpRequest, case: AccessRequest, act: Act, form: Form | None, back: str) -> HttpResponse:
    said: dict[str, Any] = form.cleaned_data if form else {}
    try:
        refusal = act.run(caller=access.caller(request), case=case, version=posted_version(request), **said)
    except StaleVersion:
        toast(request, _("The request was changed meanwhile. Look at it as it stands."), variant="warning")
        return redirect(back)
    tell(request, refusal, str(act.done))
    return redirect(back)


def _consequences(case: AccessRequest, name: str) -> list[str]:
    mailed = _("The requester gets a mail.")
    match name:
        case "godkend":
            return [_approval(case), mailed]
        case "mere":
            return [_("It becomes a draft again, which the requester can change and send in anew."), mailed]
        case "afvis":
            return [_("The request is over. The requester can make a new one."), mailed]
        case "kode":
            return [_("The code sent before stops working at once.")]
        case _:
            return [_revocation(case), mailed]


def _approval(case: AccessRequest) -> str:
    if case.request_type == RequestType.CONNECTION_AGREEMENT_REQUEST:
        return _("%(name)s is registered as an authority.") % {"name": case.about}
    if case.request_type == RequestType.TERMS_APPROVAL_REQUEST:
        return _("The terms count as accepted. %(name)s gets an activation code by mail.") % {"name": case.target_name}
    if case.request_type in WITH_TARGET:
        return _("%(name)s gets an activation code by mail.") % {"name": case.target_name}
    if case.request_type in DELEGATIONS:
        return _("The other organisation gets the roles at once and can pass them on to its people.")
    return _("%(name)s gets the roles at once.") % {"name": case.requester.name}


def _revocation(case: AccessRequest) -> str:
    if case.request_type == RequestType.CONNECTION_AGREEMENT_REQUEST:
        return _("%(name)s is registered as a company again. Roles that people have there stay.") % {"name": case.about}
    if case.request_type in WITH_TARGET:
        return _("The code stops working, and the role that it gave ends. That the terms were accepted stays.")
    return _("The roles that the approval gave end at once.")
