"""The dates an organisation works towards: what the guide proposes, and how they are saved."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from django.db import transaction
from django.utils import timezone

from adgang.lib.snapshots import snapshot
from adgang.overview.holidays import ONE_DAY, working_days_before, working_days_between
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.locks import lock
from organisations.models import Deadline, Organisation

Kind = Deadline.Kind
# The guide wants the set-up finished by the end of the month before go-live. Where that leaves less than this, it is
# this many working days before go-live instead.
LEAST_WORKING_DAYS = 10
LATEST_WORKING_DAYS_BEFORE = 5
# Microseconds: two savings of a row never bear the same time.
STAMP_UNIT = dt.timedelta(microseconds=1)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Basis(Enum):
    """Why a date is proposed: the guide's own rule, or how little time is left."""

    MONTH_BEFORE = "month before"
    SHORT = "short"
    AT_ONCE = "at once"


@dataclass(frozen=True)
class Proposal:
    """The day by which systems and contact structure should be set up."""

    go_live: dt.date
    set_up: dt.date
    basis: Basis

    @property
    def dates(self) -> dict[Kind, dt.date]:
        """The proposed date of each deadline that follows from go-live."""
        return {Kind.SYSTEMS: self.set_up, Kind.CONTACT_STRUCTURE: self.set_up, Kind.GO_LIVE: self.go_live}


def propose(go_live: dt.date, *, today: dt.date) -> Proposal:
    """Return the dates the process guide suggests for a day of go-live.

    The end of the month before; when that is past or less than 10 working days away, 5 working days before go-live;
    when even that is past, today (never later than go-live).
    """
    month_before = go_live.replace(day=1) - ONE_DAY
    if working_days_between(today, month_before) >= LEAST_WORKING_DAYS:
        return Proposal(go_live, month_before, Basis.MONTH_BEFORE)
    shortened = working_days_before(go_live, LATEST_WORKING_DAYS_BEFORE)
    if shortened >= today:
        return Proposal(go_live, shortened, Basis.SHORT)
    return Proposal(go_live, min(today, go_live), Basis.AT_ONCE)


@dataclass(frozen=True)
class Wanted:
    """What a deadline shall be; no date removes it."""

    date: dt.date | None
    source: str = ""
    link: str = ""


@dataclass(frozen=True)
class Plan:
    """The deadlines of an organisation. `version` changes whenever one of them is saved, added or removed."""

    deadlines: Mapping[Kind, Deadline]

    @property
    def version(self) -> int:
        """A number that no two states of the plan share."""
        return sum((deadline.updated - EPOCH) // STAMP_UNIT for deadline in self.deadlines.values())

    def date(self, kind: Kind) -> dt.date | None:
        """The date of a deadline, if it is set."""
        deadline = self.deadlines.get(kind)
        return deadline.date if deadline else None

    def due(self, kinds: Iterable[Kind]) -> dt.date | None:
        """The earliest of some deadlines that is set."""
        return min((date for kind in kinds if (date := self.date(kind))), default=None)


class StalePlan(Exception):
    """Somebody changed the deadlines since they were read; `current` is how they stand now."""

    def __init__(self, current: Plan) -> None:
        super().__init__("the deadlines were changed by somebody else")
        self.current = current


def plan_of(organisation: Organisation) -> Plan:
    """Return the deadlines of an organisation, in one query."""
    return Plan({Kind(deadline.kind): deadline for deadline in organisation.deadlines.all()})


def save(*, caller: Caller, organisation: Organisation, wanted: Mapping[Kind, Wanted], version: int) -> Plan:
    """Make the deadlines as wanted, with an event for each that changes. Raises `StalePlan`."""
    with transaction.atomic():
        lock(organisation.pk)
        plan = plan_of(organisation)
        if plan.version != version:
            raise StalePlan(plan)
        entries = [entry for kind, wish in wanted.items() if (entry := _apply(organisation, plan, kind, wish))]
        if entries:
            events.record_all(caller, [(organisation, entry) for entry in entries])
    return plan_of(organisation)


def _apply(organisation: Organisation, plan: Plan, kind: Kind, wish: Wanted) -> events.Entry | None:
    deadline = plan.deadlines.get(kind)
    if wish.date is None:
        return _remove(deadline) if deadline else None
    before = snapshot(deadline) if deadline else {}
    deadline = deadline or Deadline(organisation=organisation, kind=kind)
    deadline.date, deadline.source, deadline.link = wish.date, wish.source, wish.link
    if snapshot(deadline) == before:
        return None
    deadline.version += 1 if before else 0
    deadline.updated = timezone.now()
    deadline.save()
    return events.Entry(tag=Tag.DEADLINE_CHANGED, obj=deadline, before=before, after=snapshot(deadline))


def _remove(deadline: Deadline) -> events.Entry:
    entry = events.Entry(tag=Tag.DEADLINE_CHANGED, obj=deadline, before=snapshot(deadline))
    Deadline.objects.filter(pk=deadline.pk).delete()
    return entry
