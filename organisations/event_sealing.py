"""Sealing the chains after the key of the event log was changed; see `organisations/event_keys.py`."""

import uuid
from dataclasses import dataclass, field

from django.db import transaction

from adgang.lib.snapshots import JSON
from organisations import events
from organisations.callers import Caller
from organisations.event_seals import seal
from organisations.event_stumps import stump
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Event, EventHead, EventSeal, EventStump
from organisations.verifying import chains, verify


@dataclass
class Sealed:
    """What became of the chains: how many were sealed, and which are not whole, with their first broken entry."""

    chains: int = 0
    broken: list[str] = field(default_factory=list)


def seal_all(caller: Caller) -> Sealed:
    """Seal every whole chain, and sign its beginning, with the key in force. May be run again.

    Recorded in the operator's chain, behind its own seal, so that the entry is signed with the key in force.
    """
    done, before = Sealed(), EventSeal.objects.count()
    for chain in chains():
        if broken := verify(chain).broken:
            done.broken.append(f"{chain}: {broken.seq} {broken.fault}")
        else:
            _seal(chain)
            done.chains += 1
    if done.chains or done.broken:
        _record(caller, done, before)
    return done


def _record(caller: Caller, done: Sealed, before: int) -> None:
    head = EventHead.objects.filter(pk=events.OPERATOR_CHAIN).first()
    after: dict[str, JSON] = {"chains_sealed": done.chains, "chains_not_whole": len(done.broken)}
    entry = Entry(
        tag=Tag.EVENT_LOG_SEALED,
        obj=head or EventHead(organisation_id=events.OPERATOR_CHAIN),
        before={"chains_sealed": before},
        after=after,
    )
    events.record(caller, None, entry)


@transaction.atomic
def _seal(chain: uuid.UUID) -> None:
    # Nobody appends meanwhile; what was appended since the walk is of processes that are trusted as this one is.
    EventHead.objects.select_for_update().filter(pk=chain).first()
    begin = EventStump.objects.filter(pk=chain).first()
    end = Event.objects.filter(organisation_id=chain).order_by("-seq").first() or begin
    if end is None:
        return
    EventSeal.objects.filter(pk=chain).delete()
    seal(chain, seq=end.seq, hash=end.hash).save(force_insert=True)
    if begin:
        EventStump.objects.filter(pk=chain).delete()
        stump(chain, seq=begin.seq, hash=begin.hash, time=begin.time).save(force_insert=True)
