"""The event log of an organisation, and of the installation."""

import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from adgang.lib import lists, slots
from adgang.lib.long_lists import LongListPage
from organisations import access, event_filters, event_lookups, people
from organisations.event_list import address, event_list, event_url
from organisations.event_reading import Reading, chain, details_of, known_ids, link, slices
from organisations.models import Organisation, User
from organisations.rights import Right

MOST = 200  # of an import's thousands a person reads the first
UNLISTED = ("object", "request")  # filters that links lead to, without a field of their own
RELATED = 50


def events(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List what happened in the organisation, in the parts of the log that the person may read."""
    organisation = access.organisation(request, cvr, right=Right.EVENTS_VIEW)
    persons = people.people(organisation, at=timezone.now()).order_by("name").prefetch_related(None)
    return _log(request, organisation, list(persons), template="organisations/events.html")


def operations_events(request: HttpRequest) -> HttpResponseBase:
    """List what the operators of the installation did."""
    access.operator(request, right=Right.OPERATIONS_VIEW)
    operators = User.objects.filter(privileges__scope=None, privileges__isnull=False).distinct()
    return _log(request, None, list(operators), template="organisations/operations_events.html")


def _log(
    request: HttpRequest, organisation: Organisation | None, persons: list[User], *, template: str
) -> HttpResponseBase:
    caller = access.caller(request)
    readable = slices(caller, organisation)
    shown = event_filters.shown_in(request.GET)
    unlisted = {name: shown[name] for name in UNLISTED if name in shown}
    rows = event_filters.narrowed(chain(organisation).filter(slice__in=readable), unlisted, organisation)
    event_lookups.note_reading(caller=caller, organisation=organisation, shown=shown)
    spec = replace(
        event_list(organisation, slices=readable, people=persons),
        export_url=address("event_export", organisation),
        subscribe_url=address("event_subscribe", organisation) if organisation else "",
    )
    context = {"organisation": organisation, "slices": readable, "unlisted": unlisted}
    return lists.respond(request, spec, rows, template=template, context=context, page_class=LongListPage)


def event(request: HttpRequest, cvr: str, event_id: uuid.UUID) -> HttpResponse:
    """Show one event: who, what, before and after."""
    organisation = access.organisation(request, cvr, right=Right.EVENTS_VIEW)
    return _one(request, organisation, event_id, template="organisations/event.html")


def operations_event(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    """Show one event of the installation's own log."""
    access.operator(request, right=Right.OPERATIONS_VIEW)
    return _one(request, None, event_id, template="organisations/event.html")


def _one(
    request: HttpRequest, organisation: Organisation | None, event_id: uuid.UUID, *, template: str
) -> HttpResponse:
    readable = chain(organisation).filter(slice__in=slices(access.caller(request), organisation))
    found, log_url = get_object_or_404(readable, pk=event_id), address("events", organisation)
    reading = Reading(found, details_of([found])[found.pk])
    changes = reading.changes(known_ids(organisation))
    together = readable.filter(request_id=found.request_id).exclude(pk=found.pk).exclude(request_id="").order_by("seq")
    context = {
        "organisation": organisation,
        "reading": reading,
        "changes": changes[:MOST],
        "further": max(0, len(changes) - MOST),
        "object_url": link(found, organisation) if organisation else "",
        "history_url": f"{log_url}?object={found.object_id}" if found.object_id else "",
        "related": [(Reading(one), event_url(one, organisation)) for one in together[:RELATED]],
        "related_url": f"{log_url}?request={found.request_id}",
        "actions": [act(request, found, organisation) for act in slots.fillings("event_actions") if organisation],
    }
    return render(request, template, context)
