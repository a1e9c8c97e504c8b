"""Large files in the background: read and compared by a worker, and carried out by one, with progress on the page."""

from typing import Any

from django.db import transaction

from adgang.lib.snapshots import JSON
from contacts import importing, uploaded_files
from contacts.drafts.lifecycle import NotOpen
from contacts.importing import ImportRefused, StructureChanged
from contacts.models import Draft, UploadedFile
from contacts.reviewing import Review
from organisations import jobs
from organisations.callers import Caller
from organisations.jobs import Kind, Progress
from organisations.models import Job

DRY_RUN = "contacts.dry_run"
APPLY = "contacts.import"
# Smaller files are read while somebody waits: about two thousand rows.
LARGE = 256 * 1024
READING, WRITING = "reading", "writing"


def is_large(uploaded: UploadedFile) -> bool:
    """Say whether a file is worth a worker."""
    return uploaded.blob.size > LARGE or uploaded.blob.filename.casefold().endswith(".xlsx")


def begin_dry_run(
    *, caller: Caller, uploaded: UploadedFile, create_anyway: bool = False, draft: Draft | None = None
) -> None:
    """Let a worker read the file and find out what it would do to the structure, or to a draft of it."""
    params: dict[str, JSON] = {"create_anyway": create_anyway, "draft": _id(draft)}
    uploaded_files.work(caller=caller, uploaded=uploaded, kind=DRY_RUN, params=params)


def begin_import(
    *, caller: Caller, uploaded: UploadedFile, create_anyway: bool, seen: str, into: Draft | str | None = None
) -> None:
    """Let a worker carry out the file, if it still does what was agreed to: at once (None), or into a draft.

    `into` is an open draft, or the name of a new one.
    """
    params: dict[str, JSON] = {"create_anyway": create_anyway, "seen": seen}
    params |= {"new_draft": into} if isinstance(into, str) else {"draft": _id(into)}
    uploaded_files.work(caller=caller, uploaded=uploaded, kind=APPLY, params=params)


def _id(draft: Draft | None) -> str:
    return str(draft.pk) if draft else ""


def draft_of(job: Job) -> Draft | None:
    """Return the draft that a job compares with or writes into."""
    pk = str(job.params.get("draft") or "")
    return Draft.objects.select_related("organisation").filter(pk=pk).first() if pk else None


def dry_run(job: Job, progress: Progress) -> None:
    """Do the work of a dry run; its result is the review."""
    uploaded = uploaded_files.of(job)
    progress.report(0, 0, READING)
    plan = importing.dry_run(
        organisation=uploaded.organisation,
        content=uploaded.blob.content(),
        create_anyway=bool(job.params["create_anyway"]),
        draft=draft_of(job),
    )
    progress.finish({"review": Review.of(plan).as_json()})


def apply(job: Job, progress: Progress) -> None:
    """Do the work of an import; its result is the number of changes, or the review that was not agreed to."""
    uploaded = uploaded_files.of(job)
    progress.report(0, 0, WRITING)
    try:
        with transaction.atomic():
            progress.finish(_carry_out(job, uploaded))
    except (ImportRefused, StructureChanged) as other:
        progress.finish({"review": Review.of(other.plan).as_json(), "was_changed": True})
    except NotOpen:
        progress.finish({"not_open": True})


def _carry_out(job: Job, uploaded: UploadedFile) -> dict[str, JSON]:
    given: dict[str, Any] = {
        "caller": jobs.caller_of(job),
        "organisation": uploaded.organisation,
        "content": uploaded.blob.content(),
        "create_anyway": bool(job.params["create_anyway"]),
        "seen": str(job.params["seen"]),
    }
    into = draft_of(job) or str(job.params.get("new_draft") or "")
    if not into:
        return {"changes": Review.of(importing.apply(**given)).change_count}
    draft, plan = importing.into_draft(**given, into=into)
    return {"changes": Review.of(plan).change_count, "draft": str(draft.pk)}


def register() -> None:
    """Make the two kinds of work known."""
    jobs.register(DRY_RUN, Kind(dry_run))
    jobs.register(APPLY, Kind(apply))
