"""The structure as lists: contact points and groups in tables with their paths, and what a search finds."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adgang.lib import lists, markup
from adgang.lib.lists import Column, Empty, Filter, ListSpec, Rows, alike
from adgang.lib.urls import leading_to
from contacts import access, filters, paths, quality, searching, showing, states
from contacts.highlighting import found_by, highlighted
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.views import beside
from organisations.models import Organisation
from organisations.rights import Right

BEGIN = gettext_lazy(
    "Here stand the contact points to which citizens, companies and authorities write. Create the first one, or "
    "import them from a spreadsheet."
)


def structure_list(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List the contact points with their paths; `?gruppe=` keeps to a group and all that stands below it."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    below = _below(request.GET, organisation)
    may_change = access.caller(request).may(Right.CONTACTS_CHANGE, organisation)
    ways = Ways(organisation)
    points: Rows = ContactPoint.objects.filter(organisation=organisation).select_related("system")
    return lists.respond(
        request,
        replace(
            points_spec(organisation, ways, may_change=may_change), read=ContactPoint.objects.with_row_data().in_bulk
        ),
        _inside(points.prefetch_related("placements", "search_terms"), below),
        template="contacts/structure_list.html",
        context={**_tabs(request, organisation), "tab": "points", "below": ways.text(below[0].pk) if below else ""},
        empty_action=_create(request, organisation, "point_create", _("Create a contact point")),
    )


def structure_groups(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List the groups with their paths."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    return lists.respond(
        request,
        groups_spec(organisation, Ways(organisation)),
        ContactGroup.objects.filter(organisation=organisation),
        template="contacts/structure_groups.html",
        context={**_tabs(request, organisation), "tab": "groups"},
        empty_action=_create(request, organisation, "group_create", _("Create a group")),
    )


def structure_search(request: HttpRequest, cvr: str) -> HttpResponse:
    """Find groups and points; each hit leads to its page, where the tree is opened down to it."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    text = request.GET.get("q", "").replace("\0", "")[: lists.MAX_QUERY]
    hits = searching.search(organisation, text)
    ways = paths.above(hits.group_ids)
    context = {
        "organisation": organisation,
        "query": text,
        "hits": hits,
        "groups": [(group, highlighted(group.name, hits.words), ways.text(group.parent_id)) for group in hits.groups],
        "points": [
            (point, highlighted(point.name, hits.words), found_by(point, hits.words), _places(point, ways))
            for point in hits.points
        ],
    }
    htmx = getattr(request, "htmx", None)
    template = "contacts/hits.html" if htmx else "contacts/structure_search.html"
    return render(request, template, context)


def _places(point: ContactPoint, ways: paths.Paths) -> str:
    return " · ".join(ways.text(place.group_id) or _("Top level") for place in point.placements.all())


class Ways:
    """The paths of an organisation's groups: those that a page needs, or all, when the first is asked for."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.paths: paths.Paths | None = None
        self.shown: dict[uuid.UUID, list[str]] = {}

    def to(self, points: Sequence[ContactPoint]) -> None:
        """Read the places of the points of a page and what stands above them, and no more."""
        placed = Placement.objects.filter(point__in=[point.pk for point in points]).values_list("point", "group")
        places = list(placed.order_by("position"))
        texts = paths.texts({group_id for _point, group_id in places if group_id is not None})
        top = _("Top level")
        for point_id, group_id in places:
            self.shown.setdefault(point_id, []).append(texts.get(group_id, top) if group_id else top)

    def text(self, group_id: uuid.UUID | None) -> str:
        """Return the path of a group; "" for the top level."""
        if self.paths is None:
            groups = ContactGroup.objects.filter(organisation=self.organisation)
            self.paths = paths.Paths(groups.only("name", "parent_id"))
        return self.paths.text(group_id)

    def of_point(self, point: ContactPoint) -> str:
        """Return the paths of a point's places; of one that `to` was not given, those that were fetched with it."""
        shown = self.shown.get(point.pk)
        if shown is None:
            shown = [self.text(place.group_id) or _("Top level") for place in point.placements.all()]
        return " | ".join(shown)


def within(points: Rows, query: QueryDict, organisation: Organisation) -> Rows:
    """Return the points in the group that a query names with `gruppe`, and below it; all without one."""
    return _inside(points, _below(query, organisation))


def _inside(points: Rows, below: list[ContactGroup]) -> Rows:
    return points.filter(pk__in=Placement.objects.filter(group__in=below).values("point")) if below else points


def _below(query: QueryDict, organisation: Organisation) -> list[ContactGroup]:
    """Return the group that the URL names, first, and those below it; nothing when it names none of ours."""
    wanted = beside.ids_in(query.get("gruppe", ""))[:1]
    found = [group for group in paths.below(wanted) if group.organisation_id == organisation.pk]
    return sorted(found, key=lambda group: group.pk not in wanted)


def _tabs(request: HttpRequest, organisation: Organisation) -> dict[str, Any]:
    may_change = access.caller(request).may(Right.CONTACTS_CHANGE, organisation)
    return {"organisation": organisation, "may_change": may_change}


def _create(request: HttpRequest, organisation: Organisation, name: str, text: str) -> tuple[str, str] | None:
    if not access.caller(request).may(Right.CONTACTS_CHANGE, organisation):
        return None
    return reverse(name, args=[organisation.cvr_number]), text


def points_spec(organisation: Organisation, ways: Ways, *, may_change: bool = False) -> ListSpec:
    """Return what the list shows of points; with a box to tick for those who may change them."""
    page_of = leading_to("point", organisation.cvr_number)
    label = _("Choose %(name)s")
    return ListSpec(
        name="kontaktpunkter",
        caption=gettext_lazy("Contact points"),
        columns=[
            Column(
                "name",
                gettext_lazy("Name"),
                lambda one: _ticked(one, page_of(one.pk), label) if may_change else _linked(one, page_of(one.pk)),
                sort=("name",),
                export=lambda one: one.name,
            ),
            Column("path", gettext_lazy("Stands in"), ways.of_point),
            Column(
                "state",
                gettext_lazy("State"),
                alike(showing.state_badge, by=attrgetter("active", "visible")),
                sort=("-active", "-visible"),
                export=lambda one: str(states.state(one).label),
            ),
            Column(
                "audiences",
                gettext_lazy("Target audiences"),
                alike(showing.audiences, by=attrgetter(*showing.AUDIENCES)),
            ),
            Column("system", gettext_lazy("System"), "system.name", sort=("system__name",)),
            Column("updated", gettext_lazy("Changed"), "updated", sort=("updated",)),
            Column("terms", gettext_lazy("Search terms"), _terms, where="file"),
            Column("description", gettext_lazy("Description"), "description", where="file"),
            Column("id", gettext_lazy("ID here"), lambda one: str(one.pk), where="file"),
            Column(
                "registry_id", gettext_lazy("ID in Digital Post"), lambda one: str(one.registry_id or ""), where="file"
            ),
        ],
        prepare=ways.to,
        search=partial(searching.narrowed, organisation=organisation),
        search_label=gettext_lazy("Search by name, description, search term, code, ID or former mailbox"),
        filters=filters.of_points(organisation),
        default_sort="name",
        empty=Empty(gettext_lazy("No contact points yet"), BEGIN),
    )


def groups_spec(organisation: Organisation, ways: Ways) -> ListSpec:
    """Return what the list shows of groups."""
    page_of = leading_to("group", organisation.cvr_number)
    return ListSpec(
        name="kontaktgrupper",
        caption=gettext_lazy("Contact groups"),
        columns=[
            Column(
                "name",
                gettext_lazy("Name"),
                "name",
                sort=("name",),
                link=lambda one: page_of(one.pk),
            ),
            Column("path", gettext_lazy("Stands in"), lambda one: ways.text(one.parent_id) or _("Top level")),
            Column("unit", gettext_lazy("Organisational unit"), "organisational_unit", sort=("-organisational_unit",)),
            Column("updated", gettext_lazy("Changed"), "updated", sort=("updated",)),
            Column("description", gettext_lazy("Description"), "description", where="file"),
            Column("id", gettext_lazy("ID here"), lambda one: str(one.pk), where="file"),
            Column(
                "registry_id", gettext_lazy("ID in Digital Post"), lambda one: str(one.registry_id or ""), where="file"
            ),
        ],
        search=partial(searching.narrowed, organisation=organisation),
        search_label=gettext_lazy("Search by name or description"),
        filters=[
            Filter(
                "problem",
                gettext_lazy("Problem"),
                choices=[(rule.code, rule.title) for rule in quality.rules() if rule.groups],
                apply=partial(filters.with_problem, organisation=organisation),
            ),
        ],
        default_sort="name",
        empty=Empty(
            gettext_lazy("No groups yet"),
            gettext_lazy("Groups are the categories in which writers look for the right contact point."),
        ),
    )


def _terms(point: ContactPoint) -> str:
    return ", ".join(term.term for term in point.search_terms.all())


def _linked(point: ContactPoint, url: str) -> SafeString:
    return markup.link(url, point.name)


def _ticked(point: ContactPoint, url: str, label: str) -> SafeString:
    """Return the name with a box before it, which belongs to the form above the list."""
    said = markup.escaped(label % {"name": point.name})
    box = f'<input type="checkbox" class="list-tick" form="bulk" name="punkt" value="{point.pk}" aria-label="{said}"> '
    return SafeString(box + markup.link(url, point.name))
