"""A contact point in a draft: shown, made, changed, moved, placed, ordered, deleted."""

import uuid
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from adgang.lib.confirm import confirm
from adgang.lib.toasts import toast
from contacts import access, dependants, states
from contacts.drafts import editing, offering
from contacts.drafts.lifecycle import NotOpen
from contacts.forms.drafts import DraftPointForm, Seen
from contacts.forms.places import MoveForm
from contacts.forms.points import NewPointForm
from contacts.loading import PointNode, Structure
from contacts.moving import Direction, LastPlace
from contacts.showing import AUDIENCES
from contacts.targets import TOP
from contacts.views.answers import posted_version
from contacts.views.drafts import shared
from contacts.views.drafts.groups import wanted_group
from contacts.views.drafts.shared import ChangedInDraft, InDraft, closed, current_point, look_again, page
from contacts.views.places import PLACE
from organisations.rights import Right


def draft_point(request: HttpRequest, cvr: str, draft_id: uuid.UUID, point_id: uuid.UUID) -> HttpResponse:
    """Show a contact point as the draft has it."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_VIEW))
    point = here.point(point_id)
    values = point.values
    state = states.of(active=values.active, visible=values.visible)
    context = {
        "point": point,
        "stamp": here.stamp(point),
        "state": state,
        "state_badge": states.BADGES[state],
        "audiences": ", ".join(str(label) for name, label in AUDIENCES.items() if getattr(values, name)),
        "places": [(str(group_id) if group_id else TOP, here.path(group_id)) for group_id in point.group_ids],
        "successor": here.structure.points.get(values.replaced_by) if values.replaced_by else None,
        **here.change_of(point),
    }
    return page(here, "contacts/draft_point.html", context, current=point.id, opened=point.group_ids)


def draft_point_create(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Make a contact point in the draft, in the group in the URL or at the top level."""
    draft = access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE)
    here = InDraft(request, draft)
    parent = wanted_group(here)
    parent_id = parent.id if parent else None
    default = next((system for system in here.structure.systems if system.is_default_recipient), None)
    initial = {"audiences": ["for_citizens"], "system": default.pk if default else None}
    form = NewPointForm(request.POST or None, organisation=draft.organisation, initial=initial)
    if request.method == "POST" and form.is_valid():
        text = _("The contact point %(name)s is created in the draft.")
        answer = shared.attempt(here, form, lambda now: editing.add_point(now, form.values(), [parent_id]), text)
        if answer:
            return answer
    context = {"form": form, "parent": parent}
    return page(here, "contacts/draft_point_create.html", context, current=parent_id, opened=[parent_id])


def draft_point_edit(request: HttpRequest, cvr: str, draft_id: uuid.UUID, point_id: uuid.UUID) -> HttpResponse:
    """Change what is said of a contact point in the draft, its state and successor included."""
    draft = access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE)
    here = InDraft(request, draft)
    point = here.point(point_id)
    form = DraftPointForm(
        request.POST or None,
        instance=Seen(point, here.stamp(point)),
        organisation=draft.organisation,
        values=point.values,
        structure=here.structure,
    )
    if request.method == "POST" and form.is_valid():
        answer = shared.attempt(
            here,
            form,
            lambda now: editing.set_point(now, current_point(now, point_id, form.version), form.values()),
            _("%(name)s is saved in the draft."),
        )
        if answer:
            return answer
    context = {"point": point, "form": form}
    return page(here, "contacts/draft_point_edit.html", context, current=point.id, opened=point.group_ids)


def draft_point_move(request: HttpRequest, cvr: str, draft_id: uuid.UUID, point_id: uuid.UUID) -> HttpResponse:
    """Choose where a point is to stand in the draft instead of one of its places, with search."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    seen_in = _place(request, here.point(point_id))

    def act(now: Structure, point: PointNode, to: uuid.UUID | None) -> PointNode:
        return editing.move_point(now, point, seen_in, to)

    return _place_page(here, point_id, act, "contacts/draft_point_move.html", place=here.path(seen_in))


def draft_point_place(request: HttpRequest, cvr: str, draft_id: uuid.UUID, point_id: uuid.UUID) -> HttpResponse:
    """Choose one more group for a point to stand in, in the draft."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    return _place_page(here, point_id, editing.place_point, "contacts/draft_point_place.html")


def _place_page(
    here: InDraft,
    point_id: uuid.UUID,
    act: Callable[[Structure, PointNode, uuid.UUID | None], PointNode],
    template: str,
    *,
    place: str = "",
) -> HttpResponse:
    request, point = here.request, here.point(point_id)
    there = {group_id for group_id in point.group_ids if group_id is not None}
    text, chosen = request.GET.get("q", ""), request.POST.get("to", "")
    offered = offering.groups(here.structure, text, without=there, chosen=chosen)
    form = MoveForm(request.POST or None, choices=offered.choices, initial={"version": here.stamp(point)})
    if request.method == "POST" and form.is_valid():
        to, version = offering.group_of(form.cleaned_data["to"]), form.cleaned_data["version"]
        answer = shared.attempt(
            here,
            form,
            lambda now: act(now, current_point(now, point_id, version), to),
            _("%(name)s now stands in: %(place)s."),
            place=here.path(to),
        )
        if answer:
            return answer
    context = {"point": point, "form": form, "targets": offered, "place": place}
    return page(here, template, context, current=point.id, opened=point.group_ids)


def _place(request: HttpRequest, point: PointNode) -> uuid.UUID | None:
    """Return the group that `?plads=` names among those the point stands in, else its first. Raises Http404."""
    wanted = request.POST.get(PLACE) or request.GET.get(PLACE) or ""
    for group_id in point.group_ids:
        if not wanted or wanted == (str(group_id) if group_id else TOP):
            return group_id
    raise Http404


def draft_point_unplace(request: HttpRequest, cvr: str, draft_id: uuid.UUID, point_id: uuid.UUID) -> HttpResponse:
    """Take a point out of one of its groups in the draft, after asking."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    point = here.point(point_id)
    group_id = _place(request, point)
    if request.method == "POST":
        version = posted_version(request)
        try:
            here.change(lambda now: editing.unplace_point(now, current_point(now, point_id, version), group_id))
        except NotOpen:
            return closed(here)
        except ChangedInDraft as changed:
            return look_again(here, changed)
        except LastPlace as refused:
            toast(request, shared.REFUSALS[type(refused)][1], variant="warning")
        else:
            toast(request, _("%(name)s was taken out of the group in the draft.") % {"name": point.values.name})
        return here.go(here.node_url(point))
    return confirm(
        request,
        title=_("Take %(name)s out of %(group)s?") % {"name": point.values.name, "group": here.path(group_id)},
        consequences=[_("The contact point stays in its other groups and keeps its ID.")],
        submit=_("Take it out"),
        cancel_url=here.node_url(point),
        danger=False,
        version=here.stamp(point),
        hidden={PLACE: str(group_id) if group_id else TOP},
        crumbs=[here.draft.name, here.url("draft"), point.values.name, here.node_url(point)],
    )


def draft_point_order(request: HttpRequest, cvr: str, draft_id: uuid.UUID, point_id: uuid.UUID) -> HttpResponse:
    """Move a point one step among the points of one of its groups in the draft."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    point = here.point(point_id)
    if request.method != "POST" or request.POST.get("direction") not in list(Direction):
        return HttpResponseNotAllowed(["POST"])
    group_id, version = _place(request, point), posted_version(request)
    direction = Direction(request.POST["direction"])
    try:
        moved = here.change(
            lambda now: editing.step_point(now, current_point(now, point_id, version), group_id, direction)
        )
    except NotOpen:
        return closed(here)
    except ChangedInDraft as changed:
        return look_again(here, changed, here.node_url(point))
    shared.say_moved(here, point, moved=moved)
    return here.go(here.node_url(point))


def draft_point_delete(request: HttpRequest, cvr: str, draft_id: uuid.UUID, point_id: uuid.UUID) -> HttpResponse:
    """Say what deleting a contact point in the draft will mean once it is published, and do it."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    point = here.point(point_id)
    if request.method == "POST":
        version = posted_version(request)
        try:
            here.change(lambda now: editing.delete_point(now, current_point(now, point_id, version)))
        except NotOpen:
            return closed(here)
        except ChangedInDraft as changed:
            return look_again(here, changed)
        toast(request, _("The contact point %(name)s is deleted in the draft.") % {"name": point.values.name})
        return here.go(here.url("draft"))
    referrers = dependants.contact_dependants(here.draft.organisation, {point.id})
    return confirm(
        request,
        title=_("Delete %(name)s in the draft?") % {"name": point.values.name},
        consequences=[
            _("Once the draft is published, replies to letters that carry its ID are refused."),
            _("To let such replies arrive, edit it instead and choose the state “Replies only”."),
            *(one.text for one in referrers),
        ],
        submit=_("Delete it in the draft"),
        cancel_url=here.node_url(point),
        version=here.stamp(point),
        crumbs=[here.draft.name, here.url("draft"), point.values.name, here.node_url(point)],
    )
