"""What the provider publishes of itself (OpenID Connect Discovery 1.0), and its keys, kept for an hour.

A provider changes its keys whenever it likes: a token signed with an unknown one has the keys fetched anew, at most
once a minute.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache

from adgang.lib import http
from adgang.lib.connections import release_connection
from adgang.lib.deadlines import Deadline
from adgang.lib.failures import Failure

SECONDS = 8.0  # for one question
LIMIT = 256 * 1024  # bytes of one answer
KEPT = 60 * 60  # seconds
RENEWED_AT_MOST_EVERY = 60  # seconds
WELL_KNOWN = "/.well-known/openid-configuration"


class OidcFailed(Failure):
    """Nobody is let in. `code` is one of the findings `identity.…`; `params` holds `why`, for the log alone."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Where the provider does what; "" where it does not do it."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    takes_basic: bool = True
    names_itself: bool = False


def provider() -> Provider:
    """Return what the configured provider publishes of itself. Raises `OidcFailed`."""
    document = _kept("discovery", settings.ADGANG_OIDC_ISSUER.rstrip("/") + WELL_KNOWN)
    if document.get("issuer") != settings.ADGANG_OIDC_ISSUER:
        raise OidcFailed("identity.untrusted", why="discovery document of another issuer")
    needed = {name: _address(document, name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if not all(needed.values()):
        raise OidcFailed("identity.untrusted", why="discovery document without a usable address")
    methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        **needed,
        userinfo_endpoint=_address(document, "userinfo_endpoint"),
        end_session_endpoint=_address(document, "end_session_endpoint"),
        takes_basic="client_secret_basic" in methods,
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def keys(*, anew: bool = False) -> list[dict[str, Any]]:
    """Return the provider's public keys; `anew` when those that are kept do not fit. Raises `OidcFailed`."""
    address = provider().jwks_uri
    if anew and cache.add("oidc:renewed", "", RENEWED_AT_MOST_EVERY):
        cache.delete(f"oidc:keys:{address}")
    listed = _kept("keys", address).get("keys")
    return [key for key in listed if isinstance(key, dict)] if isinstance(listed, list) else []


def answer(url: str, *, body: bytes | None = None, headers: dict[str, str] | None = None) -> http.Said:
    """Return what the provider says to one question. Raises `OidcFailed` when it says nothing that can be used."""
    release_connection()
    try:
        return http.ask(url, limit=LIMIT, deadline=Deadline(SECONDS), body=body, headers=headers)
    except http.HttpFailed as failure:
        raise OidcFailed("identity.unreachable", why=str(failure)) from None


def read(said: http.Said) -> dict[str, Any]:
    """Return the JSON object that was said. Raises `OidcFailed`."""
    try:
        document = json.loads(said.body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise OidcFailed("identity.unreachable", why=f"no JSON object, status {said.status}")
    return document


def _kept(what: str, address: str) -> dict[str, Any]:
    name = f"oidc:{what}:{address}"
    document: dict[str, Any] | None = cache.get(name)
    if document is None:
        said = answer(address)
        if said.status != 200:
            raise OidcFailed("identity.unreachable", why=f"{what}: status {said.status}")
        document = read(said)
        cache.set(name, document, KEPT)
    return document


def _address(document: dict[str, Any], name: str) -> str:
    """Return an address that the document holds, when secrets and people may be sent there."""
    address = document.get(name)
    if not isinstance(address, str) or not address.isascii() or urlsplit(address).fragment:
        return ""
    return address if address.startswith("https://") or http.is_this_machine(address) else ""
