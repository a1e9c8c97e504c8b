"""What people read who asked too often (429): for what, and when to try again. The API says it in its own form."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext

from organisations.throttling import Standing

BARE = "frame/bare.html"


class TooMany(Exception):
    """Raised in a view: the person waits before they get more. `text` says of what there was too much, in words."""

    def __init__(self, text: str, standing: Standing) -> None:
        super().__init__(text)
        self.text, self.standing = text, standing


class TooManyMiddleware:
    """Answers for `TooMany`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with the page."""
        return page(request, exception.text, exception.standing) if isinstance(exception, TooMany) else None


def page(request: HttpRequest, text: str, standing: Standing, *, layout: str = "base.html") -> HttpResponse:
    """Return the page, in the frame that the pages around it have."""
    context = {
        "layout": layout,
        "text": text,
        "again": _again(standing),
        "is_test": settings.ADGANG_ENVIRONMENT != "production",
    }
    return _later(render(request, "429.html", context, status=429), standing)


def plain(text: str, standing: Standing) -> HttpResponse:
    """Return the same for a program, which shows at most a line of it."""
    said = f"{text} {_again(standing)}\n"
    return _later(HttpResponse(said, content_type="text/plain; charset=utf-8", status=429), standing)


def _again(standing: Standing) -> str:
    minutes = -(-standing.seconds_left(timezone.now()) // 60)
    return ngettext("Try again in %(count)s minute.", "Try again in %(count)s minutes.", minutes) % {"count": minutes}


def _later(response: HttpResponse, standing: Standing) -> HttpResponse:
    response.headers["Retry-After"] = str(standing.seconds_left(timezone.now()))
    return response
