"""The pages for a request that cannot be understood, an expired form and a fault of ours; they need templates only."""

import structlog
from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseServerError,
)
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a request that could not be understood (400)."""
    return HttpResponseBadRequest(bare("400.html"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form whose token is not this session's (403); set as CSRF_FAILURE_VIEW."""
    return HttpResponseForbidden(bare("403_csrf.html"))


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
