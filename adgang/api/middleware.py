"""What holds for every call below /apis/: no cookies, no redirects, no pages, nothing kept by caches."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.api.errors import answer, unlike_the_api
from organisations.throttling import Standing

PREFIX = "/apis"


class ApiMiddleware:
    """The outermost middleware; it leaves pages alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != PREFIX and not request.path_info.startswith(f"{PREFIX}/"):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)  # a session never authenticates a call
        return _dressed(request, self._answer(request))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return answer(403, "https.required", _("Call over https: what came over http was not read."))
        return unlike_the_api(self.get_response(request))


def _dressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    # Compression makes an ETag weak; here it is the version, which compression does not change.
    if tag := response.headers.get("ETag"):
        response.headers["ETag"] = tag.removeprefix("W/")
    standing: Standing | None = getattr(request, "standing", None)
    if standing is not None:
        response.headers["RateLimit-Limit"] = str(standing.limit)
        response.headers["RateLimit-Remaining"] = str(standing.remaining)
        response.headers["RateLimit-Reset"] = str(standing.seconds_left(timezone.now()))
    return response
