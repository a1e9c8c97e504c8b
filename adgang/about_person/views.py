"""The page where people ask for everything about themselves, and take it."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from adgang.about_person import archive, exporting
from adgang.lib.toasts import toast
from organisations import access, job_pages, proofs
from organisations.exporting import count_file


@never_cache
def person_data(request: HttpRequest) -> HttpResponse:
    """Say what the file holds, make it, and show how far it is."""
    user = access.person(request)
    if not proofs.is_fresh(request):
        return proofs.ask(request)
    if request.method == "POST":
        count_file(request)
        exporting.begin(caller=access.caller(request), user=user)
        return redirect("person_data")
    job = exporting.newest(user)
    if job is None:
        return render(request, "about_person/person_data.html", {"job": None})
    context = {
        "file": exporting.file_of(job, at=timezone.now()),
        "until": job.finished + exporting.KEEP if job.finished else None,
    }
    words = {"": _("Everything about you is gathered")}
    return job_pages.follow(request, job, template="about_person/person_data.html", context=context, words=words)


@require_POST
@never_cache
def person_data_take(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Hand the file over, once."""
    user = access.person(request)
    if not proofs.is_fresh(request):
        return proofs.ask(request, onward="/mig/data/")
    taken = exporting.take(user=user, job_id=job_id, at=timezone.now())
    if taken is None:
        toast(request, _("The file is no longer kept. Make it again if you still need it."))
        return redirect("person_data")
    name, content = taken
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=archive.MEDIA_TYPE, headers={"Content-Disposition": disposition})
