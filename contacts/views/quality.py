"""The quality report."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from contacts import access, quality
from organisations.rights import Right


def structure_quality(request: HttpRequest, cvr: str) -> HttpResponse:
    """Show what is wrong with the structure, rule by rule, with the objects and the cure."""
    organisation = access.organisation(request, cvr, right=Right.CONTACTS_VIEW)
    context = {
        "organisation": organisation,
        "report": quality.report(organisation, at=timezone.now()),
        "may_change": access.caller(request).may(Right.CONTACTS_CHANGE, organisation),
    }
    return render(request, "contacts/structure_quality.html", context)
