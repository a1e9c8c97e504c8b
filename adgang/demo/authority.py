"""The demo's authority at its endpoint: revocation lists signed afresh whenever they are asked for, and OCSP.

What it revoked stands in a file beside its keys, written by whoever makes the demo world.
"""

import asyncio
import datetime as dt
import json
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from adgang.demo import addresses, pki, responder

SECONDS = 10
MAX_QUESTION = 16 * 1024
HEAD = "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"


def folder() -> Path:
    """Return where the demo's hierarchy is kept."""
    return Path(settings.VAR_DIR) / "demo" / "pki"


def revoke(serial_number: int, *, at: dt.datetime) -> None:
    """Let the demo's authority have revoked a certificate at `at`."""
    known = revoked() | {serial_number: at}
    (folder() / "revoked.json").write_text(
        json.dumps({str(serial): when.isoformat() for serial, when in known.items()}), encoding="utf-8"
    )


def revoked() -> dict[int, dt.datetime]:
    """Return what the demo's authority revoked, and when."""
    path = folder() / "revoked.json"
    if not path.exists():
        return {}
    kept = json.loads(path.read_text(encoding="utf-8"))
    return {int(serial): dt.datetime.fromisoformat(when) for serial, when in kept.items()}


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request."""
    try:
        async with asyncio.timeout(SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_length(head))
            writer.write(_published(head.split(b" ")[1].decode("ascii", "replace"), body))
            await writer.drain()
    except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, IndexError):
        pass  # the peer left or sent no request
    finally:
        writer.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length" and value.strip().isdigit():
            return min(int(value), MAX_QUESTION)
    return 0


def _published(path: str, body: bytes) -> bytes:
    hierarchy, at = pki.kept(folder()), dt.datetime.now(dt.UTC)
    if hierarchy is not None and path == addresses.ISSUING_CRL:
        return _http(hierarchy.crl(revoked(), at=at).public_bytes(Encoding.DER), "application/pkix-crl")
    if hierarchy is not None and path == addresses.ROOT_CRL:
        root = pki.Pki(hierarchy.root, hierarchy.root)
        return _http(root.crl(at=at, days=30).public_bytes(Encoding.DER), "application/pkix-crl")
    if hierarchy is not None and path == addresses.OCSP:
        return _http(responder.answer(body, hierarchy, revoked(), at=at), "application/ocsp-response")
    return _http(b"", "text/plain", status="404 Not Found")


def _http(body: bytes, kind: str, *, status: str = "200 OK") -> bytes:
    return HEAD.format(status=status, kind=kind, length=len(body)).encode("ascii") + body
