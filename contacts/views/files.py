"""The structure as a file: taken in after a dry run, given out, and the template to begin with."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from adgang.lib.toasts import toast
from contacts import access, exporting, import_jobs, importing, uploaded_files
from contacts.csv_columns import COLUMNS
from contacts.differences import Act
from contacts.drafts.lifecycle import NotOpen
from contacts.exporting import Format
from contacts.forms.files import ImportForm
from contacts.importing import ImportRefused, StructureChanged
from contacts.models import Draft, DraftState, UploadedFile
from contacts.models.draft import MAX_NAME
from contacts.planning import Plan
from contacts.reviewing import Review
from organisations import job_pages
from organisations.exporting import note_export
from organisations.models import Job, JobStatus, Organisation
from organisations.rights import Right

CREATE_ANYWAY, DRAFT, WHERE = "opret", "kladde", "hvor"


def structure_import(request: HttpRequest, cvr: str) -> HttpResponse:
    """Take a file; what it would do is shown on the next page."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_CHANGE)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        caller = access.caller(request)
        uploaded = uploaded_files.begin(
            organisation=organisation, user=caller.user, content=form.cleaned_data["file"], filename=form.filename
        )
        if import_jobs.is_large(uploaded):
            import_jobs.begin_dry_run(caller=caller, uploaded=uploaded)
        return redirect("structure_import_review", cvr, uploaded.pk)
    context = {"organisation": organisation, "form": form, "columns": COLUMNS, "formats": list(Format)}
    return render(request, "contacts/structure_import.html", context)


def structure_import_review(request: HttpRequest, cvr: str, file_id: uuid.UUID) -> HttpResponse:
    """Show every fault of an uploaded file and all it would do; carry it out, at once or in a draft, when agreed to."""
    uploaded = access.uploaded_file(request, cvr, file_id, right=Right.CONTACTS_CHANGE)
    create_anyway = request.POST.get(CREATE_ANYWAY, request.GET.get(CREATE_ANYWAY)) == "alligevel"
    choice = Choice(uploaded, create_anyway, _open_draft(request, uploaded.organisation))
    if request.method == "POST":
        return _apply(request, choice)
    if uploaded.job is not None:
        return _background(request, uploaded, uploaded.job)
    plan = importing.dry_run(
        organisation=uploaded.organisation,
        content=uploaded.blob.content(),
        create_anyway=create_anyway,
        draft=choice.draft,
    )
    return _review(request, choice, Review.of(plan))


@dataclass(frozen=True)
class Choice:
    """A file with what was chosen: to create what exists already once more, and the draft that it is compared with."""

    uploaded: UploadedFile
    create_anyway: bool
    draft: Draft | None

    @property
    def organisation(self) -> Organisation:
        """Whose structure it is."""
        return self.uploaded.organisation

    @property
    def cvr(self) -> str:
        """The organisation's CVR number."""
        return self.organisation.cvr_number


def _open_draft(request: HttpRequest, organisation: Organisation) -> Draft | None:
    """Return the open draft that was chosen; None for none, and for nonsense."""
    try:
        pk = uuid.UUID(request.POST.get(DRAFT, request.GET.get(DRAFT, "")))
    except ValueError:
        return None
    drafts = Draft.objects.filter(organisation=organisation, state=DraftState.OPEN, pk=pk)
    return drafts.select_related("organisation").first()


def _background(request: HttpRequest, uploaded: UploadedFile, job: Job) -> HttpResponse:
    """Follow a worker, and show what came of its work."""
    words = {
        import_jobs.READING: gettext("The file is read and compared"),
        import_jobs.WRITING: gettext("The changes are saved"),
    }
    if job.is_open or job.status == JobStatus.FAILED or "seen" in request.GET:
        context = {"organisation": uploaded.organisation, "uploaded": uploaded}
        return job_pages.follow(
            request, job, template="contacts/structure_import_progress.html", context=context, words=words
        )
    choice = Choice(uploaded, bool(job.params["create_anyway"]), import_jobs.draft_of(job))
    if "not_open" in job.result:
        return _not_open(request, choice)
    if "changes" in job.result:
        draft = Draft.objects.filter(organisation=uploaded.organisation, pk=job.result.get("draft")).first()
        return _done(request, choice, int(job.result["changes"]), draft)
    was_changed = bool(job.result.get("was_changed"))
    return _review(request, choice, Review.from_json(job.result["review"]), was_changed=was_changed)


def _apply(request: HttpRequest, choice: Choice) -> HttpResponse:
    caller, uploaded, seen = access.caller(request), choice.uploaded, request.POST.get("seen") or "-"
    if "again" in request.POST:
        import_jobs.begin_dry_run(
            caller=caller, uploaded=uploaded, create_anyway=choice.create_anyway, draft=choice.draft
        )
        return redirect("structure_import_review", choice.cvr, uploaded.pk)
    into = choice.draft or (uploaded.blob.filename[:MAX_NAME] if request.POST.get(WHERE) == DRAFT else None)
    given: dict[str, Any] = {"caller": caller, "create_anyway": choice.create_anyway, "seen": seen}
    if import_jobs.is_large(uploaded):
        import_jobs.begin_import(**given, uploaded=uploaded, into=into)
        return redirect("structure_import_review", choice.cvr, uploaded.pk)
    try:
        draft, plan = _carry_out(choice, given, into)
    except (ImportRefused, StructureChanged) as other:
        return _review(request, choice, Review.of(other.plan), was_changed=True)
    except NotOpen:
        return _not_open(request, choice)
    return _done(request, choice, Review.of(plan).change_count, draft)


def _carry_out(choice: Choice, given: dict[str, Any], into: Draft | str | None) -> tuple[Draft | None, Plan]:
    given = {**given, "organisation": choice.organisation, "content": choice.uploaded.blob.content()}
    if into is None:
        return None, importing.apply(**given)
    return importing.into_draft(**given, into=into)


def _done(request: HttpRequest, choice: Choice, count: int, draft: Draft | None) -> HttpResponse:
    uploaded_files.drop(choice.uploaded)
    if draft is not None:
        text = ngettext(
            "%(count)s change is put into the draft %(name)s. Look it through, and publish it.",
            "%(count)s changes are put into the draft %(name)s. Look them through, and publish them.",
            count,
        )
        toast(request, text % {"count": count, "name": draft.name})
        return redirect("draft_changes", choice.cvr, draft.pk)
    text = ngettext("%(count)s change is imported.", "%(count)s changes are imported.", count)
    toast(request, text % {"count": count})
    return redirect("structure", choice.cvr)


def _not_open(request: HttpRequest, choice: Choice) -> HttpResponse:
    text = gettext("The draft was published, planned or discarded meanwhile, so nothing was put into it. Choose again.")
    toast(request, text, variant="warning")
    if choice.uploaded.job is not None:
        import_jobs.begin_dry_run(
            caller=access.caller(request), uploaded=choice.uploaded, create_anyway=choice.create_anyway
        )
    return redirect("structure_import_review", choice.cvr, choice.uploaded.pk)


def _review(request: HttpRequest, choice: Choice, review: Review, *, was_changed: bool = False) -> HttpResponse:
    drafts = Draft.objects.filter(organisation=choice.organisation, state=DraftState.OPEN)
    context: dict[str, Any] = {
        "organisation": choice.organisation,
        "uploaded": choice.uploaded,
        "review": review,
        "separator": SEPARATORS.get(review.separator, ""),
        "tally": _tally(review),
        "seen": review.seen,
        "create_anyway": choice.create_anyway,
        "was_changed": was_changed,
        "draft": choice.draft,
        "drafts": list(drafts.values_list("pk", "name")),
        "into_draft_first": review.change_count > importing.MANY,
    }
    return render(request, "contacts/structure_import_review.html", context)


SEPARATORS = {";": _("semicolon"), ",": _("comma"), "\t": _("tab")}


def _tally(review: Review) -> list[str]:
    created, changed, deleted = (review.acts.get(act, 0) for act in (Act.CREATE, Act.CHANGE, Act.DELETE))
    texts = [
        (created, ngettext("%(count)s is created", "%(count)s are created", created)),
        (changed, ngettext("%(count)s is changed", "%(count)s are changed", changed)),
        (deleted, ngettext("%(count)s is deleted", "%(count)s are deleted", deleted)),
    ]
    return [text % {"count": count} for count, text in texts if count]


def structure_export(request: HttpRequest, cvr: str, file_format: str) -> HttpResponseBase:
    """Give out the structure in a form that can be edited and imported again."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    form = Format(file_format)
    note_export(request, "kontaktstruktur", form)
    return _file(exporting.export(organisation, form), form, f"kontaktstruktur-{cvr}-{timezone.localdate():%Y-%m-%d}")


def structure_template(request: HttpRequest, cvr: str, file_format: str) -> HttpResponseBase:
    """Give out a file with every column and a row of examples."""
    access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    form = Format(file_format)
    return _file(exporting.template(form), form, "kontaktstruktur-skabelon")


def _file(parts: Iterable[bytes], form: Format, name: str) -> HttpResponseBase:
    filename = f"{name}.{form}"
    response = StreamingHttpResponse(parts, content_type=exporting.MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    return response
