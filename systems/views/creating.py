"""Guided creation: step by step, kept as a draft from the first answer on."""

import uuid

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib import steps
from adgang.lib.confirm import confirm
from adgang.lib.registered import StaleVersion
from adgang.lib.steps import Mark
from adgang.lib.toasts import toast
from organisations.models import Organisation
from organisations.rights import Right
from systems import access, drafting, rules
from systems.addresses import address_findings
from systems.drafting import Step
from systems.forms.drafting import first_form, step_form
from systems.models import SystemDraft
from systems.notices import many_senders, registration
from systems.views.answers import Answers
from systems.views.stale import CONFLICT, posted_version, system_url


def marks(organisation: Organisation, current: Step, draft: SystemDraft | None = None) -> list[Mark]:
    """Return the steps for the indicator; those that have been reached are links."""
    if draft is None:
        return [_mark(number, step, current) for number, step in enumerate(Step, start=1)]
    reached = {step for step in drafting.steps(draft) if drafting.is_done(draft, step)}
    reached |= {drafting.first_open_step(draft), current}
    return [
        _mark(
            number,
            step,
            current,
            url=step_url(organisation, draft, step) if step in reached else "",
            is_done=drafting.is_done(draft, step),
        )
        for number, step in enumerate(drafting.steps(draft), start=1)
    ]


def _mark(number: int, step: Step, current: Step, *, url: str = "", is_done: bool = False) -> Mark:
    return Mark(number=number, name=step.value, label=step.label, url=url, is_current=step is current, is_done=is_done)


def step_url(organisation: Organisation, draft: SystemDraft, step: Step) -> str:
    """Return the URL of a step of a draft."""
    return reverse("system_draft_step", args=[organisation.cvr_number, draft.pk, step.value])


def system_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Begin a system: name and kind. The answers become a draft."""
    organisation = access.organisation(request, cvr, right=Right.SYSTEMS_CHANGE)
    form = first_form(organisation, request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = drafting.begin(caller=access.caller(request), organisation=organisation, values=form.values())
        return redirect(step_url(organisation, draft, drafting.next_step(draft, Step.KIND)))
    context = {"form": form, "step": Step.KIND, "marks": marks(organisation, Step.KIND), "organisation": organisation}
    return render(request, "systems/system_create.html", context)


def system_draft_step(request: HttpRequest, cvr: str, draft_id: uuid.UUID, step: str) -> HttpResponse:
    """Take one step of a draft; the last shows all answers and creates the system."""
    draft = access.draft(request, cvr, draft_id, right=Right.SYSTEMS_CHANGE)
    at = _step(draft, step)
    if at is Step.ANSWERS:
        return _answers(request, draft)
    form, status = step_form(at, draft, request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            drafting.keep(draft=draft, version=form.cleaned_data["version"] or 0, step=at, values=form.values())
        except StaleVersion as stale:
            if stale.current is None:
                return _look_again(request, cvr, stale)
            draft = access.draft(request, cvr, draft_id, right=Right.SYSTEMS_CHANGE)
            _keep_typed(request, form, draft)
            status = CONFLICT
        else:
            return redirect(step_url(draft.organisation, draft, _onward(draft, at)))
    return render(request, "systems/system_draft_step.html", {"form": form, **_frame(draft, at)}, status=status)


def _step(draft: SystemDraft, name: str) -> Step:
    """Return the step of that name. Raises Http404 for one that the draft does not have."""
    found = next((step for step in drafting.steps(draft) if step.value == name), None)
    if found is None:
        raise Http404
    return found


def _keep_typed(request: HttpRequest, form: BaseForm, draft: SystemDraft) -> None:
    """Let the same answers be sent again, on top of what a colleague has made of the draft meanwhile."""
    form.data = request.POST.copy()
    form.data["version"] = str(draft.version)
    form.add_error(
        None,
        _("Somebody else went on with this draft meanwhile. What you wrote stands below; send it again to keep it."),
    )


def _onward(draft: SystemDraft, step: Step) -> Step:
    """After a correction one returns to the answers, unless it opened another question.

    What a standard system has answered already is passed over; the last page shows it.
    """
    first_open = drafting.first_open_step(draft)
    if first_open is Step.ANSWERS or "template" in draft.values:
        return first_open
    return drafting.next_step(draft, step)


def _frame(draft: SystemDraft, step: Step) -> dict[str, object]:
    organisation = draft.organisation
    listed = marks(organisation, step, draft)
    back = steps.before(listed)
    return {
        "draft": draft,
        "template": drafting.template_of(draft),
        "organisation": organisation,
        "step": step,
        "marks": listed,
        "back_url": step_url(organisation, draft, Step(back.name)) if back else "",
    }


def _answers(request: HttpRequest, draft: SystemDraft) -> HttpResponse:
    system, networks = drafting.system_of(draft), drafting.networks_of(draft)
    at = timezone.now()
    faults = rules.faults(system, at=at)
    unanswered = drafting.first_open_step(draft) is not Step.ANSWERS
    if request.method == "POST" and not faults and not unanswered:
        try:
            made = drafting.finish(caller=access.caller(request), draft=draft, version=posted_version(request))
        except StaleVersion as stale:
            return _look_again(request, draft.organisation.cvr_number, stale)
        except ValidationError:
            return redirect(request.path)  # what was found out just now stands there
        toast(request, _("%(name)s is created. See below what it needs to go into service.") % {"name": made.name})
        return redirect(system_url(draft.organisation.cvr_number, made.pk))
    findings = [
        *(registration(system) if system.service_protocol else ()),
        *many_senders(draft.organisation, at=at, besides=int(system.is_sender)),
        *address_findings(networks, production=rules.in_production()),
    ]
    answers = Answers(draft, system, networks, faults, step_url)
    context = {"answers": answers, "findings": findings, **_frame(draft, Step.ANSWERS)}
    return render(request, "systems/system_draft_answers.html", context)


def _look_again(request: HttpRequest, cvr: str, stale: StaleVersion) -> HttpResponse:
    if stale.current is None:
        toast(request, _("The draft is gone: somebody created the system from it, or deleted it."), variant="warning")
        return redirect("systems", cvr)
    text = _("Somebody else went on with this draft meanwhile. Look at the answers as they are now.")
    toast(request, text, variant="warning")
    return redirect(request.path)


def system_draft_delete(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Delete a draft."""
    draft = access.draft(request, cvr, draft_id, right=Right.SYSTEMS_CHANGE)
    if request.method == "POST":
        draft.delete()
        toast(request, _("The draft %(name)s is deleted.") % {"name": draft})
        return redirect("systems", cvr)
    return confirm(
        request,
        title=_("Delete the draft %(name)s?") % {"name": draft},
        consequences=[_("What has been filled in is deleted. No system has been created from it.")],
        submit=_("Delete the draft"),
        cancel_url=reverse("systems", args=[cvr]),
        crumbs=[_("Systems"), reverse("systems", args=[cvr])],
    )
