"""Gathering what the portal holds about one person, without secrets and without other people."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import BinaryField, Field, ForeignKey, Model, Q, QuerySet, UUIDField
from django.utils import timezone

from adgang.about_person.table import ADDRESSED, BRIEF, DID, LEFT_OUT, OF_REQUESTER, OF_TARGET, OWN
from adgang.lib.snapshots import JSON, as_json
from organisations import email_changes
from organisations.devices import devices
from organisations.event_tags import label_of
from organisations.event_words import kind_name
from organisations.events import DIGEST, OPERATOR_CHAIN
from organisations.models import Documentation, Event, EventDetail, Organisation, User

MOST = 50_000  # rows of one kind; the newest of the event log
CHUNK = 500
Row = dict[str, JSON]


@dataclass
class Section:
    """One kind of what is held: its name for programs, its title for people, its rows."""

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The name of the rows' model, as the event log writes it."""
        return self.name.partition("_")[0]


@dataclass
class Gathered:
    """`documents` are the files that the person uploaded to requests, by the name they get in the archive."""

    account: Row
    sections: list[Section]
    did: list[Row]
    events: list[Row]
    documents: dict[str, Documentation]
    cut: bool = False

    def as_json(self) -> Row:
        """Return it as one JSON object."""
        return {
            "made": as_json(timezone.now()),
            "account": self.account,
            **{section.name: section.rows for section in self.sections},
            "did": self.did,
            "events": self.events,
            "documents": list(self.documents),
            "cut": self.cut,
        }


def gather(user: User, *, told: Callable[[int, int], None] = lambda done, total: None) -> Gathered:
    """Return everything about the person. `told` hears how far it is."""
    addresses = email_changes.addresses_of(user)
    parts = [*OWN, *ADDRESSED]
    sections = []
    for number, key in enumerate(parts):
        told(number, len(parts) + 2)
        title = str(OWN[key] if key in OWN else ADDRESSED[key])
        sections.append(Section(_name(key), title, _rows(key, user, addresses)))
    did = sorted((row for key in sorted(DID) for row in _did(key, user)), key=lambda row: str(row["time"]))
    events = list(_events(user))
    account = _own(user, user, frozenset())
    account["where_logged_in"] = [
        {"browser": one.browser, "address": one.address, "signed_in": as_json(one.signed_in)}
        for one in devices(user, session_key=None)
    ]
    documents = Documentation.objects.filter(request__requester=user).uploaded().select_related("blob")
    named = {f"documents/{number}-{one.blob.filename}": one for number, one in enumerate(documents, 1) if one.blob}
    return Gathered(account, sections, did, events, named, cut=len(events) == MOST)


def _name(key: str) -> str:
    model, name = key.rsplit(".", 1)
    return f"{model.rsplit('.', 1)[1].lower()}_{name}"


def _rows(key: str, user: User, addresses: list[str]) -> list[Row]:
    label, name = key.rsplit(".", 1)
    model = apps.get_model(label)
    if key in OWN:
        return [_own(row, user, _of_other(label, name)) for row in _related(model, Q(**{name: user}))]
    mine = Q(*((f"{name}__iexact", address) for address in addresses), _connector=Q.OR)
    if model.__name__ in BRIEF:
        return [_brief(row, name) for row in _related(model, mine)]
    return [_own(row, user, _of_other(label, name)) for row in _related(model, mine)]


def _related(model: type[Model], condition: Q) -> QuerySet[Any]:
    to_one = [one.name for one in model._meta.local_fields if isinstance(one, ForeignKey)]
    rows = model._base_manager.filter(condition).order_by("pk").select_related(*to_one)
    binary = [one.name for one in model._meta.local_fields if isinstance(one, BinaryField)]
    return rows.defer(*binary)[:MOST]


def _of_other(label: str, name: str) -> frozenset[str]:
    if label != "organisations.AccessRequest":
        return frozenset()
    return OF_TARGET if name == "requester" else OF_REQUESTER


def _own(row: Model, user: User, others: frozenset[str]) -> Row:
    """Return a row's fields as JSON; those that lead to other rows by their names."""
    secret = frozenset(getattr(row, "secret_fields", frozenset())) | LEFT_OUT.get(row._meta.label, frozenset()) | others
    shown = (one for one in row._meta.local_fields if one.name not in secret and _is_told(one))
    return {one.name: value for one in shown if (value := _value(row, one, user)) is not None}


def _is_told(one: "Field[Any, Any]") -> bool:
    """Keys of other people, and bytes, are not."""
    is_person = isinstance(one, UUIDField) and (one.name.endswith("_by_id") or one.name == "issuer_id")
    return not is_person and not isinstance(one, BinaryField) and not one.name.endswith("hash")


def _value(row: Model, one: "Field[Any, Any]", user: User) -> JSON:
    value = getattr(row, one.name)
    if isinstance(value, User):
        return value.name if value == user else None
    if isinstance(value, Model):
        return str(value)
    return as_json(value)


def _brief(row: Model, name: str) -> Row:
    stands = {one: as_json(getattr(row, one)) for one in (name, name.replace("email", "name")) if hasattr(row, one)}
    organisation = row if isinstance(row, Organisation) else getattr(row, "organisation", None)
    return {"id": str(row.pk), "what": str(row), "organisation": str(organisation or ""), **stands}


TIMES = ("created", "made", "changed", "started", "uploaded", "kept", "begun", "sent", "accepted", "allowed")


def _did(key: str, user: User) -> Iterator[Row]:
    label, name = key.rsplit(".", 1)
    model = apps.get_model(label)
    value = user.pk if isinstance(model._meta.get_field(name), UUIDField) else user
    for row in _related(model, Q(**{name: value})):
        organisation = getattr(row, "organisation", None)
        time = next((as_json(getattr(row, one)) for one in TIMES if getattr(row, one, None)), "")
        # What such a row is called may be somebody else's name: an invitation's, another person's token's.
        called = "" if getattr(row, "personal_fields", None) or label.endswith("GroupMember") else str(row)
        yield {
            "kind": kind_name(model._meta.model_name or ""),
            "as": name.removesuffix("_id"),
            "what": called,
            "id": str(row.pk),
            "organisation": str(organisation or ""),
            "time": time,
        }


def _events(user: User) -> Iterator[Row]:
    """Yield the entries that the person made or that are about them, the newest first."""
    rows = Event.objects.filter(Q(actor_id=user.pk) | Q(object_id=user.pk)).order_by("-time", "-seq")[:MOST]
    names = {OPERATOR_CHAIN: "", **dict(Organisation.objects.values_list("pk", "name"))}
    chunk: list[Event] = []
    for event in rows.iterator(chunk_size=CHUNK):
        chunk.append(event)
        if len(chunk) == CHUNK:
            yield from _told(chunk, user, names)
            chunk = []
    yield from _told(chunk, user, names)


def _told(chunk: list[Event], user: User, names: dict[uuid.UUID, str]) -> Iterator[Row]:
    details = dict(EventDetail.objects.filter(event_id__in=[one.pk for one in chunk]).values_list("digest", "value"))
    for event in chunk:
        payload = json.loads(event.payload)
        is_about = event.object_id == user.pk
        # Personal values of an entry about somebody else are that person's.
        own = details if is_about else {}
        yield {
            "time": payload["time"],
            "organisation": names.get(event.organisation_id, ""),
            "tag": event.tag,
            "title": label_of(event.tag),
            "done_by_you": event.actor_id == user.pk,
            "about_you": is_about,
            "kind": kind_name(event.object_kind),
            "object": user.name if is_about else event.object_label,
            "before": opened(payload["before"], own),
            "after": opened(payload["after"], own),
            "reason": payload["reason"],
        }


def opened(values: Row, details: dict[str, str]) -> Row:
    """Return values with the personal ones in their places; without those that are somebody else's."""
    found: Row = {}
    for name, value in values.items():
        if isinstance(value, dict) and value.keys() == {DIGEST}:
            kept = details.get(value[DIGEST])
            if kept is None:
                continue
            value = json.loads(kept)
        found[name] = value
    return found
