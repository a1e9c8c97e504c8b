"""Following a job on a page: a bar while it works, the page itself again when it is over."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.findings import Finding, finding
from organisations.jobs import FIRST_PATIENCE
from organisations.models import Job, JobStatus


def follow(
    request: HttpRequest, job: Job, *, template: str, context: dict[str, Any], words: dict[str, str] | None = None
) -> HttpResponse:
    """Answer the page of a job.

    The page includes `organisations/job_progress.html`, which asks the same address for what is new: nothing when
    nothing is, the bar when it moved, and the whole page again when the job is over. `words` names the kind's stages.
    """
    shown = {"job": job, "job_seen": seen(job), "job_words": in_words(job, words or {}), "job_failure": failure(job)}
    if "seen" not in request.GET:
        return render(request, template, context | shown)
    if request.GET["seen"] == shown["job_seen"]:
        return HttpResponse(status=204)
    if job.is_open:
        return render(request, "organisations/job_progress.html", context | shown)
    return HttpResponse(headers={"HX-Refresh": "true"})


def seen(job: Job) -> str:
    """Return a short text that changes whenever the job's progress does."""
    return f"{job.status}-{job.attempt}-{job.stage}-{job.done}-{job.total}"


def failure(job: Job) -> Finding | None:
    """Return why a job was not carried out; None unless it was not."""
    return finding(str(job.result["code"])) if job.status == JobStatus.FAILED else None


def in_words(job: Job, words: dict[str, str]) -> str:
    """Return how far the job is, for people."""
    if job.status == JobStatus.QUEUED:
        late = timezone.now() - job.queued_at > FIRST_PATIENCE
        return _("It waits for a background process and begins by itself.") if late else _("It begins in a moment.")
    stage = words.get(job.stage, "")
    if job.total:
        counted = _("%(done)s of %(total)s") % {"done": job.done, "total": job.total}
        return f"{stage}: {counted}" if stage else counted
    return stage or _("Under way")
