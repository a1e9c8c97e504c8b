"""Who calls the API. A session's cookie never counts here: a person or organisation shows an access token, a system
its id and token (and its certificate, which the proxy hands on).
"""

import base64
import binascii
import uuid
from datetime import timedelta
from hmac import compare_digest
from typing import Any, ClassVar, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.api.errors import ApiError
from adgang.lib.peers import client_address, neighbourhood
from adgang.lib.secrets import token_hash
from organisations import access_tokens, throttling
from organisations.callers import Caller, CallerRequest, request_id
from systems import api_callers
from systems.models import ApiToken, System

TRIES = 20  # wrong tokens from one address in a quarter of an hour
WINDOW = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


class ApiRequest(CallerRequest):
    """A request of the API behind its authentication: how much its caller has left in the minute."""

    standing: throttling.Standing


class AccessToken:
    """The token of a person or an organisation."""

    openapi_security_schema: ClassVar[dict[str, Any]] = {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token of a person or of an organisation, made on the page “Access tokens”.",
    }

    def __call__(self, request: HttpRequest) -> Caller | None:
        """Return who calls with an access token, None when the request carries none. Raises `ApiError`."""
        scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.casefold() != "bearer":
            return None
        at = timezone.now()
        found = access_tokens.caller_of(token.strip(), request_id=request_id(), at=at)
        if found is None:
            _count(request)
            text = _("The access token was not accepted: it is wrong, has expired or was revoked.")
            raise ApiError(401, "authentication.failed", text, headers={"WWW-Authenticate": "Bearer"})
        return admit(request, found)


class SystemToken:
    """The id and token of a system, over a connection that shows its certificate."""

    openapi_security_schema: ClassVar[dict[str, Any]] = {
        "type": "http",
        "scheme": "basic",
        "description": "A system's id and API token, with the system's certificate as the client's.",
    }

    def __call__(self, request: HttpRequest) -> Caller | None:
        """Return the system that calls, None when the request names none. Raises `ApiError`."""
        if not request.headers.get("Authorization", "").casefold().startswith("basic "):
            return None
        system = system_of(request)
        if system is None:
            return None
        api_callers.require_accepted(request, system)
        return admit(request, api_callers.caller_of(system, request_id=request_id()))


def admit(request: HttpRequest, caller: Caller) -> Caller:
    """Let the caller in: count the call, and let everything after know who calls. Raises `ApiError` for too many."""
    web = cast(ApiRequest, request)
    limit = settings.ADGANG_API_PER_MINUTE
    web.standing = throttling.count(f"api:{caller.key}", limit=limit, window=MINUTE, at=timezone.now())
    web.caller = caller
    if not web.standing.allowed:
        text = _("More than %(limit)s calls came in a minute. Wait until the limit begins anew.") % {"limit": limit}
        seconds = web.standing.seconds_left(timezone.now())
        raise ApiError(429, "calls.throttled", text, headers={"Retry-After": str(seconds)})
    if "Idempotency-Key" in request.headers:
        request.body  # noqa: B018 – read before a form is parsed, for it is compared with the first call's
    return caller


def system_of(request: HttpRequest) -> System | None:
    """Return the system whose token the request carries, None when it carries none. Raises `ApiError`."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    token = _token(header)
    if token is None:
        _count(request)
        raise ApiError(
            401,
            "authentication.failed",
            _("The system's id and token were not accepted. Send Basic base64(system id:token)."),
            headers={"WWW-Authenticate": "Basic"},
        )
    return token.system


def _token(header: str) -> ApiToken | None:
    scheme, _blank, encoded = header.partition(" ")
    try:
        id_, _colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        key = uuid.UUID(id_)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    found = ApiToken.objects.select_related("system__organisation").filter(system_id=key).first()
    right = found is not None and compare_digest(found.hash, token_hash(secret))
    return found if right and scheme.casefold() == "basic" else None


def _count(request: HttpRequest) -> None:
    """Count a wrong token. Raises `ApiError` for the many."""
    key = f"api:{neighbourhood(client_address(request))}"
    if not throttling.allow(key, limit=TRIES, window=WINDOW, at=timezone.now()):
        seconds = int(WINDOW.total_seconds())
        text = _("Too many wrong tokens came from this address. Try again later.")
        raise ApiError(429, "authentication.throttled", text, headers={"Retry-After": str(seconds)})
