"""A contact point merged into another, which takes over."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from adgang.lib.registered import StaleVersion
from contacts import access, successors, undo_offers
from contacts.forms.merging import MergeForm
from contacts.states import Circle
from contacts.successors import NoSuchPoint, Replaced
from contacts.views.answers import CIRCLE, go, look_again, point_url
from organisations.rights import Right


def point_merge(request: HttpRequest, cvr: str, point_id: uuid.UUID) -> HttpResponse:
    """Choose the contact point that takes over, and what it is to have of this one."""
    found = access.point(request, cvr, point_id, right=Right.CONTACTS_CHANGE)
    form = MergeForm(request.POST or None, point=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            event = successors.merge(
                caller=access.caller(request),
                point=found,
                into=given["into"],
                version=given["version"],
                **{name: name in given["take"] for name in ("terms", "codes", "places")},
            )
        except StaleVersion as stale:
            return look_again(request, stale, cvr)
        except Circle:
            form.add_error("into", CIRCLE)
        except Replaced as replaced:
            text = _("It has been replaced itself, by %(name)s. Choose that one.")
            form.add_error("into", text % {"name": replaced.by.name})
        except NoSuchPoint:
            form.add_error("into", _("The contact point was deleted meanwhile. Choose another."))
        else:
            text = _("%(name)s now takes over from %(old)s.") % {"name": given["into"].name, "old": found.name}
            if event is not None:
                undo_offers.toast_with_undo(request, text, cvr, event)
            return go(request, point_url(given["into"]))
    return render(request, "contacts/point_merge.html", {"point": found, "form": form})
