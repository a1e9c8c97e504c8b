"""The tree beside a page: opened as the URL says and down to what the page is about."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from adgang.lib.lists import DateFilter, Filter, Rows
from contacts import access, filters, paths, rendering, tree, tree_remarks
from contacts.models import ContactGroup, ContactPoint
from organisations.models import Organisation
from organisations.rights import Right

OPEN = "aaben"
PANEL = "node-panel"


def ids_in(text: str) -> list[uuid.UUID]:
    """Return the ids in a list with commas; what is none is passed over."""
    found = []
    for part in text.split(",")[: 4 * tree.MOST_OPEN]:
        try:
            found.append(uuid.UUID(part))
        except ValueError:
            continue
    return found


@dataclass
class Beside:
    """The tree of an organisation as a page shows it. Nothing is read before a template asks for it.

    `current` is the group or point the page is about, `groups` the groups to which the tree is opened; `is_main` says
    that the tree itself is what the page is about.
    """

    request: HttpRequest
    organisation: Organisation
    current: uuid.UUID | None = None
    groups: Sequence[uuid.UUID | None] = ()
    is_main: bool = False

    @cached_property
    def paths(self) -> paths.Paths:
        """The ways down to `groups`."""
        return paths.above({group_id for group_id in self.groups if group_id is not None})

    @property
    def way(self) -> list[ContactGroup]:
        """The groups above the first of `groups`, from the top."""
        return self.paths.chain(self.groups[0])[:-1] if self.groups else []

    @property
    def here(self) -> list[uuid.UUID]:
        """The groups on the ways down to `groups`."""
        return [group.pk for group_id in self.groups for group in self.paths.chain(group_id)]

    @property
    def tree_url(self) -> str:
        """The URL of the tree alone, as open as it is here: where a small screen has no room for both."""
        opened = dict.fromkeys([*self.here, *ids_in(self.request.GET.get(OPEN, ""))])
        url = reverse("structure", args=[self.organisation.cvr_number])
        return f"{url}?{OPEN}={','.join(map(str, opened))}" if opened else url

    @cached_property
    def typed(self) -> dict[str, str]:
        """What the tree is filtered by."""
        return filters.given(self.request.GET)

    @property
    def filter_query(self) -> str:
        """What the tree is filtered by, as it stands in the URL."""
        return urlencode(self.typed)

    @cached_property
    def servers(self) -> dict[str, tree_remarks.Server]:
        """The systems that points may belong to."""
        return tree_remarks.servers_of(self.organisation, at=timezone.now())

    @cached_property
    def filters(self) -> list[Filter | DateFilter]:
        """What the tree can be filtered by."""
        return filters.of_points(self.organisation, systems=tree_remarks.choices(self.servers))

    @property
    def filter_fields(self) -> list[dict[str, object]]:
        """The filters with what is typed in each, for the form; nothing is asked of the database elsewhere."""
        return [
            {"filter": one, "typed": self.typed.get(one.key, ""), "error": one.error(self.typed.get(one.key, ""))}
            for one in self.filters
        ]

    @cached_property
    def found(self) -> tuple[tree.Tree, int]:
        """What passes the filters, and how many places there are of it."""
        points: Rows = ContactPoint.objects.filter(organisation=self.organisation)
        for one in self.filters:
            points = one.narrow(points, self.typed.get(one.key, ""))
        return tree.filtered(self.organisation, points, servers=self.servers, at=timezone.now())

    @property
    def is_shortened(self) -> bool:
        """Whether more passes the filters than is shown."""
        return self.found[1] > tree.MOST_FOUND

    @property
    def html(self) -> SafeString:
        """The nodes of the tree."""
        look = rendering.Look.of(self.organisation.cvr_number, current=self.current)
        if self.typed:
            return rendering.render(self.found[0], look)
        opened = [*self.here, *ids_in(self.request.GET.get(OPEN, ""))]
        keep = [*self.here, *([self.current] if self.current else [])]
        found = tree.branches(self.organisation, opened, keep=keep, servers=self.servers, at=timezone.now())
        return rendering.render(found, look)

    @property
    def may_change(self) -> bool:
        """Whether the person may change the structure."""
        return access.caller(self.request).may(Right.CONTACTS_CHANGE, self.organisation)

    @property
    def may_view(self) -> bool:
        """Whether the person sees the whole structure; a grant limited to one system shows single points only."""
        return access.caller(self.request).may(Right.CONTACTS_VIEW, self.organisation)


def page(
    request: HttpRequest,
    template: str,
    organisation: Organisation,
    context: dict[str, Any] | None = None,
    *,
    current: uuid.UUID | None = None,
    groups: Iterable[uuid.UUID | None] = (),
    is_main: bool = False,
    ways: paths.Paths | None = None,
) -> HttpResponse:
    """Return a page with the tree beside it; to htmx, which asks for the panel, without the tree.

    `ways` are the paths to `groups` where the page has read them already.
    """
    beside = Beside(request, organisation, current, list(groups), is_main)
    if ways is not None:
        beside.paths = ways
    partly = getattr(request, "htmx", None) and request.htmx.target == PANEL  # type: ignore[attr-defined]
    layout = "contacts/panel.html" if partly else "contacts/beside.html"
    return render(
        request,
        template,
        {"organisation": organisation, "beside": beside, "layout": layout, **(context or {})},
    )
