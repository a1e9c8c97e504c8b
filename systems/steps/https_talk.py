"""The client's side of one HTTP request: each answer is bounded in size and time, and no redirect is followed."""

import re
import ssl
from dataclasses import dataclass

from adgang.lib.deadlines import Deadline
from systems.steps.peers import printable, stranger

MAX_HEADER_BYTES = 16 * 1024
STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: ([^\r\n]*))?\r?\n")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The first line of a server's answer; `reason` are its own words, as they may be shown."""

    status: int
    reason: str

    @property
    def shown(self) -> str:
        return f"{self.status} {self.reason}".strip()


def ask(connection: ssl.SSLSocket, request: bytes, deadline: Deadline) -> Answer:
    """Send a request and return what its answer begins with; the rest of it is not read.

    Raises Failure `http.not_http` or `peer.other_protocol`; TimeoutError, ConnectionError and SSLError as the socket.
    """
    deadline.send(connection, request)
    line = _first_line(connection, deadline)
    if not (match := STATUS_LINE.match(line)):
        raise stranger(line, "http.not_http")
    return Answer(status=int(match[1]), reason=printable((match[2] or b"").decode("utf-8", "replace")))


def _first_line(connection: ssl.SSLSocket, deadline: Deadline) -> bytes:
    received = b""
    while b"\n" not in received and len(received) < MAX_HEADER_BYTES:
        deadline.arm(connection)
        if not (more := connection.recv(4096)):
            raise ConnectionResetError("the server closed the connection")
        received += more
    return received
