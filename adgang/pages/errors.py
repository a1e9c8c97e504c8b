"""The pages for a request that cannot be understood and for a fault of ours; they need templates only."""

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a request that could not be understood (400)."""
    return HttpResponseBadRequest(bare("400.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault of ours (500), with the number under which the log has it."""
    return HttpResponseServerError(bare("500.html"))


def bare(template: str) -> str:
    """Return a page that needs neither request nor database."""
    context = {
        "is_test": settings.ADGANG_ENVIRONMENT != "production",
        "operator_email": settings.ADGANG_OPERATOR_EMAIL,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
    }
    return render_to_string(template, context)
