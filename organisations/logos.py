"""The logo of an organisation: a small PNG, judged by its header before anything is decoded, and encoded anew."""

import struct
import zlib
from io import BytesIO
from typing import BinaryIO

from django.db import transaction
from PIL import Image

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import check_version, save_version
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.keeping import keep
from organisations.locks import lock
from organisations.models import Blob, Organisation

MAX_BYTES = 512 * 1024
MAX_SIDE = 1000
SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">8s4x4sII")  # signature, length and type of the first chunk, width, height


def read(file: BinaryIO) -> bytes | Finding:
    """Return the picture as a fresh PNG without anything else that was in the file; a `Finding` says why not."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        return finding("logo.too_large", size=f"> {MAX_BYTES // 1024} KiB")
    if len(content) < HEADER.size:
        return finding("logo.not_png")
    signature, kind, width, height = HEADER.unpack_from(content)
    if signature != SIGNATURE or kind != b"IHDR":
        return finding("logo.not_png")
    if max(width, height) > MAX_SIDE:
        return finding("logo.too_wide", width=width, height=height)
    return _encoded_anew(content)


def _encoded_anew(content: bytes) -> bytes | Finding:
    fresh = BytesIO()
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            if max(picture.size) > MAX_SIDE:  # a second header overrules the first, which was judged
                return finding("logo.broken")
            bare = picture.convert("RGBA")
            bare.info.clear()  # or the colour profile, which may hold anything, would be written again
            bare.save(fresh, format="PNG")
    except (OSError, SyntaxError, ValueError, zlib.error, struct.error, Image.DecompressionBombError):
        return finding("logo.broken")
    return fresh.getvalue()


@transaction.atomic
def change(*, caller: Caller, organisation: Organisation, version: int, picture: bytes | None) -> Organisation:
    """Give the organisation a logo, or take it away (None); recorded. Raises `StaleVersion`."""
    standing = check_version(lock(organisation.pk), version=version)
    before = standing.logo
    standing.logo = keep(picture, media_type="image/png", filename="logo.png") if picture else None
    save_version(standing, version=version)
    if before is not None:
        before.delete()
    entry = Entry(
        tag=Tag.ORGANISATION_CHANGED,
        obj=standing,
        before={"logo": _digest(before)},
        after={"logo": _digest(standing.logo)},
    )
    events.record(caller, standing, entry)
    return standing


def _digest(blob: Blob | None) -> str | None:
    """What the log keeps of a picture: enough to tell two apart."""
    return f"SHA-256 {blob.sha256[:16]}" if blob else None
