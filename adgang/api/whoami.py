"""A system asks who it is here: whether its token, its certificate and its address are accepted, each or why not."""

import base64
import binascii
import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from adgang.api.authentication import system_of
from adgang.api.errors import answer
from adgang.lib.api.errors import ApiError
from adgang.lib.client_certificates import handed_on
from adgang.lib.peers import client_address
from organisations import access, throttling
from systems import calls
from systems.lifecycle import state
from systems.models import System

MINUTE = dt.timedelta(minutes=1)


@csrf_exempt
@never_cache
def whoami(request: HttpRequest) -> HttpResponse:
    """GET with `Basic base64(system id:token)`; a right token is answered 200, in the form of docs/whoami.md."""
    access.public(request)
    try:
        return _told(request, at=timezone.now())
    except ApiError as error:
        return answer(error.status, error.code, error.message, headers=error.headers)


def _told(request: HttpRequest, *, at: dt.datetime) -> HttpResponse:
    if request.method != "GET":
        raise ApiError(405, "method.not_allowed", _("Only GET is possible here."), headers={"Allow": "GET"})
    address = client_address(request)
    try:
        known = system_of(request)
    except ApiError:
        if (claimed := claimed_id(request)) is not None:
            calls.note_wrong_token(claimed, address=address, at=at)
        raise
    if known is None:
        text = _("Send the system's id and token as Basic base64(system id:token).")
        raise ApiError(401, "authentication.missing", text, headers={"WWW-Authenticate": "Basic"})
    _limit(known, at)
    system = System.objects.with_page_data().get(pk=known.pk)
    judgement = calls.judge(system, certificate=handed_on(request), address=address, at=at)
    calls.note(system.pk, judgement, way=calls.Way.API, address=address, at=at)
    return JsonResponse(who(system, judgement, address=address, at=at), json_dumps_params={"ensure_ascii": False})


def who(system: System, judgement: calls.Judgement, *, address: str, at: dt.datetime) -> dict[str, Any]:
    """Return the answer: who the system is here, and what was found of its call."""
    told = judgement.as_json()
    told[str(calls.Part.ADDRESS)]["address"] = address
    return {
        "accepted": judgement.accepted,
        "time": at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
        "environment": settings.ADGANG_ENVIRONMENT,
        "system": {
            "id": str(system.pk),
            "name": system.name,
            "serviceProtocol": system.service_protocol,
            "state": str(state(system, at)),
        },
        "organisation": {
            "id": str(system.organisation.pk),
            "name": system.organisation.name,
            "cvrNumber": system.organisation.cvr_number,
        },
        **told,
    }


def claimed_id(request: HttpRequest) -> uuid.UUID | None:
    """Return the id that a call named, whether or not a system has it."""
    encoded = request.headers.get("Authorization", "").partition(" ")[2]
    try:
        return uuid.UUID(base64.b64decode(encoded.strip(), validate=True).decode().partition(":")[0])
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None


def _limit(system: System, at: dt.datetime) -> None:
    """Raise `ApiError` when the system asks more often than it may call."""
    limit = settings.ADGANG_API_PER_MINUTE
    if not throttling.allow(f"whoami:{system.pk}", limit=limit, window=MINUTE, at=at):
        text = _("More than %(limit)s calls came in a minute. Wait until the limit begins anew.") % {"limit": limit}
        raise ApiError(429, "calls.throttled", text, headers={"Retry-After": "60"})
