"""The state of a chain as people see it, and its verification in the background."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from organisations import checkpoints, events, jobs
from organisations.callers import Caller
from organisations.checkpoints import Checkpoint
from organisations.event_tags import Tag
from organisations.events import OPERATOR_CHAIN, Entry
from organisations.jobs import Kind, Progress
from organisations.models import Event, EventHead, EventStump, Job, JobStatus, Organisation
from organisations.verifying import fault_text, verify

KIND = "events.verify"


@dataclass(frozen=True, kw_only=True)
class Chain:
    """What there is to say of a chain without walking it."""

    head: EventHead
    stump: EventStump | None
    oldest: Event | None
    newest: Event | None
    checkpoint: Checkpoint | None
    verified: Job | None

    @property
    def entries(self) -> int:
        """How many entries are kept."""
        return self.head.seq - (self.stump.seq if self.stump else 0)

    @property
    def checkpoint_seq(self) -> int:
        """Up to which entry the newest checkpoint vouches; 0 for none."""
        return max(self.checkpoint.marks(self.head.pk), default=0) if self.checkpoint else 0

    @property
    def checkpoint_made(self) -> dt.datetime | None:
        """When the newest checkpoint was signed."""
        return dt.datetime.fromisoformat(self.checkpoint.made) if self.checkpoint else None

    @property
    def broken(self) -> dict[str, Any] | None:
        """The first broken entry that the latest verification found: seq, id, fault."""
        return self.verified.result.get("broken") if self.verified else None

    @property
    def fault(self) -> str:
        """What is wrong with it, in words."""
        return fault_text(str(self.broken["fault"])) if self.broken else ""


def chain_id(organisation: Organisation | None) -> uuid.UUID:
    """Return the id of the chain of an organisation (None: the operator's)."""
    return organisation.pk if organisation else OPERATOR_CHAIN


def state(organisation: Organisation | None) -> Chain:
    """Return the state of a chain."""
    own = chain_id(organisation)
    rows = Event.objects.filter(organisation_id=own)
    return Chain(
        head=EventHead.objects.filter(pk=own).first() or EventHead(organisation_id=own),
        stump=EventStump.objects.filter(pk=own).first(),
        oldest=rows.order_by("seq").first(),
        newest=rows.order_by("-seq").first(),
        checkpoint=checkpoints.newest(),
        verified=latest(organisation, status=JobStatus.DONE),
    )


def latest(organisation: Organisation | None, **narrow: Any) -> Job | None:
    """Return the latest verification of a chain, whoever asked for it."""
    own = Job.objects.filter(kind=KIND, organisation=organisation, **narrow)
    return own.select_related("requested_by").order_by("-created").first()


def found_broken(organisation: Organisation) -> QuerySet[Job]:
    """Return the latest verification of the organisation's chain, if it found a broken entry."""
    done = Job.objects.filter(kind=KIND, organisation=organisation, status=JobStatus.DONE)
    return done.filter(pk__in=done.order_by("-created").values("pk")[:1], result__broken__isnull=False)


@transaction.atomic
def begin(*, caller: Caller, organisation: Organisation | None) -> Job:
    """Ask for a verification; one that is under way is returned instead."""
    under_way = Job.objects.filter(kind=KIND, organisation=organisation).open().first()
    return under_way or jobs.begin(caller=caller, organisation=organisation, kind=KIND)


def run(job: Job, progress: Progress) -> None:
    """Walk the chain, and tell the log that it was walked and what was found."""
    checkpoint = checkpoints.newest()
    walked = verify(chain_id(job.organisation), checkpoint=checkpoint, told=progress.report)
    broken, result = walked.broken, {"entries": walked.entries, "checkpoint": checkpoint.made if checkpoint else ""}
    after: dict[str, Any] = {"entries": walked.entries}
    if broken:
        result["broken"] = {"seq": broken.seq, "id": str(broken.event_id or ""), "fault": broken.fault}
        after |= {"seq": broken.seq, "fault": broken.fault}
    with transaction.atomic():
        progress.finish(result)
        if about := job.organisation or job.requested_by:
            entry = Entry(tag=Tag.EVENT_LOG_VERIFIED, obj=about, after=after)
            events.record(jobs.caller_of(job), job.organisation, entry)


def register() -> None:
    """Make the kind of work known."""
    jobs.register(KIND, Kind(run, limit=dt.timedelta(hours=2)))
