"""Reading the log is itself logged: once per person, filter and ten minutes, in a transaction of its own."""

import datetime as dt
import json
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from adgang.lib.cpr import masked
from adgang.lib.snapshots import JSON
from organisations import events, throttling
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import OPERATOR_CHAIN, Entry, canonical
from organisations.models import Event, EventDetail, Organisation, User

WINDOW = dt.timedelta(minutes=10)


def note_reading(*, caller: Caller, organisation: Organisation | None, shown: Mapping[str, str]) -> None:
    """Record that the person reads the log with this filter (names and values of the list), unless they just did."""
    if caller.user is None:
        # A program of the organisation itself: nobody's name stands at what it did, so a counter remembers it.
        key = f"read:{caller.key}:{organisation.pk if organisation else ''}:{canonical(dict(shown))}"
        if not caller.key or not throttling.allow(key, limit=1, window=WINDOW, at=timezone.now()):
            return
    elif _was_noted(caller.user, organisation, shown):
        return
    _record(caller, organisation, Tag.EVENT_LOG_SEARCHES, _told(shown))


@transaction.atomic
def note_once(*, caller: Caller, organisation: Organisation, tag: Tag, after: dict[str, JSON]) -> None:
    """Record that the person looks at something, unless they just did; `after` holds nothing personal."""
    if caller.user is None:
        return
    lately = Event.objects.filter(
        organisation_id=organisation.pk, time__gt=timezone.now() - WINDOW, actor_id=caller.user.pk, tag=tag
    )
    if not any(json.loads(payload)["after"] == after for payload in lately.values_list("payload", flat=True)):
        events.record(caller, organisation, Entry(tag=tag, obj=organisation, after=after))


def note_export(
    *, caller: Caller, organisation: Organisation | None, shown: Mapping[str, str], file_format: str
) -> None:
    """Record that the person takes a copy of the log, every time."""
    _record(caller, organisation, Tag.EVENT_LOG_EXPORTED, {**_told(shown), "format": file_format})


def _was_noted(user: User, organisation: Organisation | None, shown: Mapping[str, str]) -> bool:
    lately = Event.objects.filter(
        organisation_id=organisation.pk if organisation else OPERATOR_CHAIN,
        time__gt=timezone.now() - WINDOW,
        actor_id=user.pk,
        tag=Tag.EVENT_LOG_SEARCHES,
    )
    if not shown:
        return any(not json.loads(payload)["after"] for payload in lately.values_list("payload", flat=True))
    same = EventDetail.objects.filter(event_id__in=lately.values("pk"), value=canonical(_told(shown)["filter"]))
    return same.exists()


def _told(shown: Mapping[str, str]) -> dict[str, JSON]:
    """How the log tells of a filter. People are searched for by name, so it stands where it can be erased."""
    return {"filter": {name: masked(value) for name, value in sorted(shown.items())}} if shown else {}


@transaction.atomic
def _record(caller: Caller, organisation: Organisation | None, tag: Tag, after: dict[str, JSON]) -> None:
    about = organisation or caller.user
    if about is not None:
        entry = Entry(tag=tag, obj=about, after=after, personal=frozenset({"filter"}))
        events.record(caller, organisation, entry)
