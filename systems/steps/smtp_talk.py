"""The client's side of an SMTP conversation (RFC 5321), as far as a check needs it.

Our own rather than smtplib's: each reply is bounded in size and time, and a server that speaks something else is told
from one that refuses.
"""

import re
import socket
from dataclasses import dataclass

from adgang.lib.deadlines import Deadline
from adgang.lib.failures import Failure
from systems.steps.peers import printable, stranger

MAX_REPLY_BYTES = 16 * 1024
REPLY_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
LINE_BEGINS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)
ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A reply: three-digit `code`, `text` (at most 200 printable characters) and its lines."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return printable(" ".join(line for line in self.lines if line))

    @property
    def enhanced(self) -> str:
        """The enhanced status code of RFC 3463, such as `5.7.1`; empty when the server gives none."""
        found = ENHANCED.match(self.lines[0])
        return found[1] if found else ""

    @property
    def shown(self) -> str:
        return f"{self.code} {self.text}".strip()


class SmtpTalk:
    """A conversation over a connected socket; `upgrade` goes on over the encrypted one."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = b""

    def upgrade(self, connection: socket.socket) -> None:
        """Go on over `connection`. What the server sent unasked in the clear must not count as encrypted."""
        if self._received:
            raise Failure("smtp.extra_input")
        self._connection = connection

    def command(self, line: str, deadline: Deadline) -> Reply:
        """Send one command line (no line breaks in it) and return the reply.

        Raises Failure `smtp.not_smtp` or `peer.other_protocol`; TimeoutError and ConnectionError as the socket does.
        """
        if "\r" in line or "\n" in line:
            raise ValueError("a command is one line")
        deadline.send(self._connection, line.encode("ascii") + b"\r\n")
        return self.reply(deadline)

    def data(self, mail: bytes, deadline: Deadline) -> Reply:
        """Send a mail with CRLF line ends after a 354, and return what the server says of it."""
        stuffed = LINE_BEGINS_WITH_DOT.sub(b"..", mail)
        end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        deadline.send(self._connection, stuffed + end)
        return self.reply(deadline)

    def reply(self, deadline: Deadline) -> Reply:
        """Read one reply, of one line or several."""
        lines: list[bytes] = []
        size = 0
        while True:
            line = self._line(deadline)
            size += len(line)
            match = REPLY_LINE.fullmatch(line)
            if match is None or size > MAX_REPLY_BYTES:
                raise stranger(line, "smtp.not_smtp")
            lines.append(match[3] or b"")
            if match[2] != b"-":
                texts = tuple(text.decode("utf-8", "replace") for text in lines)
                return Reply(code=int(match[1]), lines=texts)

    def _line(self, deadline: Deadline) -> bytes:
        while b"\n" not in self._received:
            if len(self._received) > MAX_REPLY_BYTES:
                raise stranger(self._received, "smtp.not_smtp")
            deadline.arm(self._connection)
            if not (received := self._connection.recv(4096)):
                raise ConnectionResetError("the server closed the connection")
            self._received += received
        line, _, self._received = self._received.partition(b"\n")
        return line.removesuffix(b"\r")
