"""The set-up as a file: given out, looked through, carried out."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from adgang.lib.toasts import toast
from adgang.setup import applying, documents, plan_jobs, planning
from adgang.setup.applying import ReasonMissing, SetupChanged, SetupRefused
from adgang.setup.documents import VIEW, Section
from adgang.setup.forms import ReasonForm, SetupForm, chosen_sections
from adgang.setup.planning import Plan
from adgang.setup.reviewing import Review
from adgang.setup.structure_writing import TooDeep
from contacts import access, uploaded_files
from contacts.models import UploadedFile
from organisations import job_pages
from organisations.exporting import count_file, note_export
from organisations.models import Job, JobStatus, Organisation
from organisations.rights import Right

MEDIA_TYPE = "application/yaml"
YAML = f"{MEDIA_TYPE}; charset=utf-8"
REASON_MISSING = gettext_lazy("Say why systems go into service though their connection has not passed a check.")


def setup(request: HttpRequest, cvr: str) -> HttpResponse:
    """Offer the set-up as a file, and take one; what it would do is shown on the next page."""
    organisation = access.organisation(
        request, cvr, right=Right.SETUP_CHANGE if request.method == "POST" else Right.SETUP_VIEW
    )
    may_change = access.caller(request).may(Right.SETUP_CHANGE, organisation)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SetupForm(*sent) if may_change else None
    if form is not None and form.is_valid():
        caller = access.caller(request)
        uploaded = uploaded_files.begin(
            organisation=organisation,
            user=caller.user,
            content=form.cleaned_data["file"],
            filename=form.filename,
            media_type=MEDIA_TYPE,
        )
        if plan_jobs.is_large(uploaded):
            plan_jobs.begin_plan(caller=caller, uploaded=uploaded)
        return redirect("setup_plan", cvr, uploaded.pk)
    changeable = applying.sections_of(access.caller(request), organisation)
    context = {
        "organisation": organisation,
        "sections": _visible(request, organisation),
        "changeable": changeable,
        "may_change_people": Section.ROLES in changeable,
        "form": form,
        "waiting": uploaded_files.waiting(organisation, user=access.caller(request).user, media_type=MEDIA_TYPE)
        if may_change
        else [],
    }
    return render(request, "setup/setup.html", context)


def _visible(request: HttpRequest, organisation: Organisation) -> list[Section]:
    caller = access.caller(request)
    return [section for section in Section if caller.may(VIEW[section], organisation)]


def setup_export(request: HttpRequest, cvr: str) -> HttpResponse:
    """Give out the chosen sections, with rules for carrying them elsewhere when asked for."""
    organisation = access.organisation(request, cvr, right=Right.SETUP_VIEW)
    sections = chosen_sections(request.GET.getlist("del"), _visible(request, organisation))
    carry = request.GET.get("til") == "anden"
    count_file(request)
    try:
        text = documents.export(organisation, sections, carry=carry)
    except TooDeep:
        toast(request, _("Groups stand in groups deeper than a file can show."), variant="error")
        return redirect("setup", cvr)
    note_export(request, "opsaetning", "yml")
    filename = f"opsaetning-{cvr}-{timezone.localdate():%Y-%m-%d}.yml"
    disposition = content_disposition_header(True, filename) or "attachment"
    return HttpResponse(text, content_type=YAML, headers={"Content-Disposition": disposition})


def setup_plan(request: HttpRequest, cvr: str, file_id: uuid.UUID) -> HttpResponse:
    """Show every fault of an uploaded file and all that it would change; carry it out when that is agreed to."""
    uploaded = access.uploaded_file(request, cvr, file_id, right=Right.SETUP_CHANGE)
    if request.method == "POST":
        return _apply(request, uploaded)
    if request.GET.get("format") == "json":
        count_file(request)
        return _json(_plan(request, uploaded), uploaded)
    job = _own_job(request, uploaded)
    if job is not None:
        return _background(request, uploaded, job)
    return _show(request, uploaded, Review.of(_plan(request, uploaded)), ReasonForm())


def _plan(request: HttpRequest, uploaded: UploadedFile) -> Plan:
    may = applying.may_of(access.caller(request), uploaded.organisation)
    return planning.plan(uploaded.organisation, uploaded.blob.content(), at=timezone.now(), may=may)


def _own_job(request: HttpRequest, uploaded: UploadedFile) -> Job | None:
    """Return the work in the background that this person asked for: what it found is what they may see."""
    job, user = uploaded.job, access.caller(request).user
    return job if job is not None and user is not None and job.requested_by_id == user.pk else None


def _background(request: HttpRequest, uploaded: UploadedFile, job: Job) -> HttpResponse:
    """Follow a worker, and show what came of its work."""
    if job.is_open or job.status == JobStatus.FAILED or "seen" in request.GET:
        context = {"organisation": uploaded.organisation, "uploaded": uploaded}
        words = {str(section): str(section.label) for section in Section}
        words |= {plan_jobs.READING: _("The file is read"), plan_jobs.WRITING: _("The changes are carried out")}
        return job_pages.follow(request, job, template="setup/setup_plan_progress.html", context=context, words=words)
    if "changes" in job.result:
        return _done(request, uploaded, int(job.result["changes"]))
    review = Review.from_json(job.result["review"])
    form = ReasonForm(initial={"reason": job.params.get("reason", "")})
    if "reason_missing" in job.result:
        form = ReasonForm({"reason": ""})
        form.add_error("reason", REASON_MISSING)
    return _show(request, uploaded, review, form, was_changed="was_changed" in job.result)


def _apply(request: HttpRequest, uploaded: UploadedFile) -> HttpResponse:
    caller, form = access.caller(request), ReasonForm(request.POST)
    if "again" in request.POST:
        plan_jobs.begin_plan(caller=caller, uploaded=uploaded)
        return redirect("setup_plan", uploaded.organisation.cvr_number, uploaded.pk)
    if not form.is_valid():
        return _show(request, uploaded, _known(request, uploaded), form)
    given = {"seen": request.POST.get("seen") or "-", "reason": form.cleaned_data["reason"]}
    if plan_jobs.is_large(uploaded):
        plan_jobs.begin_apply(caller=caller, uploaded=uploaded, **given)
        return redirect("setup_plan", uploaded.organisation.cvr_number, uploaded.pk)
    content = uploaded.blob.content()
    try:
        plan = applying.apply(caller=caller, organisation=uploaded.organisation, content=content, **given)
    except ReasonMissing as missing:
        form.add_error("reason", REASON_MISSING)
        return _show(request, uploaded, Review.of(missing.plan), form)
    except (SetupRefused, SetupChanged) as other:
        return _show(request, uploaded, Review.of(other.plan), form, was_changed=True)
    return _done(request, uploaded, len(plan.changes))


def _known(request: HttpRequest, uploaded: UploadedFile) -> Review:
    """Return what was found out about a file, by a worker or else now."""
    job = _own_job(request, uploaded)
    if job is not None and "review" in job.result:
        return Review.from_json(job.result["review"])
    return Review.of(_plan(request, uploaded))


def _done(request: HttpRequest, uploaded: UploadedFile, count: int) -> HttpResponse:
    uploaded_files.drop(uploaded)
    text = ngettext("%(count)s change is carried out.", "%(count)s changes are carried out.", count)
    toast(request, text % {"count": count})
    return redirect("setup", uploaded.organisation.cvr_number)


def _show(
    request: HttpRequest, uploaded: UploadedFile, review: Review, form: ReasonForm, *, was_changed: bool = False
) -> HttpResponse:
    context = {
        "organisation": uploaded.organisation,
        "uploaded": uploaded,
        "review": review,
        "form": form,
        "was_changed": was_changed,
        "looked_through": getattr(_own_job(request, uploaded), "finished", None),
    }
    return render(request, "setup/setup_plan.html", context)


def _json(plan: Plan, uploaded: UploadedFile) -> HttpResponse:
    name = f"{uploaded.blob.filename.rpartition('.')[0] or 'opsaetning'}-plan.json"
    disposition = content_disposition_header(True, name) or "attachment"
    options = {"ensure_ascii": False, "indent": 2}
    return JsonResponse(plan.as_json(), json_dumps_params=options, headers={"Content-Disposition": disposition})
