"""Sessions end by idleness: each is prolonged while its person works, but written at most every few minutes."""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from organisations.sign_in import is_signed_in

EVERY = dt.timedelta(minutes=3)


class IdleMiddleware:
    """Prolongs the session of whoever is signed in, and lets the page know when it will end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Count the request as work, unless the page itself asks how long the session still stands."""
        if not is_signed_in(request):
            return
        if request.resolver_match is None or request.resolver_match.url_name != "session_extend":
            prolong(request, after=EVERY)
        cast(IdleRequest, request).session_seconds = seconds_left(request)


class IdleRequest(HttpRequest):
    """A request of a signed-in person, as templates see it."""

    session_seconds: int


def prolong(request: HttpRequest, *, after: dt.timedelta) -> None:
    """Begin the session's time anew when that was last done `after` ago or longer."""
    now = timezone.now()
    last = parse_datetime(str(request.session.get("seen", "")))
    if last is None or now - last >= after:
        request.session["seen"] = now.isoformat()


def seconds_left(request: HttpRequest) -> int:
    """Return how many seconds of idleness the session still stands, counted from its last writing."""
    last = parse_datetime(str(request.session.get("seen", ""))) or timezone.now()
    whole: int = settings.SESSION_COOKIE_AGE
    return max(0, whole - int((timezone.now() - last).total_seconds()))
