"""Many contact points changed together: chosen in the list or the tree, looked at, done, and undone if it was wrong."""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib import lists
from adgang.lib.toasts import toast
from contacts import access, bulk, dependants, undo_offers
from contacts.bulk import ChangedMeanwhile, Look, Refused
from contacts.forms.bulk import ACTS, ActForm
from contacts.models import ContactPoint
from contacts.states import State
from contacts.views import listing
from organisations.models import Organisation
from organisations.rights import Right

MOST = 50_000
SHOWN = 20


def structure_bulk(request: HttpRequest, cvr: str) -> HttpResponse:
    """Choose what is to be done to many contact points, show what it would do, and do it."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_CHANGE)
    ids = chosen(request.POST, organisation)
    back = reverse("structure_list", args=[cvr])
    if not ids:
        toast(request, _("Choose the contact points first: tick them in the list."), variant="warning")
        return redirect(back)
    act, step = request.POST.get("act", ""), request.POST.get("step", "")
    context: dict[str, Any] = {"organisation": organisation, "ids": ids, "back": back, "act": act}
    if act not in ACTS:
        return _page(request, context | {"acts": [(code, label) for code, (label, _form) in ACTS.items()]})
    title, form_class = ACTS[act]
    form = form_class(request.POST if step else None, organisation=organisation)
    if act == "delete" and not step:
        form = form_class({}, organisation=organisation)
    context |= {"title": title, "form": form}
    if not form.is_bound or not form.is_valid():
        return _page(request, context)
    if step == "apply":
        return _apply(request, organisation, context, form)
    return _preview(request, context, bulk.look(organisation=organisation, ids=ids, act=form.act()))


def chosen(posted: QueryDict, organisation: Organisation) -> list[uuid.UUID]:
    """Return the points that were ticked, or all that the list showed with the filters in `alle`."""
    if "alle" in posted:
        return _hits(posted.get("filtre", ""), organisation)
    texts = [*posted.getlist("punkt"), *posted.get("ids", "").split(",")][:MOST]
    found = dict.fromkeys(one for text in texts if (one := _uuid(text)) is not None)
    return list(found)


def _hits(text: str, organisation: Organisation) -> list[uuid.UUID]:
    query = QueryDict(text.removeprefix("?"))
    spec = listing.points_spec(organisation, listing.Ways(organisation))
    rows = listing.within(ContactPoint.objects.filter(organisation=organisation), query, organisation)
    narrowed = spec.narrowed(rows, lists.State.of(spec, query))
    return list(narrowed.values_list("pk", flat=True)[:MOST])


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "contacts/structure_bulk.html", {**context, "count": len(context["ids"])})


def _preview(request: HttpRequest, context: dict[str, Any], look: Look) -> HttpResponse:
    organisation, ids = context["organisation"], set(context["ids"])
    referrers = dependants.contact_dependants(organisation, ids) if look.deleted or _closes(request, context) else []
    if not look.deleted:
        referrers = [one for one in referrers if one.replies]
    return _page(
        request,
        context
        | {
            "look": look,
            "names": sorted([*look.changed, *look.deleted])[:SHOWN],
            "further": max(0, look.count - SHOWN),
            "faults": look.faults[:SHOWN],
            "referrers": referrers[:SHOWN],
            "fields": _given(request, context["form"]),
        },
    )


def _closes(request: HttpRequest, context: dict[str, Any]) -> bool:
    return context["act"] == "state" and request.POST.get("state") == State.CLOSED


def _given(request: HttpRequest, form: ActForm) -> list[tuple[str, str]]:
    """Return what was typed, to be sent once more."""
    return [(name, value) for name in form.fields for value in request.POST.getlist(name)]


def _apply(request: HttpRequest, organisation: Organisation, context: dict[str, Any], form: ActForm) -> HttpResponse:
    ids, seen = context["ids"], request.POST.get("seen", "")
    try:
        event = bulk.change(
            caller=access.caller(request), organisation=organisation, ids=ids, act=form.act(), seen=seen
        )
    except Refused as refused:
        return _preview(request, context, refused.look)
    except ChangedMeanwhile as changed:
        return _preview(request, context | {"is_new": True}, changed.look)
    if event is None:
        toast(request, _("Nothing was changed: they are so already."), variant="info")
    else:
        count = len(bulk_ids(event.payload))
        text = ngettext("%(count)s contact point is changed.", "%(count)s contact points are changed.", count)
        if context["act"] == "delete":
            text = ngettext("%(count)s contact point is deleted.", "%(count)s contact points are deleted.", count)
        undo_offers.toast_with_undo(request, text % {"count": count}, organisation.cvr_number, event)
    return redirect(context["back"])


def bulk_ids(payload: str) -> set[str]:
    """Return the ids of the objects that an event tells of."""
    told = json.loads(payload)
    return {*told["before"], *told["after"]}
