"""The structure as those see it who write."""

import uuid
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import lists
from adgang.lib.lists import Column, Empty, Filter, ListSpec, Rows
from contacts import access, paths, previewing, searching, showing
from contacts.highlighting import found_by, highlighted
from contacts.models import ContactPoint
from contacts.previewing import Audience, Message, Preview, reason
from contacts.views import beside
from contacts.views.listing import Ways
from organisations.models import Organisation
from organisations.rights import Right


def structure_preview(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show the categories and contact points that a writer chooses among, or what their search finds."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    preview = Preview(organisation, Audience.of(request.GET.get("som", "")))
    group_id = next(iter(beside.ids_in(request.GET.get("gruppe", ""))), None)
    if group_id is not None and group_id not in preview.groups:
        raise Http404
    query = request.GET.get("q", "").replace("\0", "").strip()[: lists.MAX_QUERY]
    context = _shared(organisation, preview.audience) | {
        "preview": preview,
        "shelf": preview.shelf(group_id),
        "group_id": group_id,
        "query": query,
        "hits": _hits(query, preview) if query else [],
    }
    return render(request, "contacts/structure_preview.html", context)


def _shared(organisation: Organisation, audience: Audience) -> dict[str, Any]:
    return {"organisation": organisation, "audience": audience, "audiences": list(Audience)}


def _hits(query: str, preview: Preview) -> list[tuple[ContactPoint, str, str, str]]:
    """Return (point, its name with the words found, the term that found it else, its place) for a writer's search."""
    points = previewing.seen(preview.organisation, preview.audience)
    points = points.prefetch_related("placements", "search_terms", "codes")
    found = searching.search_points(query, points, organisation=preview.organisation, by_ids=False)
    words = found.question.all_words
    return [
        (
            point,
            highlighted(point.name, words),
            found_by(point, words),
            " · ".join(showing.path_text(preview.way(place.group_id)) for place in point.placements.all()),
        )
        for point in found.points
    ]


def structure_preview_point(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Show what a writer is asked for at a contact point, and where their message goes."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_VIEW)
    audience = Audience.of(request.GET.get("som", ""))
    first = found.placements.order_by("position").first()
    way = paths.above([first.group_id] if first and first.group_id else [])
    context = _shared(found.organisation, audience) | {
        "point": found,
        "message": Message(found, timezone.now()),
        "why": reason(found, audience),
        "way": way.chain(first.group_id) if first else [],
    }
    return render(request, "contacts/structure_preview_point.html", context)


def structure_preview_compare(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List what each audience finds, side by side, and why not what it does not."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    return lists.respond(
        request,
        spec(organisation, Ways(organisation)),
        ContactPoint.objects.filter(organisation=organisation).prefetch_related("placements"),
        template="contacts/structure_preview_compare.html",
        context=_shared(organisation, Audience.CITIZEN),
    )


def spec(organisation: Organisation, ways: Ways) -> ListSpec:
    """Return what the comparison shows."""
    return ListSpec(
        name="maalgrupper",
        caption=gettext_lazy("Who finds what"),
        columns=[
            Column(
                "name",
                gettext_lazy("Contact point"),
                "name",
                sort=("name",),
                link=lambda one: reverse("structure_preview_point", args=[organisation.cvr_number, one.pk]),
            ),
            Column("path", gettext_lazy("Stands in"), ways.of_point),
            *(Column(one.key, one.label, partial(_found, audience=one), sort=(f"-{one.field}",)) for one in Audience),
        ],
        search=partial(searching.narrowed, organisation=organisation),
        search_label=gettext_lazy("Search by name, description, search term or code"),
        filters=[
            Filter(
                "finder",
                gettext_lazy("Who finds it"),
                choices=[(one.key, one.label) for one in Audience] + [("ingen", gettext_lazy("Nobody"))],
                apply=partial(_found_by, organisation=organisation),
            )
        ],
        default_sort="name",
        empty=Empty(
            gettext_lazy("No contact points yet"),
            gettext_lazy("When there are contact points, it stands here who finds them."),
        ),
    )


def _found(point: ContactPoint, *, audience: Audience) -> str:
    return str(reason(point, audience) or _("Finds it"))


def _found_by(rows: Rows, value: str, *, organisation: Organisation) -> Rows:
    if value == "ingen":
        return rows.exclude(pk__in=ContactPoint.objects.open().filter(organisation=organisation).values("pk"))
    return rows.filter(pk__in=previewing.seen(organisation, Audience.of(value)).values("pk"))
