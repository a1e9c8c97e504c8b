"""Asking for everything about oneself: made in the background, kept for a day, handed out once, told in the log."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from adgang.about_person import archive
from adgang.about_person.gathering import gather
from organisations import events, jobs, keeping, sign_in
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.jobs import Kind, Progress
from organisations.models import Blob, Job, JobStatus, User

KIND = "person.data"
KEEP = dt.timedelta(hours=24)


@transaction.atomic
def begin(*, caller: Caller, user: User) -> Job:
    """Ask for one's own file; one that is being made already is returned instead."""
    under_way = Job.objects.filter(kind=KIND, requested_by=user).open().first()
    if under_way:
        return under_way
    job = jobs.begin(caller=caller, organisation=None, kind=KIND)
    _record(caller, user)
    return job


def _record(caller: Caller, user: User, *, reason: str = "") -> None:
    """Tell it where the account is told of, and the operator."""
    entry = Entry(tag=Tag.PERSON_DATA_EXPORTED, obj=user, reason=reason)
    chains = {None, *sign_in.chains_of(user)}
    events.record_all(caller, [(owner, entry) for owner in chains])


def make(job: Job, progress: Progress) -> None:
    """Write the file of whoever asked for it."""
    user = job.requested_by
    if user is None:
        return
    content = content_of(user, told=progress.report)
    with transaction.atomic():
        name = f"adgang-{timezone.localdate():%Y-%m-%d}.zip"
        kept = keeping.keep(content, media_type=archive.MEDIA_TYPE, filename=name)
        Job.objects.filter(pk=job.pk).update(file=kept)
        progress.finish({"size": len(content)})


def content_of(user: User, *, told: Callable[[int, int], None] = lambda done, total: None) -> bytes:
    """Return the archive about a person, in their language."""
    with override(user.language):
        return archive.pack(gather(user, told=told), user)


def export(*, caller: Caller, user: User, reason: str) -> bytes:
    """Return the archive about a person who cannot ask for it themselves; told in the log with the reason."""
    content = content_of(user)
    with transaction.atomic():
        _record(caller, user, reason=reason)
    return content


def newest(user: User) -> Job | None:
    """Return what the person asked for last."""
    own = Job.objects.filter(kind=KIND, requested_by=user)
    return own.select_related("file").defer("file__encrypted").order_by("-created").first()


def file_of(job: Job, *, at: dt.datetime) -> Blob | None:
    """Return the file of a job, while it is kept and was not taken."""
    return job.file if job.finished and job.finished > at - KEEP else None


@transaction.atomic
def take(*, user: User, job_id: uuid.UUID, at: dt.datetime) -> tuple[str, bytes] | None:
    """Return name and content of the person's own file, once; None when there is none (any more)."""
    own = Job.objects.select_for_update(of=("self",)).filter(kind=KIND, requested_by=user, pk=job_id)
    job = own.filter(status=JobStatus.DONE).first()
    kept = file_of(job, at=at) if job else None
    if kept is None:
        return None
    name, content = kept.filename, kept.content()
    kept.delete()
    return name, content


def expire(*, at: dt.datetime) -> int:
    """Remove files that nobody took in time; returns how many."""
    old = Job.objects.filter(kind=KIND, finished__lt=at - KEEP).exclude(file=None)
    return Blob.objects.filter(pk__in=list(old.values_list("file", flat=True)[:1000])).delete()[0]


def forget(user: User) -> list[uuid.UUID]:
    """Remove what a person who is forgotten has asked for and not taken."""
    own = Job.objects.filter(kind=KIND, requested_by=user)
    Blob.objects.filter(pk__in=list(own.exclude(file=None).values_list("file", flat=True))).delete()
    own.delete()
    return []


def register() -> None:
    """Make the kind of work known."""
    jobs.register(KIND, Kind(make, limit=dt.timedelta(minutes=30)))
