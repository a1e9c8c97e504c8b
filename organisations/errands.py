"""Why somebody was sent elsewhere to prove who they are, kept in their session until they come back.

The state travels along and must be the session's own on return; it serves once.
"""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from adgang.lib.secrets import new_token, same
from organisations.identities import Shown

KEY, PROVEN = "errand", "identity_proven"
LIFETIME = dt.timedelta(minutes=10)
PURPOSES = ("sign_in", "bind", "prove")


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What the proof is for. `extra` is what the method must remember (a nonce, a verifier, the id of a request)."""

    method: str
    purpose: str
    onward: str = ""
    state: str = field(default_factory=new_token)
    begun: str = field(default_factory=lambda: timezone.now().isoformat())
    extra: dict[str, str] = field(default_factory=dict)


def start(request: HttpRequest, *, method: str, extra: dict[str, str] | None = None) -> Errand:
    """Remember why the person leaves, and return it; `purpose` and `next` stand in the query."""
    purpose = request.GET.get("purpose", "")
    is_known = purpose in PURPOSES and (request.user.is_authenticated or purpose == "sign_in")
    errand = Errand(
        method=method,
        purpose=purpose if is_known else "sign_in",
        onward=request.GET.get("next", "")[:500],
        extra=extra or {},
    )
    request.session[KEY] = asdict(errand)
    return errand


def add(request: HttpRequest, **extra: str) -> None:
    """Remember for the errand that was just begun what is known only now, such as the id of the request it became."""
    request.session[KEY]["extra"].update(extra)
    request.session.modified = True


def finish(request: HttpRequest, *, method: str, state: str, at: dt.datetime) -> Errand | None:
    """Return why the person left, once; None when this session sent nobody with that state, or too long ago."""
    kept: dict[str, Any] | None = request.session.pop(KEY, None)
    if not kept or kept["method"] != method or not state or not same(kept["state"], state):
        return None
    begun = parse_datetime(kept["begun"])
    return Errand(**kept) if begun and at - begun < LIFETIME else None


def keep_proven(request: HttpRequest, shown: Shown, *, at: dt.datetime) -> None:
    """Keep an identity for the person's confirmation that it is theirs to bind."""
    request.session[PROVEN] = {"shown": asdict(shown), "at": at.isoformat()}


def proven(request: HttpRequest, *, at: dt.datetime) -> Shown | None:
    """Return the identity that waits for confirmation, if there is one and it is fresh."""
    kept: dict[str, Any] | None = request.session.get(PROVEN)
    when = parse_datetime(kept["at"]) if kept else None
    return Shown(**kept["shown"]) if kept and when and at - when < LIFETIME else None


def forget_proven(request: HttpRequest) -> None:
    """Let go of the identity that waited."""
    request.session.pop(PROVEN, None)
