"""Who holds which role, who may do what, and why."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from adgang.lib import lists
from organisations import access, people, privileges
from organisations.grants_list import grants_list, standing
from organisations.matrix_list import matrix_list
from organisations.reasons import links_of, reasons
from organisations.right_names import NAMES
from organisations.rights import Right


def rights_matrix(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """Show people × roles, with groups' roles among them."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    at = timezone.now()
    return lists.respond(
        request,
        matrix_list(organisation, systems=privileges.systems_of(organisation), at=at),
        people.people(organisation, at=at),
        template="organisations/rights_matrix.html",
        context={
            "organisation": organisation,
            "may_change": access.caller(request).may(Right.PEOPLE_CHANGE, organisation),
        },
    )


def rights_who(request: HttpRequest, cvr: str) -> HttpResponseBase:
    """List every grant, so that one sees who may do what for which system."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    return lists.respond(
        request,
        grants_list(organisation, systems=privileges.systems_of(organisation)),
        standing(organisation, at=timezone.now()),
        template="organisations/rights_who.html",
        context={"organisation": organisation},
    )


def person_rights(request: HttpRequest, cvr: str, user_id: uuid.UUID) -> HttpResponse:
    """Show what one person may do here, and every grant that gives it."""
    organisation = access.organisation(request, cvr, right=Right.PEOPLE_VIEW)
    at = timezone.now()
    found = get_object_or_404(people.people(organisation, at=at), pk=user_id)
    links = links_of(found, organisation, systems=privileges.systems_of(organisation), at=at)
    told = [(NAMES[reason.right], reason.links) for reason in reasons(links)]
    context = {"organisation": organisation, "person": found, "reasons": told}
    return render(request, "organisations/person_rights.html", context)
