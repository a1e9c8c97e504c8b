"""The token with which a system shows who it is. It is shown once; its SHA-256 and first characters are kept."""

import base64
import binascii
import datetime as dt
import uuid

from django.db import transaction

from adgang.lib.secrets import new_token, token_hash
from organisations.callers import Caller
from organisations.event_tags import Tag
from systems.models import ApiToken, System
from systems.writing import told, write

PREFIX_LENGTH = 6


@transaction.atomic
def renew(*, caller: Caller, system: System, version: int, at: dt.datetime) -> str:
    """Make a new token, which ends the old one, and return it: this is the only time it exists in the clear.

    As in the registry of Digital Post the system's certificate is removed with it; which one that was is kept, so
    that it can be put back. Raises `StaleVersion`.
    """
    before = told(system)
    removed = system.certificate or (system.token.removed_certificate if system.token else None)
    token = new_token()
    system.api_token, _ = ApiToken.objects.update_or_create(
        system=system,
        defaults={
            "prefix": token[:PREFIX_LENGTH],
            "hash": token_hash(token),
            "created": at,
            "removed_certificate": removed,
        },
    )
    system.certificate = None
    write(caller=caller, system=system, version=version, tag=Tag.API_TOKEN_RENEWED, before=before)
    return token


def system_id_of(text: str) -> uuid.UUID | None:
    """Return the system whose token stands in the text of an Authorization header; None when it is nobody's."""
    scheme, _blank, encoded = text.strip().partition(" ")
    try:
        id_, _colon, token = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        system_id = uuid.UUID(id_)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    known = ApiToken.objects.filter(system=system_id, hash=token_hash(token))
    return system_id if scheme.casefold() == "basic" and known.exists() else None


def authorization(system: System, token: str) -> str:
    """Return the value of the Authorization header that the system sends with every call."""
    return "Basic " + base64.b64encode(f"{system.pk}:{token}".encode()).decode("ascii")
