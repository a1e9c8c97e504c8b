"""A node of the tree dragged to another place; the pages “Move” and “Order” do the same without a mouse."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from contacts import access, undo_offers
from contacts.dropping import Drop, MovedMeanwhile, drop_group, drop_point
from contacts.models import ContactGroup
from contacts.moving import AlreadyThere, MovedBelowItself
from contacts.positions import NoSuchSibling
from contacts.registering import NoSuchGroup
from contacts.views.answers import go, group_url, point_url
from organisations.models import Event, Organisation
from organisations.rights import Right

LAST = "last"


def structure_drop(request: HttpRequest, cvr: str) -> HttpResponse:
    """Move what was dragged, and offer to undo it."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_CHANGE)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        url, name, event = _drop(request, organisation)
    except (MovedMeanwhile, NoSuchSibling, NoSuchGroup, StaleVersion):
        text = _("The tree was changed meanwhile, so nothing was moved. Here is how it is now.")
    except MovedBelowItself:
        text = _("A group cannot stand below itself. Choose another place.")
    except AlreadyThere:
        text = _("The contact point stands in that group already. Choose another.")
    else:
        undo_offers.toast_with_undo(request, _("%(name)s is moved.") % {"name": name}, cvr, event)
        return go(request, url)
    toast(request, text, variant="warning")
    return redirect("structure", cvr)


def _drop(request: HttpRequest, organisation: Organisation) -> tuple[str, str, Event]:
    caller, drop = access.caller(request), _read(request, organisation)
    if request.POST.get("kind") == "g":
        group, event = drop_group(caller=caller, organisation=organisation, drop=drop)
        return group_url(group), group.name, event
    point, event = drop_point(caller=caller, organisation=organisation, drop=drop)
    return point_url(point), point.name, event


def _read(request: HttpRequest, organisation: Organisation) -> Drop:
    """Return what the page says was dragged. Raises `MovedMeanwhile` or `NoSuchGroup` for what is not there."""
    node, to_id = _id(request, "node"), _id(request, "to")
    to = ContactGroup.objects.filter(organisation=organisation, pk=to_id).first() if to_id else None
    if node is None:
        raise MovedMeanwhile
    if to_id and to is None:
        raise NoSuchGroup
    is_last = request.POST.get("after") == LAST
    after = None if is_last else _id(request, "after")
    return Drop(node=node, seen_in=_id(request, "from"), to=to, after=after, last=is_last)


def _id(request: HttpRequest, name: str) -> uuid.UUID | None:
    """Return an id that was posted; None for nothing. Raises `MovedMeanwhile` for nonsense."""
    text = request.POST.get(name, "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise MovedMeanwhile from error
