"""What one page of ours tells another through the browser, which can neither read nor change it.

For what is learned where the browser shows no session: on the host that asks for certificates, or in the POST of an
identity provider, with which browsers send no cookie of ours (SameSite=Lax).
"""

import base64
import datetime as dt
import json
from typing import Any

from adgang.lib import secrets

LIFETIME = dt.timedelta(minutes=1)


def seal(told: dict[str, Any], *, row: str, at: dt.datetime) -> str:
    """Return what is told, encrypted for `opened` with the same `row`; it holds for a minute."""
    plain = json.dumps(told | {"at": at.isoformat()}).encode()
    return base64.urlsafe_b64encode(secrets.encrypt(plain, row=row)).decode()


def opened(ticket: str, *, row: str, at: dt.datetime) -> dict[str, Any] | None:
    """Return what a ticket tells; None when it is not ours, or old."""
    try:
        told: dict[str, Any] = json.loads(secrets.decrypt(base64.urlsafe_b64decode(ticket), row=row))
    except (ValueError, secrets.UnreadableSecret):
        return None
    return told if dt.timedelta() <= at - dt.datetime.fromisoformat(told["at"]) < LIFETIME else None
