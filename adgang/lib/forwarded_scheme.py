"""Whether a client came over TLS: only our own proxies' word on it counts.

Django believes SECURE_PROXY_SSL_HEADER of whoever sends it. Here the header of anybody but ADGANG_TRUSTED_PROXIES is
emptied; it stays in its place, for it is also a sign that somebody passed the request on (`peers.says_it_is_a_proxy`).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from adgang.lib.peers import is_trusted_proxy

KEY = "HTTP_X_FORWARDED_PROTO"


class ForwardedSchemeMiddleware:
    """Stands before everything that asks whether a request is secure."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if KEY in request.META and not is_trusted_proxy(str(request.META.get("REMOTE_ADDR", ""))):
            request.META[KEY] = ""
        return self.get_response(request)
