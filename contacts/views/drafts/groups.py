"""A group in a draft: shown, made, changed, moved, ordered, copied, deleted."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.toasts import toast
from contacts import access, copying
from contacts.deleting import Children
from contacts.drafts import editing, offering
from contacts.drafts.lifecycle import NotOpen
from contacts.forms.drafts import CopyForm, DraftGroupForm, Seen
from contacts.forms.groups import GroupForm
from contacts.forms.places import MoveForm
from contacts.loading import GroupNode, Structure
from contacts.moving import Direction
from contacts.views.answers import posted_version
from contacts.views.beside import ids_in
from contacts.views.drafts import shared
from contacts.views.drafts.shared import ChangedInDraft, InDraft, closed, current_group, look_again, page
from organisations.rights import Right


def draft_group(request: HttpRequest, cvr: str, draft_id: uuid.UUID, group_id: uuid.UUID) -> HttpResponse:
    """Show a group as the draft has it."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_VIEW))
    group = here.group(group_id)
    context = {
        "group": group,
        "stamp": here.stamp(group),
        "groups_below": len(editing.groups_in(here.structure, group.id)),
        "points_below": len(editing.points_in(here.structure, group.id)),
        "way": [here.structure.groups[pk] for pk in reversed(list(_way(here.structure, group)))],
        **here.change_of(group),
    }
    return page(here, "contacts/draft_group.html", context, current=group.id, opened=[group.id])


def _way(structure: Structure, group: GroupNode) -> list[uuid.UUID]:
    """Return the groups above a group, from the nearest."""
    found = []
    while (parent := group.parent_id) is not None and parent not in found:
        found.append(parent)
        group = structure.groups[parent]
    return found


def draft_group_create(request: HttpRequest, cvr: str, draft_id: uuid.UUID) -> HttpResponse:
    """Make a group in the draft, below the group in the URL or at the top level."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    parent = wanted_group(here)
    parent_id = parent.id if parent else None
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = _("The group %(name)s is created in the draft.")
        answer = shared.attempt(here, form, lambda now: editing.add_group(now, form.values(), parent_id), text)
        if answer:
            return answer
    return page(
        here,
        "contacts/draft_group_create.html",
        {"form": form, "parent": parent},
        current=parent_id,
        opened=[parent_id],
    )


def wanted_group(here: InDraft) -> GroupNode | None:
    """Return the group that `?gruppe=` names, None for the top level. Raises Http404 for one that is not there."""
    text = here.request.GET.get("gruppe", "")
    if not text:
        return None
    found = [here.structure.groups[pk] for pk in ids_in(text) if pk in here.structure.groups]
    if not found:
        raise Http404
    return found[0]


def draft_group_edit(request: HttpRequest, cvr: str, draft_id: uuid.UUID, group_id: uuid.UUID) -> HttpResponse:
    """Change what is said of a group in the draft."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    group = here.group(group_id)
    form = DraftGroupForm(request.POST or None, instance=Seen(group, here.stamp(group)), values=group.values)
    if request.method == "POST" and form.is_valid():
        answer = shared.attempt(
            here,
            form,
            lambda now: editing.set_group(now, current_group(now, group_id, form.version), form.values()),
            _("%(name)s is saved in the draft."),
        )
        if answer:
            return answer
    context = {"group": group, "form": form}
    return page(here, "contacts/draft_group_edit.html", context, current=group.id, opened=[group.parent_id])


def draft_group_move(request: HttpRequest, cvr: str, draft_id: uuid.UUID, group_id: uuid.UUID) -> HttpResponse:
    """Choose where a group is to stand in the draft, with search; its branch comes along."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    group = here.group(group_id)
    own = {one.id for one in editing.below(here.structure, group)}
    offered = offering.groups(here.structure, request.GET.get("q", ""), without=own, chosen=request.POST.get("to", ""))
    form = MoveForm(request.POST or None, choices=offered.choices, initial={"version": here.stamp(group)})
    if request.method == "POST" and form.is_valid():
        to, version = offering.group_of(form.cleaned_data["to"]), form.cleaned_data["version"]
        answer = shared.attempt(
            here,
            form,
            lambda now: editing.move_group(now, current_group(now, group_id, version), to),
            _("%(name)s now stands in: %(place)s."),
            place=here.path(to),
        )
        if answer:
            return answer
    context = {"group": group, "form": form, "targets": offered, "place": here.path(group.parent_id)}
    return page(here, "contacts/draft_group_move.html", context, current=group.id, opened=[group.parent_id])


def draft_group_order(request: HttpRequest, cvr: str, draft_id: uuid.UUID, group_id: uuid.UUID) -> HttpResponse:
    """Move a group one step among its siblings in the draft."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    group = here.group(group_id)
    if request.method != "POST" or request.POST.get("direction") not in list(Direction):
        return HttpResponseNotAllowed(["POST"])
    direction, version = Direction(request.POST["direction"]), posted_version(request)
    try:
        moved = here.change(lambda now: editing.step_group(now, current_group(now, group_id, version), direction))
    except NotOpen:
        return closed(here)
    except ChangedInDraft as changed:
        return look_again(here, changed, here.node_url(group))
    shared.say_moved(here, group, moved=moved)
    return here.go(here.node_url(group))


def draft_group_copy(request: HttpRequest, cvr: str, draft_id: uuid.UUID, group_id: uuid.UUID) -> HttpResponse:
    """Copy a group with all that stands below it, beside it, in the draft."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    group = here.group(group_id)
    initial = {"name": _("%(name)s (copy)") % {"name": group.values.name}, "version": here.stamp(group)}
    form = CopyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = here.change(
                lambda now: copying.copy_in(
                    now, current_group(now, group_id, given["version"]).id, name=given["name"], to=group.parent_id
                )
            )
        except NotOpen:
            return closed(here)
        except ChangedInDraft as changed:
            return look_again(here, changed)
        toast(request, _("%(name)s is copied in the draft. What is in the copy has new IDs.") % {"name": given["name"]})
        return here.go(here.url("draft_group", made.group_id))
    below = editing.below(here.structure, group)
    inside = {group.id for group in below}
    points = sum(bool(inside.intersection(node.group_ids)) for node in here.structure.points.values())
    context = {"group": group, "form": form, "groups": len(below), "points": points}
    return page(here, "contacts/draft_group_copy.html", context, current=group.id, opened=[group.parent_id])


def draft_group_delete(request: HttpRequest, cvr: str, draft_id: uuid.UUID, group_id: uuid.UUID) -> HttpResponse:
    """Say what deleting a group in the draft would take with it, and do it: what stands in it moves up, or goes too."""
    here = InDraft(request, access.draft(request, cvr, draft_id, right=Right.CONTACTS_CHANGE))
    group = here.group(group_id)
    children = request.POST.get("children", "")
    if request.method == "POST" and children in list(Children):
        version, how = posted_version(request), Children(children)
        try:
            here.change(lambda now: editing.delete_group(now, current_group(now, group_id, version), how))
        except NotOpen:
            return closed(here)
        except ChangedInDraft as changed:
            return look_again(here, changed)
        toast(request, _("The group %(name)s is deleted in the draft.") % {"name": group.values.name})
        parent_id = group.parent_id
        return here.go(here.url("draft_group", parent_id) if parent_id else here.url("draft"))
    lines = _consequences(here.structure, group)
    context = {"group": group, "stamp": here.stamp(group), "lines": lines}
    return page(here, "contacts/draft_group_delete.html", context, current=group.id, opened=[group.parent_id])


def _consequences(structure: Structure, group: GroupNode) -> list[str]:
    """Return what deleting a whole branch would do, one line for each kind of thing; nothing for an empty group."""
    inside = {one.id for one in editing.below(structure, group)}
    standing = [set(node.group_ids) for node in structure.points.values() if inside.intersection(node.group_ids)]
    lost = sum(places <= inside for places in standing)
    counts = [
        (
            len(inside) - 1,
            ngettext("%(count)s group below it goes too.", "%(count)s groups below it go too.", len(inside) - 1),
        ),
        (lost, ngettext("%(count)s contact point goes too.", "%(count)s contact points go too.", lost)),
        (
            len(standing) - lost,
            ngettext(
                "%(count)s contact point stands in other groups too, and stays there.",
                "%(count)s contact points stand in other groups too, and stay there.",
                len(standing) - lost,
            ),
        ),
    ]
    return [text % {"count": count} for count, text in counts if count]
