"""A look at a file of a message that is safe whatever the file is: text escaped, pictures decoded and drawn anew."""

import base64
import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from memo.messages import File
from memo.sniffing import sniff

LONGEST = 2000  # characters
LARGEST_SIDE = 480  # pixels
MOST_PIXELS = 20_000_000  # of one picture, and of all pictures of a page
TEXTS = frozenset({"text/plain", "text/html", "application/xml"})
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF"}
# What Pillow raises for pictures that are none, or are damaged, or would be too large.
UNDRAWABLE = (
    *(OSError, ValueError, SyntaxError, EOFError, zlib.error, struct.error),
    *(UnidentifiedImageError, Image.DecompressionBombError, Warning),
)


@dataclass
class Budget:
    """How many pixels may still be decoded for a page: small files may hold very large pictures."""

    pixels: int = MOST_PIXELS

    def take(self, pixels: int) -> bool:
        """Say whether a picture of so many may be decoded, and count it."""
        fits = pixels <= self.pixels
        self.pixels -= pixels if fits else 0
        return fits


def preview(file: File, budget: Budget) -> tuple[str, str]:
    """Return (text, data URI of a picture) of a file whose content was kept; "" for what there is none of."""
    content = file.content
    if not isinstance(content, bytes) or not content:
        return "", ""
    told = sniff(content[:4096])
    if told in TEXTS:
        return _text(content), ""
    return "", _picture(content, PICTURES[told], budget) if told in PICTURES else ""


def _text(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = content[: LONGEST * 4].decode(encoding, errors="replace")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _picture(content: bytes, format_: str, budget: Budget) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(content), formats=[format_])
            if not budget.take(picture.width * picture.height):
                return ""
            picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
            drawn = BytesIO()
            picture.convert("RGB").save(drawn, "PNG")
    except UNDRAWABLE:
        return ""
    return f"data:image/png;base64,{base64.b64encode(drawn.getvalue()).decode()}"
