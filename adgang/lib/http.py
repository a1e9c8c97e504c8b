"""HTTP in its plainest form: one request, one whole answer within a limit, no redirects.

Over the dialler go `fetch`, for what is published without TLS because it is signed itself (certificates of authorities,
revocation lists, OCSP), and `post`, which tells somebody something over TLS, and only whether they took it counts.
`ask` is for hosts that the operator configured, such as an identity provider, which may lie in a network of their own.
"""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from io import BytesIO
from ipaddress import ip_address
from typing import BinaryIO, cast
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from adgang.lib.deadlines import Deadline
from adgang.lib.dial import Ports, dial, resolve
from adgang.lib.failures import Failure

HEAD_LIMIT = 16 * 1024  # bytes
CHUNK = 64 * 1024
END_OF_HEAD, END_OF_CHUNKS = b"\r\n\r\n", b"0\r\n\r\n"


class HttpFailed(Failure):
    """No answer that can be used.

    `code`: `http.address`, `http.timeout`, `http.broken`, `http.status`, `http.large`, `http.tls`. `params`: host, of
    `http.status` the status, of `http.tls` what is wrong with the certificate.
    """


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back with status 200; `content_type` in lower case, without parameters."""

    body: bytes
    content_type: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """What came back, with whatever status."""

    status: int
    body: bytes


def fetch(
    url: str, *, limit: int, deadline: Deadline, body: bytes | None = None, content_type: str = "", ports: Ports
) -> Answer:
    """Return the answer to a GET, or to a POST of `body` as `content_type`: at most `limit` bytes, by `deadline`.

    The connection is closed afterwards. Raises `HttpFailed`, and what `dial.resolve` and `dial.dial` raise.
    """
    parts = _parts(url, "http")
    host = parts.hostname or ""
    target = resolve(host, deadline=deadline)
    dialled = dial(target, parts.port or 80, ports=ports, deadline=deadline)
    with dialled.socket as connection:
        try:
            deadline.arm(connection)
            headers = {} if body is None else {"Content-Type": content_type}
            connection.sendall(_request(parts, body, headers))
            return _answer(_read(connection, host, limit, deadline), host, limit)
        except TimeoutError:
            raise HttpFailed("http.timeout", host=host) from None
        except (OSError, HTTPException, ValueError):
            raise HttpFailed("http.broken", host=host) from None


def post(url: str, body: bytes, *, headers: Mapping[str, str], limit: int, deadline: Deadline) -> int:
    """Send `body` to an https address and return the status of the answer, of which at most `limit` bytes are read.

    The server's certificate must be good for its host: the machine's own authorities and ADGANG_EXTRA_CA_FILE. Raises
    `HttpFailed`, and what `dial.resolve` and `dial.dial` raise.
    """
    parts = _parts(url, "https")
    host = parts.hostname or ""
    target = resolve(host, deadline=deadline)
    dialled = dial(target, parts.port or 443, ports=Ports.HTTPS, deadline=deadline)
    with dialled.socket as connection:
        try:
            deadline.arm(connection)
            with _trusting().wrap_socket(connection, server_hostname=host) as secure:
                secure.sendall(_request(parts, body, headers))
                return _status(_read(secure, host, limit, deadline))
        except ssl.SSLCertVerificationError as error:
            raise HttpFailed("http.tls", host=host, why=error.verify_message) from None
        except TimeoutError:
            raise HttpFailed("http.timeout", host=host) from None
        except (OSError, HTTPException, ValueError):
            raise HttpFailed("http.broken", host=host) from None


def ask(
    url: str, *, limit: int, deadline: Deadline, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Said:
    """Return what a host of the operator's choice says to a GET, or to a POST of `body`: at most `limit` bytes.

    Only https, save to this machine itself. The host is not looked at by the dialler: never call it with an address
    that a user typed. Raises `HttpFailed`.
    """
    parts = _parts(url, "http" if is_this_machine(url) else "https")
    host, port = parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)
    try:
        with socket.create_connection((host, port), timeout=max(deadline.remaining(), 0.001)) as plain:
            deadline.arm(plain)
            with _secured(plain, parts) as connection:
                deadline.send(connection, _request(parts, body, headers or {}))
                return _said(_read(connection, host, limit, deadline), host, limit)
    except ssl.SSLCertVerificationError as error:
        raise HttpFailed("http.tls", host=host, why=error.verify_message) from None
    except TimeoutError:
        raise HttpFailed("http.timeout", host=host) from None
    except (OSError, HTTPException, ValueError):
        raise HttpFailed("http.broken", host=host) from None


def _secured(plain: socket.socket, parts: SplitResult) -> socket.socket:
    return plain if parts.scheme == "http" else _trusting().wrap_socket(plain, server_hostname=parts.hostname)


def is_this_machine(url: str) -> bool:
    """Say whether an address is plain http to the machine's own loopback, by number: nobody else can listen in."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.ADGANG_EXTRA_CA_FILE:
        context.load_verify_locations(settings.ADGANG_EXTRA_CA_FILE)
    return context


def _status(read: bytes) -> int:
    response = HTTPResponse(cast(socket.socket, _Heard(read)))
    response.begin()
    return response.status


def _parts(url: str, scheme: str) -> SplitResult:
    """Take an address apart. Raises `HttpFailed` for any of another scheme, or that could smuggle a header."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme == scheme and bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        usable = False
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        raise HttpFailed("http.address", host=url[:100])
    return parts


def _request(parts: SplitResult, body: bytes | None, headers: Mapping[str, str]) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += ["Accept: */*", "User-Agent: Adgang", *(f"{name}: {value}" for name, value in headers.items())]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
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


class _Heard:
    """What was read, in the shape in which the standard library's parser wants a socket."""

    def __init__(self, read: bytes) -> None:
        self.read = read

    def makefile(self, mode: str) -> BinaryIO:
        return BytesIO(self.read)


def _answer(read: bytes, host: str, limit: int) -> Answer:
    response = HTTPResponse(cast(socket.socket, _Heard(read)))
    response.begin()
    if response.status != 200:
        raise HttpFailed("http.status", host=host, status=response.status)
    return Answer(body=_body(response, host, limit), content_type=response.headers.get_content_type())


def _said(read: bytes, host: str, limit: int) -> Said:
    response = HTTPResponse(cast(socket.socket, _Heard(read)))
    response.begin()
    return Said(status=response.status, body=_body(response, host, limit))


def _body(response: HTTPResponse, host: str, limit: int) -> bytes:
    body = response.read(limit + 1)
    if len(body) > limit:
        raise HttpFailed("http.large", host=host)
    if response.length:  # fewer bytes than announced
        raise HttpFailed("http.broken", host=host)
    return body
