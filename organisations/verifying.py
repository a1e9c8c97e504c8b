"""Walking the event log's chains: every entry is what was written, in its place, and none is missing.

What is compared: the HMAC of each payload, its link to the one before, the columns that are copies of it, the
personal values whose digests it holds, the end of the chain, and on request a signed checkpoint.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from adgang.lib.snapshots import JSON, as_json
from organisations import event_keys, event_seals
from organisations.checkpoints import Checkpoint
from organisations.event_stumps import is_genuine
from organisations.event_tags import Tag
from organisations.event_text import words_of
from organisations.events import DIGEST, REQUEST_ID, chain_hash
from organisations.models import Event, EventDetail, EventHead, EventSeal, EventStump

CHUNK = 500

FAULTS: dict[str, str] = {
    "stump": _("the signed beginning of the log was changed"),
    "missing": _("an entry is missing before this one"),
    "key": _("the entry bears a key that had been replaced"),
    "seal": _("what stood when the key was changed is not what stands now"),
    "payload": _("the content of the entry was changed"),
    "link": _("the entry does not follow the one before it"),
    "copy": _("a column of the entry was changed, so it is shown and found as something else"),
    "detail": _("a personal value of the entry was changed or removed"),
    "tail": _("entries are missing from the end of the log"),
    "head": _("the end of the log was moved"),
    "checkpoint": _("the log differs from the signed checkpoint"),
}


def fault_text(fault: str) -> str:
    """Return what is wrong with an entry, in the reader's language."""
    return gettext(FAULTS.get(fault, fault))


@dataclass(frozen=True)
class Broken:
    """The first entry of a chain that is not as it was written. `fault` is a key of `FAULTS`."""

    organisation_id: uuid.UUID
    seq: int
    event_id: uuid.UUID | None
    fault: str


@dataclass(frozen=True)
class Walked:
    """What a walk found: how many entries, and the first broken one or None."""

    organisation_id: uuid.UUID
    entries: int
    broken: Broken | None


def chains() -> list[uuid.UUID]:
    """Return the chains there are, whether their head or only their entries have survived."""
    heads = set(EventHead.objects.values_list("pk", flat=True))
    return sorted(heads | set(Event.objects.order_by().values_list("organisation_id", flat=True).distinct()))


def verify(
    organisation_id: uuid.UUID,
    *,
    checkpoint: Checkpoint | None = None,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Walked:
    """Walk one chain from its first entry to its head. Memory does not grow with its length.

    Entries may be appended meanwhile: the head is read before and after. `told` hears how far the walk is.
    """
    walk = _Walk(organisation_id, checkpoint)
    if broken := walk.begin():
        return Walked(organisation_id, 0, broken)
    for number, (event, details) in enumerate(_entries(organisation_id)):
        if number % CHUNK == 0:
            told(number, max(number, walk.head.seq - walk.first))
        if broken := walk.step(event, details):
            return Walked(organisation_id, walk.seq - walk.first, broken)
    return Walked(organisation_id, walk.seq - walk.first, walk.end())


Details = dict[str, EventDetail]


def _entries(organisation_id: uuid.UUID) -> Iterator[tuple[Event, Details]]:
    rows = Event.objects.filter(organisation_id=organisation_id).order_by("seq").iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        details: dict[uuid.UUID, Details] = {event.pk: {} for event in chunk}
        for detail in EventDetail.objects.filter(event_id__in=details):
            details[detail.event_id][detail.digest] = detail
        yield from ((event, details[event.pk]) for event in chunk)


def _head(organisation_id: uuid.UUID) -> EventHead:
    return EventHead.objects.filter(pk=organisation_id).first() or EventHead(organisation_id=organisation_id)


class _Walk:
    def __init__(self, organisation_id: uuid.UUID, checkpoint: Checkpoint | None) -> None:
        self.organisation_id = organisation_id
        self.head = _head(organisation_id)
        self.marks = checkpoint.marks(organisation_id) if checkpoint else {}
        self.stump = EventStump.objects.filter(pk=organisation_id).first()
        self.first = self.seq = self.stump.seq if self.stump else 0
        self.hash = self.stump.hash if self.stump else ""
        self.seal = EventSeal.objects.filter(pk=organisation_id).first()
        self.current, self.replaced = event_keys.current(), event_keys.replaced()
        self.without_detail: dict[str, Broken] = {}

    def begin(self) -> Broken | None:
        """Look at what was left of entries that were deleted; return what is wrong with it."""
        if self.stump and not is_genuine(self.stump):
            return Broken(self.organisation_id, self.stump.seq, None, "stump")
        if self.seal and not (event_seals.is_genuine(self.seal) and self._is_as_sealed(self.seq, self.hash)):
            return Broken(self.organisation_id, self.seal.seq, None, "seal")
        if self.marks.get(self.seq, self.hash) != self.hash:
            return Broken(self.organisation_id, self.seq, None, "checkpoint")
        return None

    def _is_as_sealed(self, seq: int, hash: str) -> bool:
        return self.seal is None or seq != self.seal.seq or hash == self.seal.hash

    def _key_fault(self, event: Event) -> str:
        """Return what is wrong with the hash of an entry: "" when a key made it that is believed at its place."""
        if any(chain_hash(event.payload, key) == event.hash for key in self.current):
            return "" if self._is_as_sealed(event.seq, event.hash) else "seal"
        if not any(chain_hash(event.payload, key) == event.hash for key in self.replaced):
            return "payload"
        if self.seal is None or event.seq > self.seal.seq:
            return "key"
        return "" if self._is_as_sealed(event.seq, event.hash) else "seal"

    def step(self, event: Event, details: Details) -> Broken | None:
        """Take the next entry; return what is wrong with it."""
        if event.seq != self.seq + 1:
            return self._broken(event, "missing")
        if fault := self._key_fault(event):
            return self._broken(event, fault)
        payload = json.loads(event.payload)
        if not (payload["previous"] == event.previous_hash == self.hash):
            return self._broken(event, "link")
        if not _copies_agree(event, payload):
            return self._broken(event, "copy")
        if self.marks.get(event.seq, event.hash) != event.hash:
            return self._broken(event, "checkpoint")
        if event.seq == self.head.seq and event.hash != self.head.hash:
            return self._broken(event, "head")
        if payload["tag"] == Tag.EVENT_LOG_PRUNED and payload["after"]["seq"] > self.first:
            return self._broken(event, "stump")
        self.seq, self.hash = event.seq, event.hash
        return self._details(event, payload, details)

    def _details(self, event: Event, payload: JSON, details: Details) -> Broken | None:
        for digest in digests(payload):
            if (row := details.get(digest)) is None:
                # Perhaps erased on purpose: a tombstone further on will say so.
                self.without_detail[digest] = self._broken(event, "detail")
            elif hashlib.sha256(f"{row.salt}{row.value}".encode()).hexdigest() != digest:
                return self._broken(event, "detail")
        if payload["tag"] == Tag.PERSON_ERASED:
            for digest in payload["after"]["erased"]:
                self.without_detail.pop(digest, None)
        return None

    def end(self) -> Broken | None:
        """Compare the end of the chain with its head and with the checkpoint."""
        if self.without_detail:
            return min(self.without_detail.values(), key=lambda broken: broken.seq)
        if max(self.head.seq, self.seal.seq if self.seal else 0) > self.seq:
            return Broken(self.organisation_id, self.seq + 1, None, "tail")
        if _head(self.organisation_id).seq < self.seq:
            return Broken(self.organisation_id, self.seq, None, "head")
        if any(seq > self.seq for seq in self.marks):
            return Broken(self.organisation_id, self.seq + 1, None, "checkpoint")
        return None

    def _broken(self, event: Event, fault: str) -> Broken:
        return Broken(self.organisation_id, event.seq, event.pk, fault)


def _copies_agree(event: Event, payload: dict[str, Any]) -> bool:
    kind, object_id, label = payload["object"]
    return (
        payload["id"] == str(event.pk)
        and payload["organisation"] == str(event.organisation_id)
        and payload["seq"] == event.seq
        and payload["time"] == as_json(event.time)
        and payload["tag"] == event.tag
        and payload["slice"] == event.slice
        and payload["actor"] == as_json(event.actor_id)
        and payload["system"] == as_json(event.system_id)
        and kind == event.object_kind
        and event.object_id in (None, _uuid(object_id))
        and event.object_label == (label if isinstance(label, str) else "")
        and event.request_id == payload["request_id"][:REQUEST_ID]
        and event.words == words_of(payload)
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def digests(value: JSON) -> Iterator[str]:
    """Yield every digest of a personal value in a payload, however deep."""
    match value:
        case dict() if value.keys() == {DIGEST} and isinstance(value[DIGEST], str):
            yield value[DIGEST]
        case dict():
            for inner in value.values():
                yield from digests(inner)
        case list():
            for inner in value:
                yield from digests(inner)
