"""What an uploaded document is, judged by its content: PDF, PNG or JPEG, whole, alone and without anything that runs.

Nothing here trusts the file's name or the browser's word. Sizes are read from headers before anything is decoded.
"""

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from adgang.lib.findings import Finding, finding

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 30_000_000  # A4 scanned at 500 dots per inch
PREVIEW_SIDE = 1200
MAX_INFLATED = 32 * 1024 * 1024  # bytes of a PDF's compressed objects, all together
PDF_TAIL = 1024  # bytes; readers look for the end mark in so many

PNG, JPEG, PDF = "image/png", "image/jpeg", "application/pdf"
SUFFIXES = {PNG: ".png", JPEG: ".jpg", PDF: ".pdf"}
PNG_SIGNATURE, JPEG_SIGNATURE, PDF_SIGNATURE = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"

# Names of a PDF's dictionaries that make a reader do something by itself, or at a click beyond following a link.
# Each is long enough not to stand in compressed bytes by chance.
ACTIVE = (
    *(b"JavaScript", b"Launch", b"RichMedia", b"XFA", b"SubmitForm"),
    *(b"ImportData", b"GoToE", b"Rendition", b"Movie"),
)
ACTIVE_NAME = re.compile(rb"/(?:" + b"|".join(ACTIVE) + rb")(?![A-Za-z0-9_.\-+#])")
ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
OBJECT_STREAM = b"/ObjStm"
MOST_OBJECT_STREAMS = 20_000
DICTIONARY = 2048  # bytes before and after the name in which an object stream's dictionary stands


@dataclass(frozen=True)
class Paper:
    """A document that was found to be in order; `preview` is a JPEG made anew, or None for a PDF."""

    media_type: str
    content: bytes
    preview: bytes | None


def read(content: bytes) -> Paper | Finding:
    """Return what the file is, or a `Finding` that says why it is refused. `content`: at most one byte too many."""
    if not content:
        return finding("document.empty")
    if len(content) > MAX_BYTES:
        return finding("document.too_large")
    if content.startswith(PDF_SIGNATURE):
        return _pdf(content)
    if content.startswith(PNG_SIGNATURE):
        return _picture(content, PNG) if _ends_with_its_last_chunk(content) else finding("document.more_than_one")
    if content.startswith(JPEG_SIGNATURE):
        whole = content.rstrip(b"\0").endswith(b"\xff\xd9")
        return _picture(content, JPEG) if whole else finding("document.more_than_one")
    return finding("document.wrong_type")


def _ends_with_its_last_chunk(content: bytes) -> bool:
    """Walk the chunks of a PNG: after the last nothing may follow, or the file is also something else."""
    place = len(PNG_SIGNATURE)
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        place += 12 + length
        if kind == b"IEND":
            return bool(place == len(content))
    return False


def _picture(content: bytes, media_type: str) -> Paper | Finding:
    preview = BytesIO()
    try:
        with Image.open(BytesIO(content), formats=["PNG" if media_type == PNG else "JPEG"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return finding("document.too_many_pixels", millions=MAX_PIXELS // 1_000_000)
            if media_type == JPEG:
                picture.draft("RGB", (PREVIEW_SIDE, PREVIEW_SIDE))
            _on_paper(picture).save(preview, format="JPEG", quality=80)
    except Image.DecompressionBombError:
        return finding("document.too_many_pixels", millions=MAX_PIXELS // 1_000_000)
    except (OSError, SyntaxError, ValueError, MemoryError, zlib.error, struct.error):
        return finding("document.broken")
    return Paper(media_type, content, preview.getvalue())


def _on_paper(picture: Image.Image) -> Image.Image:
    """Return the picture small, in plain colours, white where it is transparent: its dots and nothing else."""
    if picture.mode in ("RGBA", "LA", "PA", "P"):
        seen = picture.convert("RGBA")
        seen.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))  # before it is copied: the whole takes a hundred megabytes
        sheet = Image.new("RGB", seen.size, "white")
        sheet.paste(seen, mask=seen.getchannel("A"))
        return sheet
    bare = picture.convert("RGB")
    bare.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    bare.info.clear()
    return bare


def _pdf(content: bytes) -> Paper | Finding:
    if b"%%EOF" not in content[-PDF_TAIL:]:
        return finding("document.more_than_one" if b"%%EOF" in content else "document.broken")
    plain = _names_plain(content)
    if ENCRYPTED.search(plain):
        return finding("document.locked")
    if plain.count(OBJECT_STREAM) != content.count(OBJECT_STREAM):  # nobody writes that name with escapes but to hide
        return finding("document.not_readable")
    inner = _object_streams(content)
    if inner is None:
        return finding("document.not_readable")
    if ACTIVE_NAME.search(plain) or ACTIVE_NAME.search(_names_plain(inner)):
        return finding("document.active")
    return Paper(PDF, content, None)


def _names_plain(content: bytes) -> bytes:
    """Return the bytes with escaped letters of names (`/J#61vaScript`) written out."""
    return ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), content) if b"#" in content else content


def _object_streams(content: bytes) -> bytes | None:
    """Return what stands in a PDF's compressed objects; None when one cannot be looked into, or is a bomb."""
    if content.count(OBJECT_STREAM) > MOST_OBJECT_STREAMS:
        return None
    found, place, seen = bytearray(), content.find(OBJECT_STREAM), set[int]()
    while place >= 0:
        start, packed = _packed(content, place)
        if packed is None:
            return None
        if packed and start not in seen:
            seen.add(start)
            unpacked = _inflated(packed, MAX_INFLATED - len(found))
            if unpacked is None:
                return None
            found += unpacked
        place = content.find(OBJECT_STREAM, place + 1)
    return bytes(found)


def _packed(content: bytes, place: int) -> tuple[int, bytes | None]:
    """Return where the object stream named at `place` begins and its bytes: empty when packed by nothing, or None."""
    begin = max(content.rfind(b"obj", max(0, place - DICTIONARY), place), 0)
    head_end = content.find(b"stream", place, place + DICTIONARY)
    end = content.find(b"endstream", head_end)
    if head_end < 0 or end < 0:
        return 0, None
    head, start = content[begin:head_end], head_end + len(b"stream")
    if b"/Filter" not in head:
        return start, b""
    if head.count(b"Decode") != 1 or b"/FlateDecode" not in head:
        return start, None
    start += 2 if content[start : start + 2] == b"\r\n" else 1
    return start, content[start:end]


def _inflated(packed: bytes, limit: int) -> bytes | None:
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(packed, max(limit, 1))
    except zlib.error:
        return None
    return plain if inflater.eof else None
