"""Sealing the chains after the key of the event log was changed; see `organisations/event_keys.py`."""

import uuid
from dataclasses import dataclass, field

from django.db import transaction

from organisations.event_seals import seal
from organisations.event_stumps import stump
from organisations.models import Event, EventHead, EventSeal, EventStump
from organisations.verifying import chains, verify


@dataclass
class Sealed:
    """What became of the chains: how many were sealed, and which are not whole, with their first broken entry."""

    chains: int = 0
    broken: list[str] = field(default_factory=list)


def seal_all() -> Sealed:
    """Seal every whole chain, and sign its beginning, with the key in force. May be run again."""
    done = Sealed()
    for chain in chains():
        if broken := verify(chain).broken:
            done.broken.append(f"{chain}: {broken.seq} {broken.fault}")
        else:
            _seal(chain)
            done.chains += 1
    return done


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
