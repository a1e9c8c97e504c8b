"""The documents of a request: kept encrypted, shown only to those who may, each reading logged, gone with the draft."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import check_version, save_version
from organisations import events
from organisations.access_requests import papers, telling
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.keeping import keep
from organisations.models import AccessRequest, Blob, Documentation
from organisations.models.access_request import DocumentationType, RequestState
from organisations.throttling import allow

MOST = 20  # documents of one request
MOST_A_DAY = 60  # of one person, in all their requests
READING = dt.timedelta(minutes=10)
DAY = dt.timedelta(days=1)


def attach(
    *, case: AccessRequest, paper: papers.Paper, documentation_type: DocumentationType, filename: str
) -> Documentation | Finding:
    """Keep a document with a draft; a `Finding` when it is no draft any more, or has too many."""
    with transaction.atomic():
        standing = _draft(case)
        if standing is None:
            return finding("request.not_draft")
        if standing.documents.count() >= MOST:
            return finding("document.too_many", count=MOST)
        made = Documentation(request=standing, documentation_type=documentation_type)
        return _hold(standing, made, paper, filename)


@transaction.atomic
def fill(*, document: Documentation, version: int, paper: papers.Paper, filename: str) -> Documentation | Finding:
    """Keep the file of a document that was announced, or another in its place; `version` is the request's.

    Raises `StaleVersion`; a `Finding` when it is no draft any more.
    """
    standing = _draft(document.request)
    if standing is None:
        return finding("request.not_draft")
    check_version(standing, version=version)
    replaced = [id_ for id_ in (document.blob_id, document.preview_id) if id_]
    held = _hold(standing, document, paper, filename)
    if not isinstance(held, Finding):
        Blob.objects.filter(pk__in=replaced).delete()
    return held


@transaction.atomic
def settle(*, case: AccessRequest, kept: Collection[uuid.UUID], announced: Sequence[DocumentationType]) -> None:
    """Leave a locked draft the documents of those ids, delete the others, and add the announced without files."""
    _delete(list(case.documents.exclude(pk__in=kept)))
    for type_ in announced:
        Documentation.objects.create(request=case, documentation_type=type_)


def _draft(case: AccessRequest) -> AccessRequest | None:
    return AccessRequest.objects.select_for_update().filter(pk=case.pk, state=RequestState.DRAFT).first()


def _hold(case: AccessRequest, document: Documentation, paper: papers.Paper, filename: str) -> Documentation | Finding:
    """Encrypt the file and note it on the document of a locked draft."""
    if not allow(f"documents:{case.requester_id}", limit=MOST_A_DAY, window=DAY, at=timezone.now()):
        return finding("document.too_many_today", count=MOST_A_DAY)
    name = safe_name(filename, paper.media_type)
    document.blob = keep(paper.content, media_type=paper.media_type, filename=name)
    document.preview = None
    if paper.preview:
        document.preview = keep(paper.preview, media_type=papers.JPEG, filename=f"{name}.preview.jpg")
    document.save()
    save_version(case, version=case.version)
    return document


def safe_name(filename: str, media_type: str) -> str:
    """Return the file's name without folders and control characters, ending as its content says."""
    stem = PurePath(filename.replace("\\", "/")).stem
    kept = "".join(letter for letter in stem if letter.isprintable() and letter not in '"<>|:*?/;')
    return (kept.strip(". ")[:100] or "dokument") + papers.SUFFIXES[media_type]


@transaction.atomic
def remove(*, document: Documentation) -> bool:
    """Take a document out of a draft; returns False when it is no draft any more."""
    draft = _draft(document.request)
    if draft is None:
        return False
    _delete([document])
    save_version(draft, version=draft.version)
    return True


def remove_all(case: AccessRequest) -> None:
    """Delete every document of a request that goes; its row is locked."""
    _delete(list(case.documents.all()))


def _delete(documents: list[Documentation]) -> None:
    blobs = [id_ for one in documents for id_ in (one.blob_id, one.preview_id) if id_]
    Documentation.objects.filter(pk__in=[one.pk for one in documents]).delete()
    Blob.objects.filter(pk__in=blobs).delete()


@transaction.atomic
def note_reading(*, caller: Caller, case: AccessRequest, document: Documentation) -> None:
    """Record that somebody other than the requester looked at a document: once in ten minutes for each."""
    if caller.user is not None and caller.user.pk == case.requester_id:
        return
    who, at = caller.user.pk if caller.user else caller.key, timezone.now()
    if allow(f"document_read:{who}:{document.pk}", limit=1, window=READING, at=at):
        after = {"document": str(document), "request": str(case)}
        entry = Entry(tag=Tag.DOCUMENT_READ, obj=document, after=after)
        events.record_all(caller, [(owner, entry) for owner in telling.chains_of(case)])
