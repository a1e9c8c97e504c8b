"""What is left of a chain's oldest entries when they are deleted: the last one's place and seal, signed.

The signature is made with a key that is not in the database, so whoever owns the database cannot move the beginning.
"""

import datetime as dt
import uuid

from adgang.lib.snapshots import JSON, as_json
from organisations import event_keys, events
from organisations.models import EventStump

PURPOSE = "adgang event stump 1"


def stump(organisation_id: uuid.UUID, *, seq: int, hash: str, time: dt.datetime) -> EventStump:
    """Return the signed stump behind an entry, not saved yet."""
    made = EventStump(organisation_id=organisation_id, seq=seq, hash=hash, time=time)
    made.signature = events.signature(_body(made), purpose=PURPOSE)
    return made


def is_genuine(found: EventStump) -> bool:
    """Say whether the stump stands as it was signed."""
    return events.is_signed(found.signature, _body(found), purpose=PURPOSE, keys=event_keys.current())


def _body(found: EventStump) -> JSON:
    return {
        "organisation": str(found.organisation_id),
        "seq": found.seq,
        "hash": found.hash,
        "time": as_json(found.time),
    }
