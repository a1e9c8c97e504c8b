"""The log as a file, made in the background: CSV for a spreadsheet, JSON Lines for a program.

The file is kept encrypted for a week, for whoever asked for it alone. What it holds is what they may read when it is
made: a right that ended meanwhile leaves it empty. Every file is told of in the log when it is asked for.
"""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from adgang.lib import exports
from adgang.lib.snapshots import JSON
from organisations import event_filters, event_lookups, jobs, keeping
from organisations.callers import Caller
from organisations.event_list import columns
from organisations.event_reading import Reading, chain, details_of, slices
from organisations.events import DIGEST
from organisations.jobs import Kind, Progress
from organisations.models import Blob, Job, Organisation

KIND = "events.file"
FORMATS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
CHUNK = 1000
MOST = 200_000  # entries in one file; a longer log is taken in parts, by period
KEEP = dt.timedelta(days=7)


@transaction.atomic
def begin(*, caller: Caller, organisation: Organisation | None, shown: Mapping[str, str], file_format: str) -> Job:
    """Ask for a file of the entries that pass a filter; told of in the log. Raises KeyError for another format."""
    FORMATS[file_format]
    language = translation.get_language() or "da"
    params: dict[str, JSON] = {"shown": dict(shown), "format": file_format, "language": language}
    job = jobs.begin(caller=caller, organisation=organisation, kind=KIND, params=params)
    event_lookups.note_export(caller=caller, organisation=organisation, shown=shown, file_format=file_format)
    return job


def make(job: Job, progress: Progress) -> None:
    """Write the file that was asked for."""
    shown, file_format = job.params["shown"], job.params["format"]
    readable = slices(jobs.caller_of(job), job.organisation)
    rows = event_filters.narrowed(chain(job.organisation).filter(slice__in=readable), shown, job.organisation)
    total = rows.order_by().values("pk")[: MOST + 1].count()
    entries = _entries(rows, progress, min(total, MOST))
    with translation.override(job.params["language"]):
        content = "".join(WRITERS[file_format](entries, job.organisation)).encode()
    name = f"log-{job.organisation.cvr_number if job.organisation else 'drift'}-{timezone.localdate():%Y-%m-%d}"
    with transaction.atomic():
        kept = keeping.keep(content, media_type=FORMATS[file_format], filename=f"{name}.{file_format}")
        Job.objects.filter(pk=job.pk).update(file=kept)
        progress.finish({"entries": min(total, MOST), "cut": total > MOST})


def _entries(rows: Any, progress: Progress, total: int) -> Iterator[Reading]:
    """Yield the entries, the newest first, a part at a time: each part begins where the one before it ended."""
    done, rows = 0, rows.order_by("-seq")
    part = list(rows[: min(CHUNK, total)])
    while part:
        progress.report(done, total)
        details = details_of(part)
        yield from (Reading(event, details[event.pk]) for event in part)
        done += len(part)
        part = list(rows.filter(seq__lt=part[-1].seq)[: min(CHUNK, total - done)]) if done < total else []
    progress.report(done, total)


def _csv(entries: Iterator[Reading], organisation: Organisation | None) -> Iterator[str]:
    listed = [column for column in columns(organisation) if column.where != "page"]
    rows = ([column.exported(entry.event) for column in listed] for entry in entries)
    return exports.csv_lines([column.label for column in listed], rows)


def _json_lines(entries: Iterator[Reading], _organisation: Organisation | None) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(told(entry), ensure_ascii=False) + "\n"


WRITERS: dict[str, Callable[[Iterator[Reading], Organisation | None], Iterator[str]]] = {
    "csv": _csv,
    "jsonl": _json_lines,
}


def told(entry: Reading) -> dict[str, JSON]:
    """Return an entry as a program reads it: people by the names that the reader may see, and no other ids of them."""
    event, payload = entry.event, entry.payload
    return {
        "seq": event.seq,
        "time": payload["time"],
        "tag": event.tag,
        "title": entry.title,
        "slice": event.slice,
        "actor": entry.actor,
        "object": {"kind": event.object_kind, "id": payload["object"][1], "label": entry.object},
        "system": payload["system"],
        "before": opened(payload["before"], entry.details or {}),
        "after": opened(payload["after"], entry.details or {}),
        "reason": payload["reason"],
        "request_id": payload["request_id"],
        "channel": payload["channel"],
        "hash": event.hash,
    }


def opened(values: dict[str, JSON], details: Mapping[str, str]) -> dict[str, JSON]:
    """Return values with the personal ones in their places; null where they were erased."""
    found = {}
    for name, value in values.items():
        if isinstance(value, dict) and value.keys() == {DIGEST}:
            kept = details.get(value[DIGEST])
            value = json.loads(kept) if kept else None
        found[name] = value
    return found


def file_of(job: Job, *, at: dt.datetime) -> Blob | None:
    """Return the file that a job made, while it is kept."""
    return job.file if job.finished and job.finished > at - KEEP else None


def expire(*, at: dt.datetime) -> int:
    """Remove the files that were kept long enough; returns how many."""
    old = Job.objects.filter(kind=KIND, finished__lt=at - KEEP).exclude(file=None)
    return Blob.objects.filter(pk__in=list(old.values_list("file", flat=True))).delete()[0]


def register() -> None:
    """Make the kind of work known."""
    jobs.register(KIND, Kind(make, limit=dt.timedelta(hours=1)))


def of_caller(caller: Caller, organisation: Organisation | None, job_id: uuid.UUID) -> Job | None:
    """Return a file that the caller asked for; nobody else's."""
    own = Job.objects.filter(kind=KIND, organisation=organisation, requested_by=caller.user, pk=job_id)
    return own.select_related("organisation", "file").first()


def newest(caller: Caller, organisation: Organisation | None) -> list[Job]:
    """Return the files that the caller asked for lately, the newest first."""
    own = Job.objects.filter(kind=KIND, organisation=organisation, requested_by=caller.user)
    return list(own.select_related("file").defer("file__encrypted").order_by("-created")[:10])
