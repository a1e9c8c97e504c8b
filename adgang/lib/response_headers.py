"""Headers of every answer, also of those that are given before anything else was asked: redirects, refusals, files.

What a view or another middleware has said stays.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Nothing of a browser's is used but passkeys and the clipboard, and those by the portal's own pages alone.
    "Permissions-Policy": "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), "
    "clipboard-write=(self), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-create=(self), "
    "publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), web-share=(), xr-spatial-tracking=()",
}
# Of what is no page and got no policy of its own.
NOTHING = "default-src 'none'; frame-ancestors 'none'"
REPORTS_TO = "/csp-rapport/"


class HeadersMiddleware:
    """The outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if "html" in response.headers.get("Content-Type", "") and "Content-Security-Policy" in response.headers:
            response.headers.setdefault("Reporting-Endpoints", f'csp="{REPORTS_TO}"')
        response.headers.setdefault("Content-Security-Policy", NOTHING)
        if _is_of_a_session(request, response):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _is_of_a_session(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Say whether the answer may tell of a person: neither a cache nor a browser after signing out is to keep it."""
    name = settings.SESSION_COOKIE_NAME
    return name in request.COOKIES or name in response.cookies
