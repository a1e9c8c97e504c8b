"""Where a person is signed in: their sessions, named so that a person recognises them, never by their keys."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise

from organisations.models import Session, User
from organisations.sign_in_methods import METHODS

# The first that occurs names the program: Edge and Opera also call themselves Chrome, Chrome also Safari.
BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]
MACHINES = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
]


@dataclass(frozen=True, kw_only=True)
class Device:
    """A session as its person sees it. `handle` names it in a form and gives nothing away."""

    handle: str
    browser: str
    address: str
    method: str | Promise
    signed_in: dt.datetime | None
    seen: dt.datetime
    is_this: bool


def handle_of(session_key: str) -> str:
    """Return the name of a session: a hash of its key, for the key itself would let its holder in."""
    return hashlib.sha256(f"session:{session_key}".encode()).hexdigest()[:32]


def devices(user: User, *, session_key: str | None) -> list[Device]:
    """Return the person's live sessions, the newest first; `session_key` is the one that asks."""
    live = Session.objects.filter(user=user, expire_date__gt=timezone.now()).order_by("-expire_date")
    return [_device(session, is_this=session.session_key == session_key) for session in live]


def _device(session: Session, *, is_this: bool) -> Device:
    data = session.get_decoded()
    return Device(
        handle=handle_of(session.session_key),
        browser=browser_name(str(data.get("browser", ""))),
        address=str(data.get("address", "")),
        method=METHODS.get(str(data.get("method", "")), ""),
        signed_in=parse_datetime(str(data.get("signed_in", ""))),
        seen=session.expire_date - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE),
        is_this=is_this,
    )


def browser_name(user_agent: str) -> str:
    """Return "Firefox, Windows" for what a browser says of itself; "" when it says nothing known."""
    found = [
        next((name for mark, name in table if re.search(rf"\b{mark}", user_agent)), "")
        for table in (BROWSERS, MACHINES)
    ]
    return ", ".join(filter(None, found))


def end_device(user: User, handle: str) -> bool:
    """End the person's session of that name; returns False when there is none (any more)."""
    keys = [key for key in user.sessions.values_list("session_key", flat=True) if handle_of(key) == handle]
    return bool(Session.objects.filter(session_key__in=keys).delete()[0])
