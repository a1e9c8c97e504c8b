"""Large set-up files in the background: a worker looks them through and carries them out, with progress on the page."""

from django.db import transaction
from django.utils import timezone

from adgang.lib.snapshots import JSON
from adgang.setup import applying, planning
from adgang.setup.applying import ReasonMissing, SetupChanged, SetupRefused
from adgang.setup.documents import Section
from adgang.setup.reviewing import Review
from contacts import uploaded_files
from contacts.models import UploadedFile
from organisations import jobs
from organisations.callers import Caller
from organisations.jobs import Kind, Progress
from organisations.models import Job

PLAN, APPLY = "setup.plan", "setup.apply"
# Smaller files are looked through while somebody waits: about a thousand contact points.
LARGE = 256 * 1024
READING, WRITING = "reading", "writing"
STAGES = (READING, *map(str, Section))


def is_large(uploaded: UploadedFile) -> bool:
    """Say whether a file is worth a worker."""
    return uploaded.blob.size > LARGE


def begin_plan(*, caller: Caller, uploaded: UploadedFile) -> None:
    """Let a worker find out what the file would do; unless one is under way."""
    uploaded_files.work(caller=caller, uploaded=uploaded, kind=PLAN, params={})


def begin_apply(*, caller: Caller, uploaded: UploadedFile, seen: str, reason: str) -> None:
    """Let a worker carry the file out, if it still does what was agreed to; unless one is under way."""
    uploaded_files.work(caller=caller, uploaded=uploaded, kind=APPLY, params={"seen": seen, "reason": reason})


def plan(job: Job, progress: Progress) -> None:
    """Find out what a file would do; the result is the review."""
    uploaded = uploaded_files.of(job)
    organisation = uploaded.organisation
    made = planning.plan(
        organisation,
        uploaded.blob.content(),
        at=timezone.now(),
        may=applying.may_of(_caller(job), organisation),
        begun=lambda stage: progress.report(STAGES.index(stage), len(STAGES), stage),
    )
    progress.finish({"review": Review.of(made).as_json()})


def apply(job: Job, progress: Progress) -> None:
    """Carry a file out; the result is the number of changes, or the review that was not agreed to."""
    progress.report(0, 0, WRITING)
    try:
        with transaction.atomic():
            progress.finish(_carry_out(job))
    except (SetupRefused, SetupChanged) as other:
        progress.finish({"review": Review.of(other.plan).as_json(), "was_changed": True})
    except ReasonMissing as missing:
        progress.finish({"review": Review.of(missing.plan).as_json(), "reason_missing": True})


def _carry_out(job: Job) -> dict[str, JSON]:
    uploaded = uploaded_files.of(job)
    done = applying.apply(
        caller=_caller(job),
        organisation=uploaded.organisation,
        content=uploaded.blob.content(),
        seen=str(job.params["seen"]),
        reason=str(job.params["reason"]),
    )
    return {"changes": len(done.changes)}


def _caller(job: Job) -> Caller:
    """Return in whose name the work is done. Raises LookupError when the person is gone: nobody has their rights."""
    if job.requested_by is None:
        raise LookupError("whoever asked for this is gone")
    return jobs.caller_of(job)


def register() -> None:
    """Make the two kinds of work known."""
    jobs.register(PLAN, Kind(plan))
    jobs.register(APPLY, Kind(apply))
