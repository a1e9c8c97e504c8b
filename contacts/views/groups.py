"""A group: shown, made, changed, deleted."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.conflicts import conflict_response
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from contacts import access, deleting, dependants, paths, quality, registering, undo_offers
from contacts.deleting import Children
from contacts.forms.groups import GroupEditForm, GroupForm
from contacts.models import ContactGroup
from contacts.registering import NoSuchGroup, RegistryIdTaken
from contacts.showing import registry_id_name
from contacts.values import GroupValues
from contacts.views import beside
from contacts.views.answers import go, group_url, look_again, posted_version
from organisations.event_reading import object_events
from organisations.models import Organisation
from organisations.rights import Right


def group(request: HttpRequest, cvr: str, group_id: uuid.UUID) -> HttpResponse:
    """Show a group, with the tree opened down to what stands in it."""
    found = access.group(request, cvr, group_id, right=Right.CONTACTS_VIEW)
    ways = paths.above([found.pk])
    context = {
        "group": found,
        "seen_to_by": quality.responsible_names(ways)(found.pk),
        "registry_id_name": registry_id_name(),
        "groups_below": found.children.count(),
        "points_below": found.placements.count(),
        "events": object_events(request, found.organisation, found.pk),
    }
    return beside.page(
        request, "contacts/group.html", found.organisation, context, current=found.pk, groups=[found.pk], ways=ways
    )


def group_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Make a group, below the group in the URL or at the top level."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_CHANGE)
    parent = wanted_group(request, organisation)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = registering.create_group(
                caller=access.caller(request), organisation=organisation, values=form.values(), parent=parent
            )
        except NoSuchGroup:
            form.add_error(None, _("The group it was to stand in was deleted. Go back and choose another place."))
        except RegistryIdTaken as taken:
            form.blame([("registry_id", taken.finding)])
        else:
            toast(request, _("The group %(name)s is created.") % {"name": made.name})
            return go(request, group_url(made))
    parent_id = parent.pk if parent else None
    return beside.page(
        request,
        "contacts/group_create.html",
        organisation,
        {"form": form, "parent": parent},
        current=parent_id,
        groups=[parent_id],
    )


def wanted_group(request: HttpRequest, organisation: Organisation) -> ContactGroup | None:
    """Return the group that `?gruppe=` names, None for the top level. Raises Http404 for one that is not there."""
    text = request.GET.get("gruppe", "")
    if not text:
        return None
    found = ContactGroup.objects.filter(organisation=organisation, pk__in=beside.ids_in(text)).first()
    if found is None:
        raise Http404
    return found


def group_edit(request: HttpRequest, cvr: str, group_id: uuid.UUID) -> HttpResponse:
    """Change what is said of a group."""
    found = access.group(request, cvr, group_id, right=Right.CONTACTS_CHANGE)
    form = GroupEditForm(request.POST or None, instance=found, values=GroupValues.of(found))
    if request.method == "POST" and form.is_valid():
        try:
            registering.change_group(
                caller=access.caller(request), group=found, values=form.values(), version=form.version
            )
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        except RegistryIdTaken as taken:
            form.blame([("registry_id", taken.finding)])
        else:
            toast(request, _("%(name)s is saved.") % {"name": found.name})
            return go(request, group_url(found))
    context = {"group": found, "form": form}
    return beside.page(
        request, "contacts/group_edit.html", found.organisation, context, current=found.pk, groups=[found.parent_id]
    )


def group_delete(request: HttpRequest, cvr: str, group_id: uuid.UUID) -> HttpResponse:
    """Say what deleting a group would take with it, and do it: what stands in it moves up, or goes too."""
    found = access.group(request, cvr, group_id, right=Right.CONTACTS_CHANGE)
    children = request.POST.get("children", "")
    if request.method == "POST" and children in list(Children):
        try:
            event = deleting.delete_group(
                caller=access.caller(request),
                group=found,
                children=Children(children),
                version=posted_version(request),
            )
        except StaleVersion as stale:
            return look_again(request, stale, cvr)
        undo_offers.toast_with_undo(request, _("The group %(name)s is deleted.") % {"name": found.name}, cvr, event)
        return go(request, group_url(found.parent) if found.parent else reverse("structure", args=[cvr]))
    branch = deleting.branch(found)
    ids = {group.pk for group in branch.groups} | set(branch.lost)
    referrers = dependants.contact_dependants(found.organisation, ids)
    context = {"group": found, "branch": branch, "lines": consequences(branch), "referrers": referrers}
    return render(request, "contacts/group_delete.html", context)


def consequences(branch: deleting.Branch) -> list[str]:
    """Return what deleting a whole branch would do, one line for each kind of thing."""
    groups, lost, kept = len(branch.groups) - 1, len(branch.lost), len(branch.kept)
    lines = []
    if groups:
        text = ngettext("%(count)s group below it is deleted.", "%(count)s groups below it are deleted.", groups)
        lines.append(text % {"count": groups})
    if lost:
        text = ngettext(
            "%(count)s contact point is deleted. Replies to letters that carry its ID are refused.",
            "%(count)s contact points are deleted. Replies to letters that carry their IDs are refused.",
            lost,
        )
        lines.append(text % {"count": lost})
    if kept:
        text = ngettext(
            "%(count)s contact point stands in other groups too, and stays there.",
            "%(count)s contact points stand in other groups too, and stay there.",
            kept,
        )
        lines.append(text % {"count": kept})
    return lines
