"""Whether the settings of signing in with an employee certificate are whole; each fault with a hint."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error


def moces_is_sound() -> Iterator[Error]:
    """Return what is half set up or cannot work."""
    if not settings.ADGANG_MOCES_URL:
        return
    if not settings.ADGANG_PROXY_SECRET or not settings.ADGANG_TRUSTED_PROXIES:
        yield Error(
            "ADGANG_MOCES_URL is set, but no proxy is believed about certificates.",
            hint="Set ADGANG_TRUSTED_PROXIES and ADGANG_PROXY_SECRET, or leave ADGANG_MOCES_URL out.",
            id="adgang.E050",
        )
    parts = urlsplit(settings.ADGANG_MOCES_URL)
    if (
        parts.scheme != "https"
        or not parts.hostname
        or parts.path
        or parts.netloc == urlsplit(settings.ADGANG_BASE_URL).netloc
    ):
        yield Error(
            f"ADGANG_MOCES_URL is {settings.ADGANG_MOCES_URL!r}.",
            hint="It is a host of its own, such as https://moces.adgang.example.dk.",
            id="adgang.E051",
        )
