"""What maintenance refuses, and how: a page or an answer with 503 that says until when, and gives back what was typed.

Read only: whatever changes something is refused, reading goes on. Closed: everything is. Signing in stays open, and who
may change the installation reads on and does everything below /drift/: nobody who could end it is ever locked out.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.api.errors import answer
from adgang.lib.dates import moment
from adgang.logs import PEM_KEY, SECRET_NAME
from organisations import maintenance
from organisations.callers import CallerRequest
from organisations.models import Maintenance
from organisations.rights import Right

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ALWAYS = frozenset({"healthz", "readyz", "metrics", "set_language", "session_extend", "signed_out"})
# The paths of every way in and out.
DOORS = ("/log-ind/", "/log-ud/", "/demo/log-ind/")
# What an operator does meanwhile: operate, and add the second factor that signing in may ask for.
OPERATION = ("/drift/", "/mig/login/")
API = "/apis/"
RETRY_AFTER = 300  # where nobody said until when
MOST_KEPT = 200_000  # letters of what was typed


class MaintenanceMiddleware:
    """Refuses what maintenance does not allow, before the view is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let the request pass, or answer it."""
        at = timezone.now()
        on = maintenance.current(at=at)
        if on is None or allows(on, request):
            return None
        return refusal(on, request, at=at)


def allows(on: Maintenance, request: HttpRequest) -> bool:
    """Say whether the request is carried out although maintenance is on."""
    name = request.resolver_match.url_name if request.resolver_match else None
    if name in ALWAYS or request.path_info.startswith(DOORS):
        return True
    reads = request.method in SAFE
    if reads and on.mode == Maintenance.Mode.READ_ONLY:
        return True
    if request.path_info.startswith(API) or not (reads or request.path_info.startswith(OPERATION)):
        return False
    return cast(CallerRequest, request).caller.may_operate(Right.OPERATIONS_CHANGE)


def refusal(on: Maintenance, request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    """Return the answer to a request that is not carried out."""
    seconds = max(1, round((on.until - at).total_seconds())) if on.until else RETRY_AFTER
    said = words(on, tried=request.method not in SAFE)
    if request.path_info.startswith(API):
        response = answer(503, "maintenance", said)
    elif request.headers.get("HX-Request"):
        # The page stays as it is, with what was typed; the line goes where news are shown.
        toasts = render_to_string("frame/toasts.html", {"messages": [{"level_tag": "warning", "message": said}]})
        response = HttpResponse(toasts, status=503)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#toasts", "beforeend"
    else:
        response = HttpResponse(_page(said, request), status=503)
    response.headers["Retry-After"], response.headers["Cache-Control"] = str(seconds), "no-store"
    return response


def words(on: Maintenance, *, tried: bool) -> str:
    """Return in a sentence or two what is the matter; `tried` says that something was to be changed."""
    said = _("The portal is being maintained and can only be read.")
    if on.mode == Maintenance.Mode.CLOSED:
        said = _("The portal is closed for maintenance.")
    parts = [said, _("Nothing was changed.") if tried else ""]
    if on.until:
        parts.append(_("It is expected to end %(time)s.") % {"time": moment(on.until)})
    return " ".join(part for part in parts if part)


def _page(said: str, request: HttpRequest) -> str:
    posted = request.method == "POST"
    typed = kept(request) if posted else []
    context = {
        "text": said,
        "posted": posted,
        "typed": typed,
        "files": bool(request.FILES) if posted else False,
        "path": request.get_full_path(),
        "csrf_token": get_token(request) if posted else "",
        "sign_in_url": reverse("sign_in"),
        "is_test": settings.ADGANG_ENVIRONMENT != "production",
        "operator_email": settings.ADGANG_OPERATOR_EMAIL,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
    }
    return render_to_string("operations/refused.html", context)


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was typed, to be sent again; never a password or key, and nothing where it is very much."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not SECRET_NAME.search(name) and not PEM_KEY.search(value)
    ]
    return typed if sum(len(value) for _name, value in typed) <= MOST_KEPT else []
