"""An authority's web server: its revocation list under one path, its OCSP responder under another."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.servers.plain import tcp_server

Body = bytes | Callable[[bytes], bytes]


def http(body: bytes, *, status: bytes = b"200 OK", headers: bytes = b"") -> bytes:
    """Return an answer in HTTP."""
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), headers, body)


class Publisher:
    """What is published: `files` by path, each a whole HTTP answer or what makes it from the request's body."""

    def __init__(self) -> None:
        self.port = 0
        self.files: dict[str, Body] = {}
        self.asked: list[str] = []

    def address(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def __call__(self, connection: socket.socket) -> None:
        """Answer one request."""
        connection.settimeout(2)
        head, body = _request(connection)
        path = head.split(b" ")[1].decode()
        self.asked.append(path)
        found = self.files.get(path, http(b"", status=b"404 Not Found"))
        connection.sendall(found(body) if callable(found) else found)


def _request(connection: socket.socket) -> tuple[bytes, bytes]:
    said = b""
    while b"\r\n\r\n" not in said:
        said += connection.recv(4096)
    head, _, body = said.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(4096)
    return head, body


@contextmanager
def publisher() -> Iterator[Publisher]:
    """Run an authority's web server for the block."""
    made = Publisher()
    with tcp_server(made) as port:
        made.port = port
        yield made
