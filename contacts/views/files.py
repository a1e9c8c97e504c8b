"""The structure as a file: taken in after a dry run, given out, and the template to begin with."""

import uuid
from collections.abc import Iterable
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
from contacts.exporting import Format
from contacts.forms.files import ImportForm
from contacts.importing import ImportRefused, StructureChanged
from contacts.models import UploadedFile
from contacts.reviewing import Review
from organisations import job_pages
from organisations.exporting import note_export
from organisations.models import Job, JobStatus
from organisations.rights import Right

CREATE_ANYWAY = "opret"


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
    """Show every fault of an uploaded file and everything it would do; apply it when that is agreed to."""
    uploaded = access.uploaded_file(request, cvr, file_id, right=Right.CONTACTS_CHANGE)
    create_anyway = request.POST.get(CREATE_ANYWAY, request.GET.get(CREATE_ANYWAY)) == "alligevel"
    if request.method == "POST":
        return _apply(request, uploaded, create_anyway=create_anyway)
    if uploaded.job is not None:
        return _background(request, uploaded, uploaded.job)
    plan = importing.dry_run(
        organisation=uploaded.organisation, content=uploaded.blob.content(), create_anyway=create_anyway
    )
    return _review(request, uploaded, Review.of(plan), create_anyway=create_anyway)


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
    if "changes" in job.result:
        return _done(request, uploaded, int(job.result["changes"]))
    return _review(
        request,
        uploaded,
        Review.from_json(job.result["review"]),
        create_anyway=bool(job.params["create_anyway"]),
        was_changed=bool(job.result.get("was_changed")),
    )


def _apply(request: HttpRequest, uploaded: UploadedFile, *, create_anyway: bool) -> HttpResponse:
    seen = request.POST.get("seen") or "-"
    if "again" in request.POST:
        import_jobs.begin_dry_run(caller=access.caller(request), uploaded=uploaded, create_anyway=create_anyway)
        return redirect("structure_import_review", uploaded.organisation.cvr_number, uploaded.pk)
    if import_jobs.is_large(uploaded):
        import_jobs.begin_import(
            caller=access.caller(request), uploaded=uploaded, create_anyway=create_anyway, seen=seen
        )
        return redirect("structure_import_review", uploaded.organisation.cvr_number, uploaded.pk)
    try:
        plan = importing.apply(
            caller=access.caller(request),
            organisation=uploaded.organisation,
            content=uploaded.blob.content(),
            create_anyway=create_anyway,
            seen=seen,
        )
    except (ImportRefused, StructureChanged) as other:
        return _review(request, uploaded, Review.of(other.plan), create_anyway=create_anyway, was_changed=True)
    return _done(request, uploaded, Review.of(plan).change_count)


def _done(request: HttpRequest, uploaded: UploadedFile, count: int) -> HttpResponse:
    uploaded_files.drop(uploaded)
    text = ngettext("%(count)s change is imported.", "%(count)s changes are imported.", count)
    toast(request, text % {"count": count})
    return redirect("structure", uploaded.organisation.cvr_number)


def _review(
    request: HttpRequest, uploaded: UploadedFile, review: Review, *, create_anyway: bool, was_changed: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "organisation": uploaded.organisation,
        "uploaded": uploaded,
        "review": review,
        "separator": SEPARATORS.get(review.separator, ""),
        "tally": _tally(review),
        "seen": review.seen,
        "create_anyway": create_anyway,
        "was_changed": was_changed,
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
