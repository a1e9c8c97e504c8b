"""Whether the settings of signing in with OpenID Connect are whole; each fault with a hint."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error

from adgang.lib.http import is_this_machine
from organisations.oidc import offering

# Signatures that anybody can verify and only the provider can make. What is not here is never accepted, set or not.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})


def oidc_is_sound() -> Iterator[Error]:
    """Return what is half set up or cannot work."""
    if not settings.ADGANG_OIDC_ISSUER:
        if settings.ADGANG_OIDC_CLIENT_ID or settings.ADGANG_OIDC_CLIENT_SECRET:
            yield _half("ADGANG_OIDC_CLIENT_ID or ADGANG_OIDC_CLIENT_SECRET is set, but ADGANG_OIDC_ISSUER is not.")
        return
    if not settings.ADGANG_OIDC_CLIENT_ID or not settings.ADGANG_OIDC_CLIENT_SECRET:
        yield _half("ADGANG_OIDC_ISSUER is set, but ADGANG_OIDC_CLIENT_ID or ADGANG_OIDC_CLIENT_SECRET is not.")
    if not offering.is_installed():
        yield Error(
            "ADGANG_OIDC_ISSUER is set, but the packages for OpenID Connect are not installed.",
            hint="Install the extra: pip install 'adgang[oidc]'.",
            id="adgang.E061",
        )
    yield from _addresses()
    yield from _demands()


def _half(message: str) -> Error:
    return Error(
        message,
        hint="Set all three, the secret best by ADGANG_OIDC_CLIENT_SECRET_FILE, or none; see docs/sign-in.md.",
        id="adgang.E060",
    )


def _addresses() -> Iterator[Error]:
    issuer = settings.ADGANG_OIDC_ISSUER
    parts = urlsplit(issuer)
    is_reachable = parts.scheme == "https" or (is_this_machine(issuer) and settings.ADGANG_ENVIRONMENT == "test")
    if not is_reachable or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
        yield Error(
            f"ADGANG_OIDC_ISSUER is {issuer!r}.",
            hint="It is the provider's issuer, letter by letter, such as https://login.example.dk/realms/kommune.",
            id="adgang.E062",
        )


def _demands() -> Iterator[Error]:
    if bool(settings.ADGANG_OIDC_LEVEL_CLAIM) != bool(settings.ADGANG_OIDC_LEVELS):
        yield Error(
            "Of ADGANG_OIDC_LEVEL_CLAIM and ADGANG_OIDC_LEVELS only one is set.",
            hint="Set the claim and the values of it that are secure enough, or neither.",
            id="adgang.E063",
        )
    if not settings.ADGANG_OIDC_ALGORITHMS or set(settings.ADGANG_OIDC_ALGORITHMS) - ALGORITHMS:
        yield Error(
            f"ADGANG_OIDC_ALGORITHMS is {','.join(settings.ADGANG_OIDC_ALGORITHMS)}.",
            hint=f"Possible are {', '.join(sorted(ALGORITHMS))}.",
            id="adgang.E064",
        )
    if "openid" not in settings.ADGANG_OIDC_SCOPES.split() or not settings.ADGANG_OIDC_SUBJECT_CLAIM:
        yield Error(
            "ADGANG_OIDC_SCOPES lacks openid, or ADGANG_OIDC_SUBJECT_CLAIM is empty.",
            hint="Scopes are words with spaces between them, openid among them; the claim is usually sub.",
            id="adgang.E065",
        )
