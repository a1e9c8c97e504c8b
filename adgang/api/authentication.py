"""Who calls the API. A session's cookie never counts here; a system shows its id and token."""

import base64
import binascii
import uuid
from datetime import timedelta
from hmac import compare_digest

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.api.errors import ApiError
from adgang.lib.peers import client_address, neighbourhood
from adgang.lib.secrets import token_hash
from organisations import throttling
from systems.models import ApiToken, System

TRIES = 20  # wrong tokens from one address in a quarter of an hour
WINDOW = timedelta(minutes=15)


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
