"""Undoing a change of the structure."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.confirm import confirm
from adgang.lib.toasts import toast
from contacts import access, undo_offers, undoing
from contacts.models import Undo
from contacts.undoing import CannotUndo
from organisations.models import Event, Organisation
from organisations.rights import Right

NAMED = 5


def structure_undo(request: HttpRequest, cvr: str, event_id: uuid.UUID) -> HttpResponse:
    """Say what undoing a change means, and do it; say why when it cannot be undone any more."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_CHANGE)
    kept = Undo.objects.filter(organisation=organisation, pk=event_id).first()
    if kept is None:
        get_object_or_404(Event, organisation_id=organisation.pk, pk=event_id)
        text = _("It can no longer be undone: only the latest changes are kept.")
        return _refused(request, cvr, text)
    if names := undoing.obstacles(kept):
        return _refused(request, cvr, _reason(names))
    if request.method == "POST":
        return _undo(request, organisation, kept)
    return confirm(
        request,
        title=_("Undo the change?"),
        consequences=_consequences(kept),
        submit=_("Undo the change"),
        cancel_url=reverse("structure", args=[cvr]),
        danger=False,
        crumbs=[_("Contact structure"), reverse("structure", args=[cvr])],
    )


def _undo(request: HttpRequest, organisation: Organisation, kept: Undo) -> HttpResponse:
    cvr = organisation.cvr_number
    try:
        event = undoing.undo(caller=access.caller(request), undo=kept)
    except CannotUndo as refused:
        return _refused(request, cvr, _reason(refused.names))
    text = _("The change is undone.")
    if event is None:
        toast(request, text)
    else:
        undo_offers.toast_with_undo(request, text, cvr, event)
    return redirect("structure", cvr)


def _refused(request: HttpRequest, cvr: str, text: str) -> HttpResponse:
    toast(request, text, variant="warning")
    return redirect("structure", cvr)


def _reason(names: list[str]) -> str:
    text = _("It can no longer be undone, for this has been changed again or is in the way: %(names)s.")
    return text % {"names": _some(names)}


def _some(names: list[str]) -> str:
    more = [_("and %(count)s more") % {"count": len(names) - NAMED}] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])


def _consequences(kept: Undo) -> list[str]:
    what = undoing.Kept.of(kept)
    touched = [*what.groups.values(), *what.points.values()]
    back = [one.name for one in touched if one.version == undoing.GONE]
    gone = [one.name for one in touched if one.before is None]
    same = [one.name for one in touched if one.before is not None and one.version != undoing.GONE]
    lines = []
    if same:
        text = ngettext(
            "%(count)s is as it was before: %(names)s.", "%(count)s are as they were before: %(names)s.", len(same)
        )
        lines.append(text % {"count": len(same), "names": _some(same)})
    if back:
        text = ngettext(
            "%(count)s comes back with its ID: %(names)s.", "%(count)s come back with their IDs: %(names)s.", len(back)
        )
        lines.append(text % {"count": len(back), "names": _some(back)})
    if gone:
        text = ngettext(
            "%(count)s that was made is deleted: %(names)s.",
            "%(count)s that were made are deleted: %(names)s.",
            len(gone),
        )
        lines.append(text % {"count": len(gone), "names": _some(gone)})
    return lines
