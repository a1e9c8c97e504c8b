"""HTTP in its plainest form over the dialler: one request, one whole answer within a limit, no redirects.

For what is published without TLS because it is signed itself: certificates of authorities, revocation lists, OCSP.
"""

import socket
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from io import BytesIO
from typing import BinaryIO, cast
from urllib.parse import SplitResult, urlsplit

from adgang.lib.deadlines import Deadline
from adgang.lib.dial import Ports, dial, resolve
from adgang.lib.failures import Failure

HEAD_LIMIT = 16 * 1024  # bytes
CHUNK = 64 * 1024
END_OF_HEAD, END_OF_CHUNKS = b"\r\n\r\n", b"0\r\n\r\n"


class HttpFailed(Failure):
    """No answer that can be used. `code`: `http.address`, `http.timeout`, `http.broken`, `http.status`, `http.large`.

    `params`: host, and of `http.status` the status.
    """


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back with status 200; `content_type` in lower case, without parameters."""

    body: bytes
    content_type: str


def fetch(
    url: str, *, limit: int, deadline: Deadline, body: bytes | None = None, content_type: str = "", ports: Ports
) -> Answer:
    """Return the answer to a GET, or to a POST of `body` as `content_type`: at most `limit` bytes, by `deadline`.

    The connection is closed afterwards. Raises `HttpFailed`, and what `dial.resolve` and `dial.dial` raise.
    """
    parts = _parts(url)
    host = parts.hostname or ""
    target = resolve(host, deadline=deadline)
    dialled = dial(target, parts.port or 80, ports=ports, deadline=deadline)
    with dialled.socket as connection:
        try:
            deadline.arm(connection)
            connection.sendall(_request(parts, body, content_type))
            return _answer(_read(connection, host, limit, deadline), host, limit)
        except TimeoutError:
            raise HttpFailed("http.timeout", host=host) from None
        except (OSError, HTTPException, ValueError):
            raise HttpFailed("http.broken", host=host) from None


def _parts(url: str) -> SplitResult:
    """Take an address apart. Raises `HttpFailed` for any that is not plain http, or that could smuggle a header."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "http" and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        raise HttpFailed("http.address", host=url[:100])
    return parts


def _request(parts: SplitResult, body: bytes | None, content_type: str) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += ["Accept: */*", "User-Agent: Adgang"]
    if body is not None:
        lines += [f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + (body or b"")


def _read(connection: socket.socket, host: str, limit: int, deadline: Deadline) -> bytes:
    """Read until the other end hangs up, or has said all that its head announced."""
    read, whole = bytearray(), None
    while whole is None or len(read) < whole:
        deadline.arm(connection)
        if not (piece := connection.recv(CHUNK)):
            break
        read += piece
        if len(read) > limit * 2 + HEAD_LIMIT:  # chunks of one byte each are six times as long: no honest server's
            raise HttpFailed("http.large", host=host)
        if whole is None:
            whole = _whole(read)
    return bytes(read)


def _whole(read: bytearray) -> int | None:
    """Return how long the message is, as far as can be told yet: None while more is to come, or until it ends."""
    head, found, _rest = bytes(read[:HEAD_LIMIT]).lower().partition(END_OF_HEAD)
    if not found:
        return None
    for line in head.split(b"\r\n")[1:]:
        name, _colon, value = line.partition(b":")
        if name == b"content-length" and value.strip().isdigit():
            return len(head) + len(END_OF_HEAD) + int(value)
        if name == b"transfer-encoding" and read.endswith(END_OF_CHUNKS):
            return len(read)
    return None


class _Said:
    """What was read, in the shape in which the standard library's parser wants a socket."""

    def __init__(self, read: bytes) -> None:
        self.read = read

    def makefile(self, mode: str) -> BinaryIO:
        return BytesIO(self.read)


def _answer(read: bytes, host: str, limit: int) -> Answer:
    response = HTTPResponse(cast(socket.socket, _Said(read)))
    response.begin()
    if response.status != 200:
        raise HttpFailed("http.status", host=host, status=response.status)
    body = response.read(limit + 1)
    if len(body) > limit:
        raise HttpFailed("http.large", host=host)
    if response.length:  # fewer bytes than announced
        raise HttpFailed("http.broken", host=host)
    return Answer(body=body, content_type=response.headers.get_content_type())
