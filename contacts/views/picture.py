"""The structure as a picture."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from contacts import access, picturing
from contacts.states import State
from contacts.views import beside
from organisations.rights import Right


def structure_picture(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show the structure, or what stands below the group in `?gruppe=`, as a picture and as a table."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    group_id = next(iter(beside.ids_in(request.GET.get("gruppe", ""))), None)
    picture = picturing.picture(organisation, group_id)
    if picture is None:
        raise Http404
    context = {"organisation": organisation, "picture": picture, "states": [state.label for state in State]}
    return render(request, "contacts/structure_picture.html", context)
