"""A branch copied."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts import access, copying, deleting, paths, undo_offers
from contacts.forms.merging import CopyForm
from contacts.registering import NoSuchGroup
from contacts.views.answers import go
from organisations.rights import Right


def group_copy(request: HttpRequest, cvr: str, group_id: uuid.UUID) -> HttpResponse:
    """Copy a group with all that stands below it, under new ids."""
    found = access.group(request, cvr, group_id, right=Right.CONTACTS_CHANGE)
    initial = {
        "name": _("%(name)s (copy)") % {"name": found.name},
        "to": paths.above([found.parent_id]).text(found.parent_id) if found.parent_id else "",
    }
    form = CopyForm(request.POST or None, organisation=found.organisation, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            copied = copying.copy_branch(caller=access.caller(request), group=found, name=given["name"], to=given["to"])
        except NoSuchGroup:
            form.add_error("to", _("The group was deleted meanwhile. Choose another place."))
        else:
            text = _("%(name)s is made, with %(points)s contact points.")
            told = text % {"name": given["name"], "points": copied.points}
            undo_offers.toast_with_undo(request, told, cvr, copied.event)
            return go(request, reverse("group", args=[cvr, copied.group_id]))
    context = {"group": found, "form": form, "branch": deleting.branch(found)}
    return render(request, "contacts/group_copy.html", context)
