"""Sessions end by idleness: each is prolonged while its person works, but written at most every few minutes."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from organisations.sign_in import is_signed_in

EVERY = dt.timedelta(minutes=3)


class IdleMiddleware:
    """Prolongs the session of whoever is signed in, and tells the page when it will end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_signed_in(request):
            prolong(request, after=EVERY)
        return self.get_response(request)


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
