"""A POST sent twice is done once: with the header Idempotency-Key the first answer is given again, for a day.

The record is written in the transaction of the change itself, so there is never one without the other; a second call
that comes at the same time waits for the first. What an answer shows only once is not kept.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.lib.api.errors import ApiError
from organisations.access import caller
from organisations.models import KeptAnswer

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT = timedelta(hours=24)
HEADERS = ("ETag", "Content-Type", "Location")

View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Decorate an operation: a POST with a key that was answered before is answered the same, and not done again."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST":
            return view(request, *args, **kwargs)
        if not 0 < len(key) <= LONGEST or not key.isprintable():
            text = _("An idempotency key is a text of at most %(longest)s letters.") % {"longest": LONGEST}
            raise ApiError(400, "idempotency_key.malformed", text)
        return _once(request, key, lambda: view(request, *args, **kwargs))

    return run


def _once(request: HttpRequest, key: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    key_hash = _hash(caller(request).key, key)
    body_hash = _hash(str(request.method), request.path_info.rstrip("/"), _content(request))
    KeptAnswer.objects.filter(key_hash=key_hash, created__lte=timezone.now() - KEPT).delete()
    if kept := KeptAnswer.objects.filter(key_hash=key_hash).first():
        return _again(kept, body_hash)
    try:
        with transaction.atomic():
            kept = KeptAnswer.objects.create(key_hash=key_hash, body_hash=body_hash)
            response = act()
            _keep(kept, response)
            return response
    except IntegrityError:
        # Only a call at the same time explains that the key is taken now; anything else is an error of the act.
        if (first := KeptAnswer.objects.filter(key_hash=key_hash).first()) is None:
            raise
        return _again(first, body_hash)


def _hash(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        encoded = part if isinstance(part, bytes) else part.encode()
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def _content(request: HttpRequest) -> bytes:
    """What was sent, without the boundary between the parts of a form, which clients make anew for each call."""
    boundary = request.content_params.get("boundary", "") if request.content_params else ""
    return request.body.replace(boundary.encode(), b"") if boundary else request.body


def _keep(kept: KeptAnswer, response: HttpResponse) -> None:
    kept.status = response.status_code
    kept.headers = {name: response.headers[name] for name in HEADERS if name in response.headers}
    kept.body = bytes(getattr(response, "kept", response.content)).decode()
    kept.save()


def _again(kept: KeptAnswer, body_hash: str) -> HttpResponse:
    if kept.body_hash != body_hash:
        text = _("Another request was made with this idempotency key. Make a new key for a new request.")
        raise ApiError(422, "idempotency_key.reused", text)
    headers: dict[str, str] = {**kept.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(kept.body.encode(), status=kept.status, headers=headers)
