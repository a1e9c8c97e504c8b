"""What the structure has to do with systems: all contact points of one, given to another."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.toasts import toast
from contacts import access
from contacts.changing_system import change_system
from contacts.forms.places import SystemChangeForm
from contacts.models import ContactPoint
from contacts.registering import NoSuchSystem
from organisations.rights import Right
from systems.models import System


def points_change_system(request: HttpRequest, cvr: str, system_id: uuid.UUID) -> HttpResponse:
    """Give all the contact points of a system to another."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_CHANGE)
    system = access.system(request, cvr, system_id, right=Right.SYSTEMS_VIEW)
    others = System.objects.filter(organisation=organisation, is_recipient=True).exclude(pk=system.pk)
    form = SystemChangeForm(request.POST or None, systems=others)
    url = reverse("system", args=[cvr, system.pk])
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["system"]
        try:
            count = change_system(caller=access.caller(request), system=system, to=to)
        except NoSuchSystem:
            form.add_error("system", _("The system was deleted meanwhile. Choose another."))
        else:
            text = ngettext(
                "%(count)s contact point now belongs to %(system)s.",
                "%(count)s contact points now belong to %(system)s.",
                count,
            )
            toast(request, text % {"count": count, "system": to.name})
            return redirect(url)
    points = ContactPoint.objects.filter(organisation=organisation, system=system)
    context = {"system": system, "form": form, "count": points.count(), "has_others": others.exists(), "back": url}
    return render(request, "contacts/points_change_system.html", context)
