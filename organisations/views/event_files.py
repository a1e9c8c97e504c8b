"""The log as a file: asking for it, following its making, taking it."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organisations import access, event_files, event_filters, job_pages
from organisations.event_list import address
from organisations.event_words import filter_text
from organisations.exporting import count_file
from organisations.forms.events import EventFileForm
from organisations.models import Job, Organisation
from organisations.rights import Right


def event_export(request: HttpRequest, cvr: str) -> HttpResponse:
    """Ask for a file of what the log shows."""
    organisation = access.organisation(request, cvr, right=Right.EVENTS_VIEW)
    return _ask(request, organisation)


def operations_event_export(request: HttpRequest) -> HttpResponse:
    """Ask for a file of the installation's own log."""
    access.operator(request, right=Right.OPERATIONS_VIEW)
    return _ask(request, None)


def _ask(request: HttpRequest, organisation: Organisation | None) -> HttpResponse:
    caller, shown = access.caller(request), event_filters.shown_in(request.GET)
    form = EventFileForm(request.POST or None)
    if form.is_valid():
        count_file(request)
        file_format = form.cleaned_data["file_format"]
        job = event_files.begin(caller=caller, organisation=organisation, shown=shown, file_format=file_format)
        return redirect(address("event_file", organisation, job_id=job.pk))
    at = timezone.now()
    context = {
        "organisation": organisation,
        "form": form,
        "shown": filter_text(shown),
        "log_url": address("events", organisation),
        "most": event_files.MOST,
        "files": [
            (job, event_files.file_of(job, at=at), address("event_file", organisation, job_id=job.pk))
            for job in event_files.newest(caller, organisation)
        ],
    }
    return render(request, "organisations/event_export.html", context)


def event_file(request: HttpRequest, cvr: str, job_id: uuid.UUID) -> HttpResponse:
    """Follow the making of a file."""
    organisation = access.organisation(request, cvr, right=Right.EVENTS_VIEW)
    return _follow(request, organisation, job_id)


def operations_event_file(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Follow the making of a file of the installation's own log."""
    access.operator(request, right=Right.OPERATIONS_VIEW)
    return _follow(request, None, job_id)


def _follow(request: HttpRequest, organisation: Organisation | None, job_id: uuid.UUID) -> HttpResponse:
    job = _found(request, organisation, job_id)
    context = {
        "organisation": organisation,
        "shown": filter_text(job.params["shown"]),
        "log_url": address("events", organisation),
        "ask_url": address("event_export", organisation),
        "file": event_files.file_of(job, at=timezone.now()),
        "take_url": address("event_file_take", organisation, job_id=job.pk),
        "until": job.finished + event_files.KEEP if job.finished else None,
        "most": event_files.MOST,
    }
    words = {"": _("The entries are written to the file")}
    return job_pages.follow(request, job, template="organisations/event_file.html", context=context, words=words)


def _found(request: HttpRequest, organisation: Organisation | None, job_id: uuid.UUID) -> Job:
    job = event_files.of_caller(access.caller(request), organisation, job_id)
    if job is None:
        raise Http404
    return job


@require_safe
@never_cache
def event_file_take(request: HttpRequest, cvr: str, job_id: uuid.UUID) -> HttpResponse:
    """Hand the file to whoever asked for it."""
    organisation = access.organisation(request, cvr, right=Right.EVENTS_VIEW)
    return _taken(request, organisation, job_id)


@require_safe
@never_cache
def operations_event_file_take(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Hand the file of the installation's own log to whoever asked for it."""
    access.operator(request, right=Right.OPERATIONS_VIEW)
    return _taken(request, None, job_id)


def _taken(request: HttpRequest, organisation: Organisation | None, job_id: uuid.UUID) -> HttpResponse:
    kept = event_files.file_of(_found(request, organisation, job_id), at=timezone.now())
    if kept is None:
        raise Http404
    disposition = content_disposition_header(True, kept.filename) or "attachment"
    return HttpResponse(kept.content(), content_type=kept.media_type, headers={"Content-Disposition": disposition})
