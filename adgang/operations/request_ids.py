"""One id for each request: in its log lines, those of the tasks it queued, in the event log, and in the answer."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from adgang.lib.peers import is_trusted_proxy

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


class RequestIdMiddleware:
    """The outermost middleware: what fails before the others is found in the log too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        id_ = given(request) or str(uuid.uuid4())
        request.META["HTTP_X_REQUEST_ID"] = id_  # django-structlog binds what stands here
        with structlog.contextvars.bound_contextvars(request_id=id_):
            response = self.get_response(request)
        response.headers[HEADER] = id_
        return response


def given(request: HttpRequest) -> str:
    """Return the id that a trusted proxy gave the request, or "".

    Anybody else could give two requests one id, or write into the log what they like.
    """
    id_ = str(request.META.get("HTTP_X_REQUEST_ID", ""))
    trusted = is_trusted_proxy(str(request.META.get("REMOTE_ADDR", "")))
    return id_ if trusted and WELL_FORMED.fullmatch(id_) else ""
