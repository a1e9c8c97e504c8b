"""The event log: who did what to which object, before and after, chained so that tampering shows.

`record` or `record_all` is called once, last in the transaction that makes the change. It locks the head of each
chain it writes to (in UUID order), because reading the newest row without a lock forks the chain under concurrency.
The hash is an HMAC with a key outside the database over the text of `payload`; personal values stand in `EventDetail`
and the chain holds their salted digests.
"""

import datetime as dt
import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from adgang.lib.cpr import masked
from adgang.lib.secrets import same
from adgang.lib.snapshots import JSON, as_json
from organisations import event_keys
from organisations.callers import Caller
from organisations.event_tags import TAGS, Tag
from organisations.event_text import words_of
from organisations.models import Event, EventDetail, EventHead, Organisation

OPERATOR_CHAIN = uuid.UUID(int=0)
DIGEST = "digest"
REQUEST_ID = 64  # characters of it that are searched by


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened to `obj`. `personal` names keys of before/after (and "label") that tell of a person."""

    tag: Tag
    obj: Model
    before: dict[str, JSON] = field(default_factory=dict)
    after: dict[str, JSON] = field(default_factory=dict)
    reason: str = ""
    system_id: uuid.UUID | None = None
    personal: frozenset[str] = frozenset()

    def personal_names(self) -> frozenset[str]:
        """The keys whose values are kept outside the chain."""
        return self.personal | frozenset(getattr(self.obj, "personal_fields", frozenset()))


Told = list[tuple[Organisation | None, Entry]]

_told_of: ContextVar[dt.datetime | None] = ContextVar("_told_of", default=None)


@contextmanager
def told_of(moment: dt.datetime) -> Iterator[None]:
    """Let entries bear an earlier time, for a history that is invented: the demo's."""
    token = _told_of.set(moment)
    try:
        yield
    finally:
        _told_of.reset(token)


def record(caller: Caller, organisation: Organisation | None, entry: Entry) -> Event:
    """Append one event to the organisation's chain (None: the operator's). To be called last in the transaction."""
    return record_all(caller, [(organisation, entry)])[0]


def record_all(caller: Caller, entries: Iterable[tuple[Organisation | None, Entry]]) -> list[Event]:
    """Append events to the chains of their organisations, in order. To be called once, last in the transaction.

    Raises `TransactionManagementError` outside a transaction.
    """
    told = list(entries)
    told += _of_help(caller, told)
    listed = [(OPERATOR_CHAIN if owner is None else owner.pk, entry) for owner, entry in told]
    heads = _locked_heads({chain for chain, _ in listed})
    made = [_append(heads[chain], caller, entry) for chain, entry in listed]
    Event.objects.bulk_create([event for event, _ in made])
    EventDetail.objects.bulk_create([detail for _, details in made for detail in details])
    EventHead.objects.bulk_update(heads.values(), ["seq", "hash"])
    return [event for event, _ in made]


def _of_help(caller: Caller, told: Told) -> Told:
    """Return what a helper from the installation did elsewhere, for the operator's chain, with the reason for it."""
    if caller.user is None or not any(owner for owner, _entry in told) or not caller.helping:
        return []
    here = [entry for owner, entry in told if owner is None]
    sessions = {owner.pk: caller.help_for(owner.pk) for owner, _entry in told if owner is not None}
    return [
        (None, replace(entry, reason=entry.reason or session.reason))
        for owner, entry in told
        if owner is not None and (session := sessions[owner.pk]) is not None and entry not in here
    ]


def _locked_heads(chains: set[uuid.UUID]) -> dict[uuid.UUID, EventHead]:
    if transaction.get_connection().in_atomic_block is False:
        raise transaction.TransactionManagementError("events are recorded inside the transaction of their change")
    present = {head.pk: head for head in EventHead.objects.select_for_update().filter(pk__in=chains).order_by("pk")}
    missing = sorted(chains - present.keys())
    if not missing:
        return present
    EventHead.objects.bulk_create([EventHead(organisation_id=chain) for chain in missing], ignore_conflicts=True)
    return _locked_heads(chains)


# Objects whose label is a person's name: the name goes where it can be erased.
PERSON_KINDS = frozenset({"user", "invitation"})


class _Aside:
    """The personal values of one event, which stand beside the chain; the chain holds their digests."""

    def __init__(self, event_id: uuid.UUID) -> None:
        self.event_id = event_id
        self._kept: dict[tuple[str, str], EventDetail] = {}

    @property
    def details(self) -> list[EventDetail]:
        """What was put aside."""
        return list(self._kept.values())

    def put(self, name: str, value: JSON) -> dict[str, str]:
        """Put a value aside and return what stands for it; the same value of a name has one digest."""
        text = canonical(_clean(value))
        if (name, text) not in self._kept:
            salt = secrets.token_hex(16)
            digest = hashlib.sha256(f"{salt}{text}".encode()).hexdigest()
            self._kept[name, text] = EventDetail(event_id=self.event_id, digest=digest, salt=salt, value=text)
        return {DIGEST: self._kept[name, text].digest}

    def closed(self, values: dict[str, JSON], personal: frozenset[str]) -> dict[str, JSON]:
        """Return the values as the chain holds them."""
        return {
            name: self.put(name, value) if name in personal and value else _clean(value)
            for name, value in values.items()
        }


def _append(head: EventHead, caller: Caller, entry: Entry) -> tuple[Event, list[EventDetail]]:
    """Make the event that follows the head, and move the head to it."""
    aside, time = _Aside(uuid.uuid4()), _told_of.get() or timezone.now()
    payload = _payload(head, caller, entry, aside, time)
    head.seq, head.hash = head.seq + 1, chain_hash(canonical(payload))
    event = Event(
        id=aside.event_id,
        organisation_id=head.organisation_id,
        seq=head.seq,
        time=time,
        tag=entry.tag,
        slice=TAGS[entry.tag].slice,
        actor_id=caller.user.pk if caller.user else None,
        system_id=entry.system_id,
        object_kind=payload["object"][0],
        object_id=_uuid_or_none(entry.obj.pk),
        object_label=payload["object"][2] if isinstance(payload["object"][2], str) else "",
        request_id=payload["request_id"][:REQUEST_ID],
        words=words_of(payload),
        payload=canonical(payload),
        previous_hash=payload["previous"],
        hash=head.hash,
    )
    return event, aside.details


def _payload(head: EventHead, caller: Caller, entry: Entry, aside: _Aside, time: dt.datetime) -> dict[str, JSON]:
    """Return what is hashed: everything there is to tell, with its place in the chain."""
    kind, label, personal = entry.obj._meta.model_name or "", masked(str(entry.obj))[:300], entry.personal_names()
    return {
        "id": str(aside.event_id),
        "organisation": str(head.organisation_id),
        "seq": head.seq + 1,
        "time": as_json(time),
        "tag": str(entry.tag),
        "slice": str(TAGS[entry.tag].slice),
        "channel": str(caller.channel),
        "request_id": caller.request_id,
        "actor": str(caller.user.pk) if caller.user else None,
        "actor_label": aside.put("actor", caller.user.name) if caller.user else caller.label,
        "system": str(entry.system_id) if entry.system_id else None,
        "object": [kind, str(entry.obj.pk), aside.put("label", label) if kind in PERSON_KINDS else label],
        "before": aside.closed(entry.before, personal),
        "after": aside.closed(entry.after, personal),
        "reason": masked(entry.reason),
        "previous": head.hash,
    }


def _clean(value: JSON) -> JSON:
    match value:
        case str():
            return masked(value)
        case list():
            return [_clean(item) for item in value]
        case dict():
            return {name: _clean(item) for name, item in value.items()}
        case _:
            return value


def _uuid_or_none(value: Any) -> uuid.UUID | None:
    return value if isinstance(value, uuid.UUID) else None


def canonical(value: JSON) -> str:
    """Return the one text of a JSON value: keys sorted, no spaces, no escapes beyond JSON's own."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def chain_hash(payload: str, key: str = "") -> str:
    """Return the HMAC-SHA256, in hex, of an event's payload text (which names the previous hash).

    `key`: another than the one that new entries are made with.
    """
    return hmac.new((key or event_keys.current()[0]).encode(), payload.encode(), hashlib.sha256).hexdigest()


def signature(body: JSON, *, purpose: str, key: str = "") -> str:
    """Return the signature of what is kept about chains, in hex; `key` as above.

    Each purpose has a key of its own, so that a checkpoint can never pass for an event's hash or the other way round.
    """
    derived = hmac.new((key or event_keys.current()[0]).encode(), purpose.encode(), hashlib.sha256).digest()
    return hmac.new(derived, canonical(body).encode(), hashlib.sha256).hexdigest()


def is_signed(signed: str, body: JSON, *, purpose: str, keys: list[str]) -> bool:
    """Say whether one of the keys made the signature."""
    return any(same(signed, signature(body, purpose=purpose, key=key)) for key in keys)
