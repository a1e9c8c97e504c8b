"""The event log of an organisation, and of the installation."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from adgang.lib import lists, slots
from organisations import access, event_lookups, people
from organisations.demo_people import id_of
from organisations.event_list import event_list
from organisations.event_reading import Reading, chain, details_of, known_ids, link, slices
from organisations.models import Organisation, User
from organisations.rights import Right

MOST = 200  # of an import's thousands a person reads the first
SHOWN = ("q", "from", "to", "tag", "slice", "actor", "kind", "object")


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
    rows = chain(organisation).filter(slice__in=readable)
    if about := request.GET.get("object", ""):
        rows = rows.filter(object_id=id_of(about))
    shown = {name: value for name in SHOWN if (value := request.GET.get(name, "")[: lists.MAX_QUERY])}
    if (file_format := request.GET.get("format", "")) in ("csv", "xlsx"):
        event_lookups.note_export(caller=caller, organisation=organisation, shown=shown, file_format=file_format)
    else:
        event_lookups.note_reading(caller=caller, organisation=organisation, shown=shown)
    spec = event_list(organisation, slices=readable, people=persons)
    context = {"organisation": organisation, "slices": readable, "about_one_object": bool(about)}
    return lists.respond(request, spec, rows, template=template, context=context)


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
    found = get_object_or_404(readable, pk=event_id)
    reading = Reading(found, details_of([found])[found.pk])
    changes = reading.changes(known_ids(organisation))
    context = {
        "organisation": organisation,
        "reading": reading,
        "changes": changes[:MOST],
        "further": max(0, len(changes) - MOST),
        "object_url": link(found, organisation) if organisation else "",
        "actions": [act(request, found, organisation) for act in slots.fillings("event_actions") if organisation],
    }
    return render(request, template, context)
