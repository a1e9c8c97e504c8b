"""Large files in the background: read and compared by a worker, and carried out by one, with progress on the page."""

from django.db import transaction

from adgang.lib.snapshots import JSON
from contacts import importing
from contacts.importing import ImportRefused, StructureChanged
from contacts.models import UploadedFile
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


def begin_dry_run(*, caller: Caller, uploaded: UploadedFile, create_anyway: bool = False) -> None:
    """Let a worker read the file and find out what it would do."""
    _begin(caller, uploaded, DRY_RUN, {"create_anyway": create_anyway})


def begin_import(*, caller: Caller, uploaded: UploadedFile, create_anyway: bool, seen: str) -> None:
    """Let a worker carry out the file, if it still does what was agreed to."""
    _begin(caller, uploaded, APPLY, {"create_anyway": create_anyway, "seen": seen})


def _begin(caller: Caller, uploaded: UploadedFile, kind: str, params: dict[str, JSON]) -> None:
    """Begin a job, unless one is under way: a second click asks for nothing new."""
    with transaction.atomic():
        kept = UploadedFile.objects.select_for_update(of=("self",)).select_related("job").get(pk=uploaded.pk)
        if kept.job is None or not kept.job.is_open:
            params = {"uploaded": str(uploaded.pk), **params}
            kept.job = jobs.begin(caller=caller, organisation=uploaded.organisation, kind=kind, params=params)
            kept.save(update_fields=["job"])
    uploaded.job = kept.job


def dry_run(job: Job, progress: Progress) -> None:
    """Do the work of a dry run; its result is the review."""
    uploaded = _file(job)
    progress.report(0, 0, READING)
    plan = importing.dry_run(
        organisation=uploaded.organisation,
        content=uploaded.blob.content(),
        create_anyway=bool(job.params["create_anyway"]),
    )
    progress.finish({"review": Review.of(plan).as_json()})


def apply(job: Job, progress: Progress) -> None:
    """Do the work of an import; its result is the number of changes, or the review that was not agreed to."""
    uploaded = _file(job)
    progress.report(0, 0, WRITING)
    try:
        with transaction.atomic():
            plan = importing.apply(
                caller=jobs.caller_of(job),
                organisation=uploaded.organisation,
                content=uploaded.blob.content(),
                create_anyway=bool(job.params["create_anyway"]),
                seen=str(job.params["seen"]),
            )
            progress.finish({"changes": Review.of(plan).change_count})
    except (ImportRefused, StructureChanged) as other:
        progress.finish({"review": Review.of(other.plan).as_json(), "was_changed": True})


def _file(job: Job) -> UploadedFile:
    return UploadedFile.objects.select_related("organisation", "blob").get(pk=str(job.params["uploaded"]), job=job)


def register() -> None:
    """Make the two kinds of work known."""
    jobs.register(DRY_RUN, Kind(dry_run))
    jobs.register(APPLY, Kind(apply))
