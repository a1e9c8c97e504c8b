"""What an SSH server offers, read from its own first packet, and a wire that never carries too much for too long."""

import errno
import re
import socket
from dataclasses import dataclass
from typing import Any

from paramiko.message import Message

from adgang.lib.deadlines import Deadline
from systems.steps.peers import printable

MAX_CONVERSATION_BYTES = 512 * 1024  # keys, lists of algorithms and a greeting take some ten thousand
PIECE_BYTES = 16 * 1024


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a server offers in its KEXINIT, each list in its order of preference."""

    key_exchange: list[str]
    host_keys: list[str]
    ciphers: list[str]
    macs: list[str]

    def weak(self) -> list[str]:
        """Return what is offered and should not be."""
        offered = [*self.key_exchange, *self.host_keys, *self.ciphers, *self.macs]
        return [printable(name) for name in offered if WEAK.fullmatch(name)]


# SHA-1 key exchange and signatures (RFC 9142, RFC 8332), CBC and broken ciphers, MD5 and cut MACs.
WEAK = re.compile(
    r"diffie-hellman-group(?:1|14|-exchange)-sha1|ssh-rsa|ssh-dss|.*-cbc(?:@.*)?|arcfour.*|hmac-md5.*|hmac-sha1-96.*"
    r"|hmac-ripemd160.*"
)


def parse_offer(packet: bytes) -> Offer:
    """Read a KEXINIT packet without its type byte (RFC 4253 §7.1): a cookie, then ten lists of names."""
    message = Message(packet)
    message.get_bytes(16)
    lists = [message.get_list() for _ in range(6)]
    markers = ("ext-info-s", "kex-strict-s-v00@openssh.com")
    return Offer(
        key_exchange=[name for name in lists[0] if name not in markers],
        host_keys=lists[1],
        ciphers=lists[3],
        macs=lists[5],
    )


class Bounded:
    """A connection of at most `MAX_CONVERSATION_BYTES`: the library reads what a server claims to send, up to 4 GB.

    It ends at `deadline` too, which frees whoever waits for an answer: the library itself would wait for ever.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._left = MAX_CONVERSATION_BYTES
        self.deadline: Deadline | None = None

    def recv(self, size: int) -> bytes:
        """Return what has come, at most 16 KB. Raises ConnectionResetError when it was too much, or took too long."""
        if self.deadline is not None and not self.deadline.remaining():
            raise ConnectionResetError(errno.ECONNRESET, "the time for this step is used up")
        received = self._connection.recv(min(size, PIECE_BYTES))
        self._left -= len(received)
        if self._left < 0:
            raise ConnectionResetError(errno.ECONNRESET, "the server says more than the question needs")
        return received

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
