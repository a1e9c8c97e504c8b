"""“Test all”: one act, carried out a few systems at a time, so that neither hosts nor workers are flooded.

The row knows who waits. Each run that ends lets the next ones begin, and the sweeper does when a message was lost.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from adgang.lib.findings import Finding, finding
from organisations.callers import Caller, Channel
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Organisation
from systems import checking
from systems.check_limits import TooManyChecks
from systems.models import CheckBatch, CheckRun, RunStatus, System
from systems.states import State, state_between
from systems.subjects import hosts_of
from systems.writing import record

AT_ONCE = 16  # runs of one batch
PER_HOST = 8  # open runs of one host and port, whoever asked for them
BATCHES, WINDOW = 10, dt.timedelta(hours=1)
SHOWN_NAMES = 20


@dataclass(frozen=True)
class Plan:
    """What would be tested, and what not and why."""

    tested: list[System]
    left_out: list[tuple[System, Finding]]


def plan(systems: Iterable[System], *, at: dt.datetime, drafts: bool) -> Plan:
    """Sort systems into those to test and those to leave out; `drafts` tests those that are not in service yet too."""
    tested, left_out = [], []
    for system in systems:
        match state_between(system.active_from, system.active_to, at):
            case State.DEACTIVATED:
                left_out.append((system, finding("batch.out_of_service")))
            case State.DRAFT if not drafts:
                left_out.append((system, finding("batch.not_in_service")))
            case _:
                tested.append(system)
    return Plan(tested, left_out)


def open_batch(organisation: Organisation) -> CheckBatch | None:
    """Return the organisation's batch that is under way, if there is one."""
    return CheckBatch.objects.filter(organisation=organisation, finished=None).first()


def begin(*, caller: Caller, organisation: Organisation, planned: Plan, at: dt.datetime) -> CheckBatch:
    """Return the organisation's open batch, or a new one whose first runs are queued when the transaction commits.

    Raises `TooManyChecks` when it has had many within the hour.
    """
    if under_way := open_batch(organisation):
        return under_way
    _limit(organisation, at)
    batch = CheckBatch(
        organisation=organisation,
        requested_by=caller.user,
        created=at,
        total=len(planned.tested),
        waiting=[{"system": str(one.pk), "hosts": hosts_of(one)} for one in planned.tested],
        left_out=[{"system": str(one.pk), "name": one.name, "code": why.code} for one, why in planned.left_out],
    )
    try:
        with transaction.atomic():
            batch.save(force_insert=True)
            go_on(batch.pk, at=at)
    except IntegrityError:  # somebody else began at the same moment
        if under_way := open_batch(organisation):
            return under_way
        raise
    return batch


def _limit(organisation: Organisation, at: dt.datetime) -> None:
    times = CheckBatch.objects.filter(organisation=organisation, created__gt=at - WINDOW).values_list("created")
    recent = sorted(created for (created,) in times)
    if len(recent) >= BATCHES:
        minutes = max(1, round((recent[-BATCHES] + WINDOW - at) / dt.timedelta(minutes=1)))
        raise TooManyChecks("limit.batches", most=BATCHES, minutes=minutes)


@transaction.atomic
def go_on(batch_id: uuid.UUID | str, *, at: dt.datetime) -> None:
    """Let the next systems of a batch begin, as many as there is room for; end the batch when nothing is left."""
    batch = CheckBatch.objects.select_for_update().filter(pk=batch_id, finished=None).first()
    if batch is None:
        return
    open_runs = list(CheckRun.objects.open().values_list("batch_id", "system_id", "hosts"))
    room = AT_ONCE - sum(1 for owner, _system, _hosts in open_runs if owner == batch.pk)
    busy = Counter(host for _owner, _system, hosts in open_runs for host in hosts)
    being_tested = {str(system) for _owner, system, _hosts in open_runs}
    still_waiting = []
    for one in batch.waiting:
        free = one["system"] not in being_tested and all(busy[host] < PER_HOST for host in one["hosts"])
        if room > 0 and free:
            room -= 1
            busy.update(one["hosts"])
            _start(batch, one["system"], at)
        else:
            still_waiting.append(one)
    batch.waiting = still_waiting
    batch.save(update_fields=["waiting"])
    if not still_waiting and not CheckRun.objects.open().filter(batch=batch).exists():
        _finish(batch, at)


def _start(batch: CheckBatch, system_id: str, at: dt.datetime) -> None:
    system = System.objects.with_page_data().filter(pk=system_id).first()
    if system is not None:  # else it was deleted meanwhile
        checking.ask_in_batch(batch, system, at=at)


def _finish(batch: CheckBatch, at: dt.datetime) -> None:
    batch.finished = at
    batch.save(update_fields=["finished"])
    runs = list(CheckRun.objects.filter(batch=batch).select_related("system").order_by("system__name"))
    counts = Counter(run.status for run in runs)
    failed = [run.system.name for run in runs if run.status == RunStatus.FAILED]
    after: dict[str, Any] = {
        "passed": counts[RunStatus.PASSED],
        "remarks": counts[RunStatus.WARNING],
        "failed": counts[RunStatus.FAILED],
        "aborted": counts[RunStatus.ABORTED],
        "left_out": len(batch.left_out),
        "failed_systems": failed[:SHOWN_NAMES],
    }
    caller = Caller(user=batch.requested_by, channel=Channel.TASK, request_id=str(batch.pk), label="check_all")
    record(caller, batch.organisation, [Entry(tag=Tag.SYSTEMS_CHECKED, obj=batch, after=after)])


def sweep(*, at: dt.datetime) -> None:
    """Let every open batch go on; what a lost message left is found here."""
    for batch_id in CheckBatch.objects.filter(finished=None).values_list("pk", flat=True):
        go_on(batch_id, at=at)


def reasons(batch: CheckBatch, visible: set[uuid.UUID]) -> Iterator[tuple[str, Finding]]:
    """Yield name and reason of what was left out, of the systems that the reader may see."""
    seen = {str(pk) for pk in visible}
    for one in batch.left_out:
        if one["system"] in seen:
            yield one["name"], finding(one["code"])
