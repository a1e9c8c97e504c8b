"""The list of the event log: columns, filters and words."""

from collections.abc import Sequence
from functools import cache

from django.apps import apps
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from adgang.lib.lists import Column, DateFilter, Empty, Filter, ListSpec
from adgang.lib.templatetags.adgang import badge
from organisations import event_filters
from organisations.event_filters import start_of
from organisations.event_names import SLICE_NAMES
from organisations.event_reading import Reading, known_ids
from organisations.event_tags import TAGS, Slice
from organisations.event_words import kind_name
from organisations.models import Event, Organisation, User


def event_list(organisation: Organisation | None, *, slices: Sequence[Slice], people: Sequence[User]) -> ListSpec:
    """Return the list's specification; the rows come from `event_reading.chain`. `people` are the actors to choose."""
    persons = [(str(person.pk), person.name) for person in people]
    systems = sorted(known_ids(organisation).items(), key=lambda pair: pair[1].casefold())
    return ListSpec(
        name="events",
        caption=_("Event log"),
        columns=columns(organisation),
        default_sort="-time",
        search=lambda rows, typed: event_filters.found(rows, typed, organisation),
        search_label=_("Free text"),
        filters=[
            DateFilter("from", _("From and including"), apply=lambda rows, day: rows.filter(time__gte=start_of(day))),
            DateFilter(
                "to", _("Up to and including"), apply=lambda rows, day: rows.filter(time__lt=start_of(day, days=1))
            ),
            _choice("tag", _("Event"), _tags(slices)),
            _choice("slice", _("Part of the log"), _slices(slices)),
            _choice("system", _("System"), systems),
            _choice("actor", _("Done by"), [(event_filters.BY_ITSELF, _("The portal itself")), *persons]),
            _choice("party", _("Done by or about"), persons),
            _choice("kind", _("Kind of object"), _kinds()),
        ],
        empty=Empty(_("No events yet"), _("Every change is written here with who did it and what it was before.")),
    )


def _choice(name: str, label: str, choices: list[tuple[str, str]]) -> Filter:
    return Filter(name, label, choices=choices, apply=event_filters.FILTERS[name])


def columns(organisation: Organisation | None) -> list[Column]:
    """Return the columns of the page and of a file. Only the time sorts: a page is read from an index (P15)."""
    return [
        Column("time", _("Time"), cell="time", sort=("time", "seq"), link=lambda event: event_url(event, organisation)),
        Column("tag", _("Event"), cell=title, export=lambda event: Reading(event).title),
        Column("object", _("Object"), cell=object_text),
        Column("actor", _("Who"), cell=lambda event: Reading(event).actor),
        Column("changed", _("Changed"), cell=lambda event: Reading(event).changed),
        Column("reason", _("Reason"), cell=lambda event: Reading(event).reason, where="file"),
        Column("seq", _("Number"), cell="seq", where="file", numeric=True),
        Column("code", _("Code"), cell="tag", where="file"),
        Column("object_id", _("ID of the object"), cell="object_id", where="file"),
        Column("request", _("Request"), cell="request_id", where="file"),
    ]


def address(name: str, organisation: Organisation | None, **parts: object) -> str:
    """Return the URL of a page about the log of an organisation, or of the installation: `operations_<name>`."""
    if organisation is None:
        return reverse(f"operations_{name}", kwargs=parts)
    return reverse(name, kwargs={"cvr": organisation.cvr_number, **parts})


def event_url(event: Event, organisation: Organisation | None) -> str:
    """Return the URL of one entry."""
    return address("event", organisation, event_id=event.pk)


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


def _tags(slices: Sequence[Slice]) -> list[tuple[str, str]]:
    offered = [(str(tag), str(text.label)) for tag, text in TAGS.items() if text.slice in slices]
    return sorted(offered, key=lambda pair: pair[1].casefold())


def _slices(slices: Sequence[Slice]) -> list[tuple[str, str]]:
    return [(str(slice_), str(SLICE_NAMES[slice_])) for slice_ in slices]


def _kinds() -> list[tuple[str, str]]:
    return sorted(((kind, kind_name(kind)) for kind in logged_kinds()), key=lambda pair: pair[1].casefold())


@cache
def logged_kinds() -> list[str]:
    """Return the kinds of objects that events tell of: every registered one, and a few more of this room."""
    kinds = {model._meta.model_name for model in apps.get_models() if hasattr(model, "version")}
    return sorted(kind for kind in kinds | {"user", "terms", "certificate", "sshkey"} if kind)
