"""Where a chain stood when the key of the event log was changed, signed with the key that followed."""

import datetime as dt
import uuid

from django.utils import timezone

from adgang.lib.snapshots import JSON, as_json
from organisations import event_keys, events
from organisations.models import EventSeal

PURPOSE = "adgang event seal 1"


def seal(organisation_id: uuid.UUID, *, seq: int, hash: str) -> EventSeal:
    """Return the signed seal of a chain up to an entry, not saved yet."""
    made = EventSeal(organisation_id=organisation_id, seq=seq, hash=hash, made=timezone.now())
    made.signature = events.signature(_body(made), purpose=PURPOSE)
    return made


def is_genuine(found: EventSeal) -> bool:
    """Say whether a key in force signed the seal, just as it stands."""
    return events.is_signed(found.signature, _body(found), purpose=PURPOSE, keys=event_keys.current())


def last_change() -> dt.datetime | None:
    """Return when the key was changed last, as far as genuine seals tell."""
    return next((found.made for found in EventSeal.objects.order_by("-made") if is_genuine(found)), None)


def _body(found: EventSeal) -> JSON:
    return {
        "organisation": str(found.organisation_id),
        "seq": found.seq,
        "hash": found.hash,
        "made": as_json(found.made),
    }
