"""Pages about the portal itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organisations import access


def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement: what was tested, how, and what was not."""
    access.public(request)
    return render(request, "pages/accessibility.html", {"operator_email": settings.ADGANG_OPERATOR_EMAIL})
