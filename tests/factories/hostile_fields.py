"""Hostile values for the fields of forms and for queries, and bodies that no browser makes."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

SEED = 20261128
# Anything of it that comes back unescaped, or worked out, shows; `NEEDLES` are what must never stand in a page. The
# product is long, so that no id holds it by chance.
MARK = "\"'><script>fjendtlig</script>{{7777777*7777777}}${7777777*7777777}' OR 1=1 --"
NEEDLES = (b"<script>fjendtlig", b"60493815061729", b'href="javascript:', b"href='javascript:")
PLANTED = b"<script>fjendtlig</script>{{7777777*7777777}}"
LONG, LINE = 1_000_000, 10_000
EVIL = "//evil.example/"

TEXTS: dict[str, bytes] = {
    "mark": MARK.encode(),
    "NUL": b"a\0b",
    "no UTF-8": b"\xff\xfe\xc3(",
    "surrogate": b"a\xed\xa0\x80b",
    "four bytes": "😀𝕬".encode(),
    "right to left": "\u202ecba\u200f\u2028".encode(),
    "negative": b"-1",
    "huge": b"9" * 40,
    "not a number": b"NaN",
    "infinite": b"1e400",
    "superscript": "²".encode(),
    "other digits": "٣".encode(),
    "underscored": b"1_0",
    "year zero": b"00-00-0000",
    "far year": b"31-12-99999",
    "last day": b"9999-12-31T23:59",
    "date of the last day": b"31-12-9999",
    "date of the first day": b"01-01-0001",
    "no leap day": b"29-02-2023",
    "unknown choice": b"__unknown__",
    "unknown id": b"00000000-0000-4000-8000-000000000000",
    "line feed": b"a\r\nBcc: x@evil.example\r\n\r\nb",
    "path": b"../../../etc/passwd",
    "elsewhere": EVIL.encode(),
    "elsewhere by a backslash": b"/\\evil.example",
    "script address": b"javascript:alert(1)",
    "odd address": b"http://[::1",
    "number and colon": b"1:2:3",
    "space": b" \t\r\n",
    "nothing": b"",
    "brackets": b"[]{}%00%s%(x)s",
    "JSON": b'{"a":' * 50 + b"1" + b"}" * 50,
    "deep JSON": b"[" * 100_000,
    "line": b"x" * LINE,
    "long": b"x" * LONG,
}


@dataclass(frozen=True)
class File:
    """An uploaded file of a form."""

    name: bytes
    content: bytes
    content_type: bytes = b"application/octet-stream"


FILES = (
    File(b"", b""),
    File(b"tom.csv", b""),
    File(b"../../../etc/passwd", b"\0" * 64),
    File(b"n" * 5_000 + b".csv", b"a;b\r\n"),
    File(MARK.encode().replace(b'"', b""), b"<svg onload=alert(1)>", b"image/svg+xml"),
    File(b"a\xff.xlsx", b"PK\x03\x04" + b"\xff" * 200),
    File(b"a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"text/html\xff"),
    File(b"a.pdf", b"%PDF-1.7\n" + MARK.encode()),
    File(b"a.xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"application/xml"),
    File(b"a.json", b"[" * 20_000, b"application/json; charset=utf-7"),
    File(b"a.yaml", b"a: &a [*a, *a]\n" + b"- " * 5_000),
    File(b"a.csv", "navn;😀\r\n".encode("utf-16") + b"\0\r\n" * 50),
)

Value = bytes | File
Pairs = Sequence[tuple[str, Value]]


@dataclass(frozen=True)
class Body:
    """The body of a request; `why` tells what is hostile in it, `typed` what must come back when it is refused."""

    why: str
    content: bytes
    content_type: str
    typed: tuple[str, ...] = field(default=())


def urlencoded(pairs: Pairs) -> bytes:
    """Return the pairs as a form's body or a query; files by their names."""
    texts = [(name, value.name if isinstance(value, File) else value) for name, value in pairs]
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(text)}" for name, text in texts).encode()


def multipart(pairs: Pairs, boundary: bytes = b"graense") -> bytes:
    """Return the pairs as a form's body with files."""
    parts = bytearray()
    for name, value in pairs:
        parts += b'--%b\r\nContent-Disposition: form-data; name="%b"' % (boundary, name.encode())
        if isinstance(value, File):
            parts += b'; filename="%b"\r\nContent-Type: %b' % (value.name, value.content_type)
            value = value.content
        parts += b"\r\n\r\n%b\r\n" % value
    return bytes(parts + b"--%b--\r\n" % boundary)


def encoded(why: str, pairs: Pairs, *, is_multipart: bool, typed: tuple[str, ...] = ()) -> Body:
    """Return a body as the form would send it."""
    if is_multipart:
        return Body(why, multipart(pairs), "multipart/form-data; boundary=graense", typed)
    return Body(why, urlencoded(pairs), "application/x-www-form-urlencoded", typed)


def misshapen(pairs: Pairs) -> Iterator[Body]:
    """Yield bodies that are no form at all, or one that says it is another."""
    plain, parted = urlencoded(pairs), multipart(pairs)
    yield Body("no boundary", parted, "multipart/form-data")
    yield Body("other boundary", parted, "multipart/form-data; boundary=anden")
    yield Body("odd boundary", parted, 'multipart/form-data; boundary="\\"\xe6"')
    yield Body("cut off", parted[: len(parted) // 2], "multipart/form-data; boundary=graense")
    yield Body("JSON", b'{"a": NaN}', "application/json")
    yield Body("odd charset", plain, "application/x-www-form-urlencoded; charset=utf-99")
    yield Body("other charset", plain, "application/x-www-form-urlencoded; charset=utf-16")
    yield Body("no type", plain, "")
    yield Body("very many", b"&".join(b"a%d=1" % n for n in range(1_001)), "application/x-www-form-urlencoded")
    yield Body("bad base64", parted.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n=", 1),
               "multipart/form-data; boundary=graense")  # fmt: skip


def dice_for(name: str) -> random.Random:
    """Return dice that fall the same way for the same form in every run."""
    return random.Random(f"{SEED}:{name}")
