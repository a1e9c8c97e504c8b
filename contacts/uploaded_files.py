"""Uploaded files between their dry run and being applied: kept encrypted, and dropped when nobody comes back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from contacts.models import UploadedFile
from organisations.keeping import keep
from organisations.models import Blob, Organisation, User

KEPT = dt.timedelta(days=7)
CSV = "text/csv"


def begin(*, organisation: Organisation, user: User | None, content: bytes, filename: str) -> UploadedFile:
    """Keep a file that was uploaded and return it; the organisation's files that nobody came back to are dropped."""
    with transaction.atomic():
        for old in UploadedFile.objects.filter(organisation=organisation, created__lt=timezone.now() - KEPT):
            drop(old)
        blob = keep(content, media_type=CSV, filename=filename[:255])
        return UploadedFile.objects.create(organisation=organisation, blob=blob, uploaded_by=user)


def drop(uploaded: UploadedFile) -> None:
    """Delete an uploaded file with its content."""
    Blob.objects.filter(pk=uploaded.blob_id).delete()
