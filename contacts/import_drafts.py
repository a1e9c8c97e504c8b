"""Uploaded files between their dry run and being applied: kept encrypted, and dropped when nobody comes back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from contacts.models import ImportDraft
from organisations.keeping import keep
from organisations.models import Blob, Organisation, User

KEPT = dt.timedelta(days=7)
CSV = "text/csv"


def begin(*, organisation: Organisation, user: User | None, content: bytes, filename: str) -> ImportDraft:
    """Return a new draft of a file; the organisation's drafts that nobody came back to are dropped."""
    with transaction.atomic():
        for old in ImportDraft.objects.filter(organisation=organisation, created__lt=timezone.now() - KEPT):
            drop(old)
        blob = keep(content, media_type=CSV, filename=filename[:255])
        return ImportDraft.objects.create(organisation=organisation, blob=blob, uploaded_by=user)


def drop(draft: ImportDraft) -> None:
    """Delete a draft and its file."""
    Blob.objects.filter(pk=draft.blob_id).delete()
