"""Deleting what the log has kept long enough: from a chain's beginning, behind a signed stump, told of in the log.

A chain that is not whole is not touched: its beginning may be what proves what was done to it.
"""

import datetime as dt
import uuid

import structlog
from django.conf import settings
from django.db import transaction

from adgang.lib.snapshots import as_json
from organisations import event_guard, events
from organisations.callers import Caller
from organisations.event_stumps import stump
from organisations.event_tags import Tag
from organisations.events import OPERATOR_CHAIN, Entry
from organisations.models import Event, EventCursor, EventDetail, EventHead, EventStump, Organisation
from organisations.verifying import Broken, chains, verify

# Of one chain at a time, for nobody can write to the log meanwhile.
AT_ONCE = 20_000

log = structlog.get_logger(__name__)


class TamperedWith(Exception):
    """The chain is not whole; `broken` is its first broken entry."""

    def __init__(self, broken: Broken) -> None:
        super().__init__(broken.fault)
        self.broken = broken


def due(organisation_id: uuid.UUID, *, before: dt.datetime) -> int:
    """Return the number of the last entry of a chain's beginning that is older than `before`; 0 for none."""
    own = Event.objects.filter(organisation_id=organisation_id)
    if not own.filter(time__lt=before).exists():
        return 0
    kept = own.filter(time__gte=before).order_by("seq").values_list("seq", flat=True).first()
    last = own.order_by("-seq").values_list("seq", flat=True)[0] if kept is None else kept - 1
    if settings.ADGANG_SIEM:  # what was not handed over yet stays until it is
        cursor = EventCursor.objects.filter(pk=organisation_id).first()
        last = min(last, cursor.seq if cursor else 0)
    return last


def count(organisation_id: uuid.UUID, *, before: dt.datetime) -> int:
    """Return how many entries `prune` would delete."""
    return Event.objects.filter(organisation_id=organisation_id, seq__lte=due(organisation_id, before=before)).count()


def prune(*, caller: Caller, organisation_id: uuid.UUID, before: dt.datetime) -> int:
    """Delete the entries of a chain's beginning that are older than `before`; returns how many.

    Raises `TamperedWith` when the chain is not whole.
    """
    last = due(organisation_id, before=before)
    if not last:
        return 0
    if broken := verify(organisation_id).broken:
        raise TamperedWith(broken)
    deleted = 0
    while part := _prune_part(caller, organisation_id, last):
        deleted += part
    return deleted


@transaction.atomic
def _prune_part(caller: Caller, organisation_id: uuid.UUID, last: int) -> int:
    # The head first: whoever writes takes it before the table, which unlocking takes for itself.
    EventHead.objects.select_for_update().get(pk=organisation_id)
    own = Event.objects.filter(organisation_id=organisation_id, seq__lte=last).order_by("seq")
    doomed = list(own.values_list("pk", "seq")[:AT_ONCE])
    if not doomed:
        return 0
    end = Event.objects.get(pk=doomed[-1][0])
    left = stump(organisation_id, seq=end.seq, hash=end.hash, time=end.time)
    with event_guard.unlocked():
        EventDetail.objects.filter(
            event_id__in=Event.objects.filter(organisation_id=organisation_id, seq__lte=end.seq).values("pk")
        ).delete()
        Event.objects.filter(organisation_id=organisation_id, seq__lte=end.seq).delete()
        EventStump.objects.filter(pk=organisation_id).delete()
        left.save(force_insert=True)
    owner = None if organisation_id == OPERATOR_CHAIN else Organisation.objects.filter(pk=organisation_id).first()
    after = {"entries": len(doomed), "until": as_json(end.time), "seq": end.seq, "seal": end.hash}
    events.record(caller, owner, Entry(tag=Tag.EVENT_LOG_PRUNED, obj=left, after=after))
    return len(doomed)


def prune_all(*, caller: Caller, before: dt.datetime) -> int:
    """Delete what is older than `before` of every chain; one that is not whole is named in the technical log."""
    deleted = 0
    for chain in chains():
        try:
            deleted += prune(caller=caller, organisation_id=chain, before=before)
        except TamperedWith as found:
            log.error("events_not_pruned", chain=str(chain), seq=found.broken.seq, fault=found.broken.fault)
    return deleted
