"""A newer edition of the standard system that a system was made from: what differs, and what the authority takes."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.registered import StaleVersion
from adgang.lib.toasts import toast
from organisations.rights import Right
from systems import access
from systems.models import System
from systems.standard import using
from systems.standard.using import Offer, OfferMoved
from systems.standard.values import label
from systems.views.stale import look_again, posted_version, system_url


def system_template_offer(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Show what the newest edition says otherwise, field by field; take all, some or none of it."""
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
    offer = using.offer_of(system)
    if offer is None:
        toast(request, _("No change of a standard system waits for an answer."), variant="info")
        return redirect(system_url(cvr, system_id))
    faults: list[str] = []
    if request.method == "POST":
        if request.POST.get("edition") != str(offer.edition.number):
            return _moved(request)
        try:
            faults = _answer(request, offer, system)
        except OfferMoved:
            return _moved(request)
        except StaleVersion as stale:
            return look_again(request, cvr, stale)
        if not faults:
            return redirect(system_url(cvr, system_id))
        system = access.system(request, cvr, system_id, right=Right.SYSTEMS_CHANGE)
        offer = Offer(offer.use, offer.edition, offer.earlier, system)
    chosen = request.POST.getlist("taken") if request.method == "POST" else None
    rows = [(one, one.suggested if chosen is None else one.name in chosen) for one in offer.differences]
    context = {"system": system, "offer": offer, "rows": rows, "faults": faults}
    return render(request, "systems/system_template_offer.html", context, status=409 if faults else 200)


def _answer(request: HttpRequest, offer: Offer, system: System) -> list[str]:
    """Carry out the answer; returns why it was not."""
    taken = request.POST.getlist("taken") if "ignore" not in request.POST else []
    caller, version = access.caller(request), posted_version(request)
    try:
        refused = using.answer(caller=caller, offer=offer, version=version, taken=taken)
    except ValidationError as error:
        told = error.error_dict.items()
        return [f"{label(name)}: {text}" for name, errors in told for one in errors for text in one.messages]
    if refused:
        return [f"{found.message} {found.remedy}" for found in refused]
    count = len([one for one in offer.differences if one.name in taken])
    text = ngettext("%(count)s field is taken over.", "%(count)s fields are taken over.", count)
    nothing = _("The system stays as it is. The next edition will be offered again.")
    toast(request, text % {"count": count} if count else nothing)
    return []


def _moved(request: HttpRequest) -> HttpResponse:
    text = _("The vendor published another edition meanwhile, or somebody answered. Look at it as it is now.")
    toast(request, text, variant="warning")
    return redirect(request.path)
