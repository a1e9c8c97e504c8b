"""Uploaded files between their dry run and being applied: kept encrypted, and dropped when nobody comes back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from adgang.lib.snapshots import JSON
from contacts.models import UploadedFile
from organisations import jobs
from organisations.callers import Caller
from organisations.keeping import keep
from organisations.models import Blob, Job, Organisation, User

KEPT = dt.timedelta(days=7)
CSV = "text/csv"


def begin(
    *, organisation: Organisation, user: User | None, content: bytes, filename: str, media_type: str = CSV
) -> UploadedFile:
    """Keep a file that was uploaded and return it; the organisation's files that nobody came back to are dropped."""
    with transaction.atomic():
        for old in UploadedFile.objects.filter(organisation=organisation, created__lt=timezone.now() - KEPT):
            drop(old)
        blob = keep(content, media_type=media_type, filename=filename[:255])
        return UploadedFile.objects.create(organisation=organisation, blob=blob, uploaded_by=user)


def waiting(organisation: Organisation, *, user: User | None, media_type: str) -> list[UploadedFile]:
    """Return the files of one kind that a person uploaded and that were not carried out yet, the newest first."""
    rows = UploadedFile.objects.filter(organisation=organisation, uploaded_by=user, blob__media_type=media_type)
    return list(rows.exclude(uploaded_by=None).defer("blob__encrypted").select_related("blob", "job"))


def work(*, caller: Caller, uploaded: UploadedFile, kind: str, params: dict[str, JSON]) -> None:
    """Begin work on a file in the background, unless some is under way: a second click asks for nothing new."""
    with transaction.atomic():
        kept = UploadedFile.objects.select_for_update(of=("self",)).select_related("job").get(pk=uploaded.pk)
        if kept.job is None or not kept.job.is_open:
            params = {"uploaded": str(uploaded.pk), **params}
            kept.job = jobs.begin(caller=caller, organisation=uploaded.organisation, kind=kind, params=params)
            kept.save(update_fields=["job"])
    uploaded.job = kept.job


def of(job: Job) -> UploadedFile:
    """Return the file that a job works on."""
    return UploadedFile.objects.select_related("organisation", "blob").get(pk=str(job.params["uploaded"]), job=job)


def drop(uploaded: UploadedFile) -> None:
    """Delete an uploaded file with its content."""
    Blob.objects.filter(pk=uploaded.blob_id).delete()
