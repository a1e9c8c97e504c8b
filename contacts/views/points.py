"""A contact point: shown, made, changed, deleted."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.conflicts import conflict_response
from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from contacts import access, deleting, dependants, registering, states, undo_offers
from contacts.forms.points import NewPointForm, PointEditForm
from contacts.forms.state import StateForm
from contacts.models import ContactPoint
from contacts.registering import NoSuchGroup, NoSuchSystem, RegistryIdTaken
from contacts.showing import PointPage
from contacts.states import Circle, State
from contacts.values import PointValues
from contacts.views import beside
from contacts.views.answers import CIRCLE, go, look_again, point_url, posted_version
from contacts.views.groups import wanted_group
from organisations.event_reading import object_events
from organisations.models import Organisation
from organisations.rights import Right
from systems.models import System


def point(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Show a contact point, with the tree opened down to each of its places."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_VIEW)
    shown = PointPage(found, at=timezone.now())
    # What happened tells of the internal note too, which is not for a vendor whose grant is limited to one system.
    is_ours = access.caller(request).may(Right.CONTACTS_VIEW, found.organisation)
    events = object_events(request, found.organisation, found.pk) if is_ours else ""
    context = {"point": found, "shown": shown, "events": events}
    return beside.page(
        request,
        "contacts/point.html",
        found.organisation,
        context,
        current=found.pk,
        groups=shown.group_ids,
        ways=shown.ways,
    )


def point_create(request: HttpRequest, cvr: str) -> HttpResponse:
    """Make a contact point, in the group in the URL or at the top level."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_CHANGE)
    parent = wanted_group(request, organisation)
    form = NewPointForm(request.POST or None, organisation=organisation, initial=_proposal(organisation))
    if request.method == "POST" and form.is_valid():
        try:
            made = registering.create_point(
                caller=access.caller(request), organisation=organisation, values=form.values(), groups=[parent]
            )
        except NoSuchGroup:
            form.add_error(None, _("The group it was to stand in was deleted. Go back and choose another place."))
        except NoSuchSystem:
            form.add_error("system", _("The system was deleted meanwhile. Choose another."))
        except RegistryIdTaken as taken:
            form.blame([("registry_id", taken.finding)])
        else:
            toast(request, _("The contact point %(name)s is created.") % {"name": made.name})
            return go(request, point_url(made))
    parent_id = parent.pk if parent else None
    context = {"form": form, "parent": parent, "has_systems": form.fields["system"].queryset.exists()}  # type: ignore[attr-defined]
    return beside.page(
        request, "contacts/point_create.html", organisation, context, current=parent_id, groups=[parent_id]
    )


def _proposal(organisation: Organisation) -> dict[str, object]:
    default = System.objects.filter(organisation=organisation, is_default_recipient=True).first()
    return {"audiences": ["for_citizens"], "system": default.pk if default else None}


def point_edit(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Change what is said of a contact point; its state and its places have pages of their own."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_CHANGE)
    form = PointEditForm(
        request.POST or None, instance=found, organisation=found.organisation, values=PointValues.of(found)
    )
    if request.method == "POST" and form.is_valid():
        try:
            registering.change_point(
                caller=access.caller(request), point=found, values=form.values(), version=form.version
            )
        except StaleVersion as stale:
            return conflict_response(request, form, stale.current)
        except NoSuchSystem:
            form.add_error("system", _("The system was deleted meanwhile. Choose another."))
        except RegistryIdTaken as taken:
            form.blame([("registry_id", taken.finding)])
        else:
            toast(request, _("%(name)s is saved.") % {"name": found.name})
            return go(request, point_url(found))
    context = {"point": found, "form": form}
    groups = list(found.placements.values_list("group_id", flat=True))
    return beside.page(
        request, "contacts/point_edit.html", found.organisation, context, current=found.pk, groups=groups
    )


def point_state(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Open a contact point, keep it for replies only, or close it; and name the one that takes over."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_CHANGE)
    form = StateForm(request.POST or None, point=found)
    if request.method == "POST" and form.is_valid():
        new = State(form.cleaned_data["state"])
        try:
            states.set_state(
                caller=access.caller(request),
                point=found,
                new=new,
                replaced_by=form.cleaned_data["replaced_by"],
                version=form.cleaned_data["version"],
            )
        except StaleVersion as stale:
            return look_again(request, stale, cvr)
        except Circle:
            form.add_error("replaced_by", CIRCLE)
            return render(request, "contacts/point_state.html", _state_context(found, form))
        toast(request, _("%(name)s is now: %(state)s.") % {"name": found.name, "state": new.label})
        return go(request, point_url(found))
    return render(request, "contacts/point_state.html", _state_context(found, form))


def _state_context(point: ContactPoint, form: StateForm) -> dict[str, Any]:
    explained = [(state.label, states.EXPLANATIONS[state]) for state in states.CHOICES]
    replying = [one for one in dependants.contact_dependants(point.organisation, {point.pk}) if one.replies]
    return {
        "point": point,
        "form": form,
        "state": states.state(point),
        "explained": explained,
        "replying": replying,
    }


def point_delete(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Propose to keep a contact point for replies only; say what deleting it would mean, and do it."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_CHANGE)
    if request.method == "POST":
        try:
            event = deleting.delete_point(caller=access.caller(request), point=found, version=posted_version(request))
        except StaleVersion as stale:
            return look_again(request, stale, cvr)
        undo_offers.toast_with_undo(
            request, _("The contact point %(name)s is deleted.") % {"name": found.name}, cvr, event
        )
        return go(request, reverse("structure", args=[cvr]))
    context = {
        "point": found,
        "shown": PointPage(found, at=timezone.now()),
        "is_reply_only": states.state(found) is State.REPLY_ONLY,
        "referrers": dependants.contact_dependants(found.organisation, {found.pk}),
    }
    return render(request, "contacts/point_delete.html", context)
