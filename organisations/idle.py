"""Sessions end by idleness: each is prolonged while its person works, but written at most every few minutes."""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

from organisations.second_steps import MUST, SecondFactorNeeded
from organisations.sign_in import is_signed_in

# What somebody may open who must add a second factor first.
WITHOUT = {
    "second_factor_add",
    "totp_add",
    "passkey_add",
    "passkey_add_options",
    "passkey_options",
    "identity_prove",
    "sign_out",
    "session_extend",
    "set_language",
}
EVERY = dt.timedelta(minutes=3)


class IdleMiddleware:
    """Prolongs the session of whoever is signed in, and lets the page know when it will end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Count the request as work, unless the page itself asks how long the session still stands."""
        if not is_signed_in(request):
            return None
        if is_over(request):
            request.session.flush()
            query = urlencode({"next": request.get_full_path()} if request.method == "GET" else {})
            return redirect(f"{reverse('sign_in')}?{query}")
        if request.session.get(MUST) and request.resolver_match and request.resolver_match.url_name not in WITHOUT:
            return redirect("second_factor_add")
        if request.resolver_match is None or request.resolver_match.url_name != "session_extend":
            prolong(request, after=EVERY)
        cast(IdleRequest, request).session_seconds = seconds_left(request)
        return None

    def process_exception(self, _request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Lead whoever needs a second factor for an organisation to where they add one."""
        return redirect("second_factor_add") if isinstance(exception, SecondFactorNeeded) else None


class IdleRequest(HttpRequest):
    """A request of a signed-in person, as templates see it."""

    session_seconds: int


def is_over(request: HttpRequest) -> bool:
    """Say whether the person signed in so long ago that they must do it again, however busy they were."""
    begun = parse_datetime(str(request.session.get("signed_in", "")))
    return begun is not None and timezone.now() - begun > dt.timedelta(hours=settings.ADGANG_SESSION_HOURS)


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
