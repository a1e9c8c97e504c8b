"""The list of the event log: columns, filters and words."""

import datetime as dt
from collections.abc import Sequence
from functools import cache

from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib.lists import Column, DateFilter, Empty, Filter, ListSpec, Rows
from adgang.lib.templatetags.adgang import badge
from organisations.event_reading import Reading
from organisations.event_tags import TAGS, Slice
from organisations.event_words import kind_name
from organisations.models import Event, Organisation, User

SLICE_NAMES = {
    Slice.ACTIONS: lambda: _("Actions"),
    Slice.LOOKUPS: lambda: _("Look-ups"),
    Slice.MESSAGES: lambda: _("Messages"),
}
BY_ITSELF = "none"


def event_list(organisation: Organisation | None, *, slices: Sequence[Slice], people: Sequence[User]) -> ListSpec:
    """Return the list's specification; the rows come from `event_reading.chain`. `people` are the actors to choose."""
    return ListSpec(
        name="events",
        caption=_("Event log"),
        columns=_columns(organisation),
        default_sort="-time",
        search=("object_label", "payload", "actor_name", "person_name"),
        search_label=_("Free text"),
        filters=[
            DateFilter("from", _("From and with"), apply=lambda rows, day: rows.filter(time__gte=_start(day))),
            DateFilter("to", _("To and with"), apply=lambda rows, day: rows.filter(time__lt=_start(day, days=1))),
            Filter("tag", _("Event"), choices=_tags(slices), apply=lambda rows, tag: rows.filter(tag=tag)),
            Filter("slice", _("Part of the log"), choices=_slices(slices), apply=_of_slice),
            Filter("actor", _("Person"), choices=_actors(people), apply=_by_actor),
            Filter("kind", _("Kind of object"), choices=_kinds(), apply=_of_kind),
        ],
        empty=Empty(_("No events yet"), _("Every change is written here with who did it and what it was before.")),
    )


def _columns(organisation: Organisation | None) -> list[Column]:
    return [
        Column("time", _("Time"), cell="time", sort=("time", "seq"), link=lambda event: event_url(event, organisation)),
        Column("tag", _("Event"), cell=title, export=lambda event: Reading(event).title, sort=("tag",)),
        Column("object", _("Object"), cell=object_text, sort=("object_label",)),
        Column("actor", _("Who"), cell=lambda event: Reading(event).actor),
        Column("changed", _("Changed"), cell=lambda event: Reading(event).changed),
        Column("reason", _("Reason"), cell=lambda event: Reading(event).reason, where="file"),
        Column("seq", _("Number"), cell="seq", where="file", numeric=True),
        Column("code", _("Code"), cell="tag", where="file"),
        Column("object_id", _("ID of the object"), cell="object_id", where="file"),
        Column("request", _("Request"), cell=lambda event: str(Reading(event).payload["request_id"]), where="file"),
    ]


def event_url(event: Event, organisation: Organisation | None) -> str:
    """Return the URL of one entry."""
    if organisation is None:
        return reverse("operations_event", args=[event.pk])
    return reverse("event", args=[organisation.cvr_number, event.pk])


def title(event: Event) -> SafeString | str:
    """Return what happened; that somebody gave a role to themselves is highlighted."""
    reading = Reading(event)
    if reading.is_self_granted:
        return format_html("{} {}", reading.title, badge(_("to oneself"), "warning"))
    return reading.title


def object_text(event: Event) -> str:
    """Return what the event happened to, with its kind."""
    reading = Reading(event)
    return f"{reading.object_kind}: {reading.object}" if reading.object else reading.object_kind


def _start(day: dt.date, *, days: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=days), dt.time()))


def _tags(slices: Sequence[Slice]) -> list[tuple[str, str]]:
    offered = [(str(tag), str(text.label)) for tag, text in TAGS.items() if text.slice in slices]
    return sorted(offered, key=lambda pair: pair[1].casefold())


def _slices(slices: Sequence[Slice]) -> list[tuple[str, str]]:
    return [(str(slice_), SLICE_NAMES[slice_]()) for slice_ in slices]


def _actors(people: Sequence[User]) -> list[tuple[str, str]]:
    return [(BY_ITSELF, _("The portal itself")), *((str(person.pk), person.name) for person in people)]


def _kinds() -> list[tuple[str, str]]:
    return sorted(((kind, kind_name(kind)) for kind in logged_kinds()), key=lambda pair: pair[1].casefold())


@cache
def logged_kinds() -> list[str]:
    """Return the kinds of objects that events tell of: every registered one, and a few more of this room."""
    kinds = {model._meta.model_name for model in apps.get_models() if hasattr(model, "version")}
    return sorted(kind for kind in kinds | {"user", "terms", "certificate", "sshkey"} if kind)


def _of_slice(rows: Rows, value: str) -> Rows:
    return rows.filter(slice=value)


def _of_kind(rows: Rows, value: str) -> Rows:
    return rows.filter(object_kind=value)


def _by_actor(rows: Rows, value: str) -> Rows:
    return rows.filter(Q(actor_id=None) if value == BY_ITSELF else Q(actor_id=value))
