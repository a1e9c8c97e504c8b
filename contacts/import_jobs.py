"""Large files in the background: read and compared by a worker, and carried out by one, with progress on the page."""

from django.db import transaction

from adgang.lib.snapshots import JSON
from contacts import importing
from contacts.importing import ImportRefused, StructureChanged
from contacts.models import ImportDraft
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


def is_large(draft: ImportDraft) -> bool:
    """Say whether a file is worth a worker."""
    return draft.blob.size > LARGE or draft.blob.filename.casefold().endswith(".xlsx")


def begin_dry_run(*, caller: Caller, draft: ImportDraft, create_anyway: bool = False) -> None:
    """Let a worker read the file and find out what it would do."""
    _begin(caller, draft, DRY_RUN, {"create_anyway": create_anyway})


def begin_import(*, caller: Caller, draft: ImportDraft, create_anyway: bool, seen: str) -> None:
    """Let a worker carry out the file, if it still does what was agreed to."""
    _begin(caller, draft, APPLY, {"create_anyway": create_anyway, "seen": seen})


def _begin(caller: Caller, draft: ImportDraft, kind: str, params: dict[str, JSON]) -> None:
    """Begin a job, unless one is under way: a second click asks for nothing new."""
    with transaction.atomic():
        kept = ImportDraft.objects.select_for_update(of=("self",)).select_related("job").get(pk=draft.pk)
        if kept.job is None or not kept.job.is_open:
            params = {"draft": str(draft.pk), **params}
            kept.job = jobs.begin(caller=caller, organisation=draft.organisation, kind=kind, params=params)
            kept.save(update_fields=["job"])
    draft.job = kept.job


def dry_run(job: Job, progress: Progress) -> None:
    """Do the work of a dry run; its result is the review."""
    draft = _draft(job)
    progress.report(0, 0, READING)
    plan = importing.dry_run(
        organisation=draft.organisation, content=draft.blob.content(), create_anyway=bool(job.params["create_anyway"])
    )
    progress.finish({"review": Review.of(plan).as_json()})


def apply(job: Job, progress: Progress) -> None:
    """Do the work of an import; its result is the number of changes, or the review that was not agreed to."""
    draft = _draft(job)
    progress.report(0, 0, WRITING)
    try:
        with transaction.atomic():
            plan = importing.apply(
                caller=jobs.caller_of(job),
                organisation=draft.organisation,
                content=draft.blob.content(),
                create_anyway=bool(job.params["create_anyway"]),
                seen=str(job.params["seen"]),
            )
            progress.finish({"changes": Review.of(plan).change_count})
    except (ImportRefused, StructureChanged) as other:
        progress.finish({"review": Review.of(other.plan).as_json(), "was_changed": True})


def _draft(job: Job) -> ImportDraft:
    return ImportDraft.objects.select_related("organisation", "blob").get(pk=str(job.params["draft"]), job=job)


def register() -> None:
    """Make the two kinds of work known."""
    jobs.register(DRY_RUN, Kind(dry_run))
    jobs.register(APPLY, Kind(apply))
