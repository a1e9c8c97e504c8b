"""Where groups and points stand: moved, ordered, placed in one more group, taken out of one."""

import uuid
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from contacts import access, moving, paths, targets
from contacts.forms.places import MoveForm
from contacts.models import ContactGroup, ContactPoint, Placement
from contacts.moving import AlreadyThere, LastPlace, MovedBelowItself
from contacts.registering import NoSuchGroup
from contacts.showing import path_text
from contacts.views.answers import go, group_url, look_again, point_url, posted_version
from organisations.rights import Right

PLACE = "plads"


def group_move(request: HttpRequest, cvr: str, group_id: uuid.UUID) -> HttpResponse:
    """Choose where a group is to stand, with search; its branch comes along."""
    found = access.group(request, cvr, group_id, right=Right.CONTACTS_CHANGE)
    own = {member.pk for member in paths.below([found.pk])}
    offered = targets.offered(
        found.organisation, request.GET.get("q", ""), without=own, chosen=request.POST.get("to", "")
    )
    form = MoveForm(request.POST or None, choices=offered.choices, initial={"version": found.version})

    def move(to: ContactGroup | None) -> None:
        moving.move_group(caller=access.caller(request), group=found, to=to, version=form.cleaned_data["version"])

    if request.method == "POST" and form.is_valid() and (answer := _moved(request, cvr, form, found, move)):
        return answer
    context = {
        "object": found,
        "form": form,
        "targets": offered,
        "here": path_text(paths.above([found.pk]).chain(found.parent_id)),
        "back": group_url(found),
    }
    return render(request, "contacts/group_move.html", context)


def _moved(
    request: HttpRequest,
    cvr: str,
    form: MoveForm,
    obj: ContactGroup | ContactPoint,
    act: Callable[[ContactGroup | None], None],
) -> HttpResponse | None:
    """Carry out a move; None when the form says why it did not go."""
    to = targets.group_of(form.cleaned_data["to"], obj.organisation)
    try:
        act(to)
    except StaleVersion as stale:
        return look_again(request, stale, cvr)
    except MovedBelowItself:
        form.add_error("to", _("A group cannot stand below itself. Choose another place."))
    except AlreadyThere:
        form.add_error("to", _("The contact point stands in that group already. Choose another."))
    except NoSuchGroup:
        form.add_error("to", _("The group was deleted meanwhile. Choose another place."))
    else:
        where = to.name if to else _("Top level")
        toast(request, _("%(name)s now stands in: %(place)s.") % {"name": obj.name, "place": where})
        return go(request, group_url(obj) if isinstance(obj, ContactGroup) else point_url(obj))
    return None


def point_move(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Choose where a point is to stand instead of one of its places, with search."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_CHANGE)
    placement = placement_of(request, found)
    return _place_page(request, cvr, found, placement, "contacts/point_move.html")


def point_place(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Choose one more group for a point to stand in, with search."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_CHANGE)
    return _place_page(request, cvr, found, None, "contacts/point_place.html")


def _place_page(
    request: HttpRequest, cvr: str, point: ContactPoint, placement: Placement | None, template: str
) -> HttpResponse:
    there = point.placements.exclude(group=None).values_list("group_id", flat=True)
    without = {group_id for group_id in there if group_id is not None}
    offered = targets.offered(
        point.organisation, request.GET.get("q", ""), without=without, chosen=request.POST.get("to", "")
    )
    form = MoveForm(request.POST or None, choices=offered.choices, initial={"version": point.version})

    def move(to: ContactGroup | None) -> None:
        caller, version = access.caller(request), form.cleaned_data["version"]
        if placement is None:
            moving.place_point(caller=caller, point=point, group=to, version=version)
        else:
            moving.move_point(caller=caller, placement=placement, to=to, version=version)

    if request.method == "POST" and form.is_valid() and (answer := _moved(request, cvr, form, point, move)):
        return answer
    group_id = placement.group_id if placement else None
    context = {
        "object": point,
        "form": form,
        "targets": offered,
        "here": path_text(paths.above({group_id} if group_id else ()).chain(group_id)),
        "back": point_url(point),
    }
    return render(request, template, context)


def placement_of(request: HttpRequest, point: ContactPoint) -> Placement:
    """Return the place of the point that `?plads=` names, else its first. Raises Http404 for another's."""
    wanted = request.POST.get(PLACE) or request.GET.get(PLACE) or ""
    placements = list(point.placements.select_related("group", "point__organisation"))
    for placement in placements:
        if not wanted or str(placement.pk) == wanted:
            return placement
    raise Http404


def point_unplace(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Take a point out of one of its groups, after asking."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_CHANGE)
    placement = placement_of(request, found)
    if request.method == "POST":
        try:
            moving.unplace_point(caller=access.caller(request), placement=placement, version=posted_version(request))
        except StaleVersion as stale:
            return look_again(request, stale, cvr)
        except LastPlace:
            toast(request, _("It is the only place of the contact point, so it stays."), variant="warning")
        else:
            toast(request, _("%(name)s was taken out of the group.") % {"name": found.name})
        return go(request, point_url(found))
    where = placement.group.name if placement.group else _("Top level")
    return confirm(
        request,
        title=_("Take %(name)s out of %(group)s?") % {"name": found.name, "group": where},
        consequences=[_("The contact point stays in its other groups and keeps its ID.")],
        submit=_("Take it out"),
        cancel_url=point_url(found),
        danger=False,
        version=found.version,
        hidden={PLACE: str(placement.pk)},
        crumbs=[found.name, point_url(found)],
    )
