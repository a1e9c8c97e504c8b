"""Order among siblings: a step up or down, or right after one of them."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from contacts import access, moving, positions
from contacts.forms.places import OrderForm
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.moving import Direction
from contacts.positions import Edge, NoSuchSibling, Place
from contacts.views.answers import go, group_url, look_again, point_url, posted_version
from contacts.views.places import placement_of
from organisations.rights import Right

SIBLINGS_SHOWN = 200


def group_order(request: HttpRequest, cvr: str, group_id: uuid.UUID) -> HttpResponse:
    """Move a group among its siblings: a step up or down, or right after one of them."""
    found = access.group(request, cvr, group_id, right=Right.CONTACTS_CHANGE)
    caller = access.caller(request)
    siblings = positions.child_groups(found.organisation, found.parent_id)

    def step(direction: Direction, version: int) -> bool:
        return moving.step_group(caller=caller, group=found, direction=direction, version=version)

    def put(place: Place, version: int) -> None:
        moving.move_group(caller=caller, group=found, to=found.parent, place=place, version=version)

    labels = siblings.exclude(pk=found.pk).order_by("position").values_list("pk", "name")
    return _order_page(request, cvr, found, labels, step, put, "contacts/group_order.html")


def point_order(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Move a point among the points of one of its groups: a step up or down, or right after one of them."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_CHANGE)
    placement = placement_of(request, found)
    caller = access.caller(request)
    siblings = positions.child_places(found.organisation, placement.group_id)

    def step(direction: Direction, version: int) -> bool:
        return moving.step_point(caller=caller, placement=placement, direction=direction, version=version)

    def put(place: Place, version: int) -> None:
        moving.move_point(caller=caller, placement=placement, to=placement.group, place=place, version=version)

    labels = siblings.exclude(pk=placement.pk).order_by("position").values_list("pk", "point__name")
    return _order_page(request, cvr, found, labels, step, put, "contacts/point_order.html", placement=placement)


def _order_page(
    request: HttpRequest,
    cvr: str,
    obj: ContactGroup | ContactPoint,
    labels: QuerySet[Any, Any],
    step: Callable[[Direction, int], bool],
    put: Callable[[Place, int], None],
    template: str,
    *,
    placement: Placement | None = None,
) -> HttpResponse:
    back = group_url(obj) if isinstance(obj, ContactGroup) else point_url(obj)
    shown = list(labels[: SIBLINGS_SHOWN + 1])
    choices = [(Edge.FIRST.value, _("First")), (Edge.LAST.value, _("Last"))]
    choices += [(str(pk), _("After %(name)s") % {"name": name}) for pk, name in shown[:SIBLINGS_SHOWN]]
    form = OrderForm(
        request.POST if "after" in request.POST else None, choices=choices, initial={"version": obj.version}
    )
    direction = request.POST.get("direction", "")
    try:
        if direction in list(Direction):
            _say(request, obj.name, moved=step(Direction(direction), posted_version(request)))
            return go(request, back)
        if form.is_bound and form.is_valid():
            put(_place_of(form.cleaned_data["after"]), form.cleaned_data["version"])
            _say(request, obj.name, moved=True)
            return go(request, back)
    except StaleVersion as stale:
        return look_again(request, stale, cvr)
    except NoSuchSibling:
        form.add_error("after", _("It was moved or deleted meanwhile. Choose another."))
    context = {
        "object": obj,
        "form": form,
        "back": back,
        "placement": placement,
        "has_more": len(shown) > SIBLINGS_SHOWN,
    }
    return render(request, template, context)


def _place_of(choice: str) -> Place:
    return Edge(choice) if choice in {edge.value for edge in Edge} else uuid.UUID(choice)


def _say(request: HttpRequest, name: str, *, moved: bool) -> None:
    if moved:
        toast(request, _("%(name)s was moved.") % {"name": name})
    else:
        toast(request, _("%(name)s stands at that end already.") % {"name": name}, variant="info")
