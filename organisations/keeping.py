"""Keeping files: encrypted at rest, each bound to its own row."""

import hashlib
import uuid

from adgang.lib import secrets
from organisations.models import Blob


def keep(content: bytes, *, media_type: str, filename: str) -> Blob:
    """Store a file encrypted and return its row."""
    id_ = uuid.uuid4()
    return Blob.objects.create(
        id=id_,
        media_type=media_type,
        filename=filename,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        encrypted=secrets.encrypt(content, row=f"blob:{id_}"),
    )
