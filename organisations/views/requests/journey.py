"""The journey of a request: one step one form, kept in its row from the first answer on."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from adgang.lib import steps
from adgang.lib.confirm import posted_version
from adgang.lib.findings import Finding
from adgang.lib.registered import StaleVersion
from adgang.lib.steps import Mark
from adgang.lib.toasts import toast
from adgang.lib.uploads import held_in_memory
from organisations import access, refusals, terms
from organisations.access_requests import cases, documents, drafting, lifecycle, papers
from organisations.access_requests.kinds import STEP_LABELS, Step, journey
from organisations.forms.access_requests import UploadForm
from organisations.forms.request_steps import FORMS, StepForm
from organisations.models import AccessRequest
from organisations.models.access_request import RequestState
from organisations.views.requests.answers import parts

CONFLICT = 409


def step_url(case: AccessRequest, step: Step) -> str:
    """Return the URL of a step."""
    return reverse("access_request_step", args=[case.pk, step.value])


@held_in_memory(papers.MAX_BYTES)
def access_request_step(request: HttpRequest, request_id: uuid.UUID, step: str) -> HttpResponse:
    """Take one step of a request; the last shows all answers and sends it in."""
    case = cases.own_case(access.person(request), request_id)
    if step not in [one.value for one in drafting.steps(case)]:
        raise Http404
    if not case.is_draft:
        return redirect("access_request", case.pk)
    at = Step(step)
    if at is Step.ANSWERS:
        return _answers(request, case)
    if at is Step.DOCUMENTS and "upload" in request.POST:
        return _upload(request, case)
    form = FORMS[at](request.POST or None, instance=case)
    if request.method == "POST" and form.is_valid():
        return _keep(request, case, at, form)
    return _page(request, case, at, form)


def _keep(request: HttpRequest, case: AccessRequest, step: Step, form: StepForm) -> HttpResponse:
    try:
        kept = drafting.keep(case=case, version=form.cleaned_data["version"] or 0, step=step, values=form.values())
    except StaleVersion as stale:
        return _stale(request, case, step, form, stale)
    if isinstance(kept, Finding):
        toast(request, refusals.text(kept), variant="warning")
        return redirect("access_request", case.pk)
    first_open = drafting.first_open_step(kept)
    # After a correction one returns to the answers, unless another step is still open.
    onward = first_open if first_open is Step.ANSWERS else drafting.next_step(kept, step)
    return redirect(step_url(kept, onward))


def _stale(request: HttpRequest, case: AccessRequest, step: Step, form: StepForm, stale: StaleVersion) -> HttpResponse:
    """Let the same answers be sent again, on top of what another window has made of the draft meanwhile."""
    if not isinstance(stale.current, AccessRequest):
        toast(request, _("The draft is gone: it was deleted in another window."), variant="warning")
        return redirect("access_requests")
    form.data = request.POST.copy()
    form.data["version"] = str(stale.current.version)
    form.add_error(
        None,
        _("The request was changed in another window. What you wrote stands below; send it again to keep it."),
    )
    return _page(request, case, step, form, status=CONFLICT)


def _page(
    request: HttpRequest,
    case: AccessRequest,
    step: Step,
    form: StepForm,
    *,
    upload: UploadForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "comments": _comments(case, step), **_frame(case, step)}
    if step is Step.DOCUMENTS:
        context |= {
            "upload": upload or UploadForm(case=case),
            "documents": cases.documents(case),
            "needs": [paper.label for paper in journey(case.request_type).needs],
            "missing": drafting.missing_papers(case),
            "document_view": "access_request_document",
            "can_remove": True,
        }
    if step is Step.TERMS:
        newest = terms.newest()
        text = (newest.text_en if get_language() == "en" else "") or newest.text_da if newest else ""
        context |= {"terms": newest, "terms_text": text}
    return render(request, "organisations/access_request_step.html", context, status=status)


def _comments(case: AccessRequest, step: Step) -> list[tuple[str, str]]:
    """Return what the processor said to the texts of this step, when the request was sent back."""
    if not case.was_returned:
        return []
    part = next(one for one in parts(case) if one.step is step)
    return [(str(answer.label), answer.comment) for answer in part.answers if answer.comment]


def _frame(case: AccessRequest, step: Step) -> dict[str, object]:
    listed = _marks(case, step)
    back = steps.before(listed)
    return {
        "case": case,
        "step": step,
        "label": STEP_LABELS[step],
        "marks": listed,
        "back_url": step_url(case, Step(back.name)) if back else "",
    }


def _marks(case: AccessRequest, current: Step) -> list[Mark]:
    done = {step: drafting.is_done(case, step) for step in drafting.steps(case)}
    first_open = next((step for step, is_done in done.items() if not is_done), Step.ANSWERS)
    reached = {step for step, is_done in done.items() if is_done} | {first_open, current}
    return [
        Mark(
            number=number,
            name=step.value,
            label=STEP_LABELS[step],
            url=step_url(case, step) if step in reached else "",
            is_current=step is current,
            is_done=done[step],
        )
        for number, step in enumerate(done, start=1)
    ]


def _upload(request: HttpRequest, case: AccessRequest) -> HttpResponse:
    upload = UploadForm(request.POST, request.FILES, case=case)
    if upload.is_valid():
        file = upload.cleaned_data["file"]
        paper = papers.read(file.read(papers.MAX_BYTES + 1))
        kept = (
            paper
            if isinstance(paper, Finding)
            else documents.attach(case=case, paper=paper, documentation_type=upload.type, filename=file.name or "")
        )
        if not isinstance(kept, Finding):
            toast(request, _("%(document)s is uploaded.") % {"document": kept})
            return redirect(step_url(case, Step.DOCUMENTS))
        upload.add_error("file", refusals.text(kept))
    return _page(request, case, Step.DOCUMENTS, FORMS[Step.DOCUMENTS](instance=case), upload=upload)


def _answers(request: HttpRequest, case: AccessRequest) -> HttpResponse:
    is_ready = drafting.first_open_step(case) is Step.ANSWERS
    if request.method == "POST" and is_ready:
        try:
            refusal = lifecycle.submit(caller=access.caller(request), case=case, version=posted_version(request))
        except StaleVersion:
            toast(request, _("The request was changed meanwhile. Check the answers as they stand."), variant="warning")
            return redirect(request.path)
        if refusal is None:
            return redirect("access_request_receipt", case.pk)
        toast(request, refusals.text(refusal), variant="warning")
        return redirect(request.path)
    context = {
        "parts": parts(case, url_of=step_url),
        "documents": cases.documents(case),
        "document_view": "access_request_document",
        "is_ready": is_ready,
        "is_automatic": Step.DELEGATE in drafting.steps(case),
        "submitted_before": case.submitted is not None and case.state == RequestState.DRAFT,
        **_frame(case, Step.ANSWERS),
    }
    return render(request, "organisations/access_request_answers.html", context)
