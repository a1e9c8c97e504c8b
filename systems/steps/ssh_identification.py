"""The line with which an SSH server says what it is, read without taking it away from who talks next."""

import re
import socket
import time

from adgang.lib.deadlines import Deadline
from adgang.lib.failures import Failure
from systems.steps.peers import stranger

MAX_BANNER_BYTES = 8 * 1024
PEEK_PAUSE = 0.02
IDENTIFICATION = re.compile(rb"SSH-(?:2\.0|1\.99)-[\x20-\x7e]{1,200}", re.DOTALL)


def peek_identification(connection: socket.socket, deadline: Deadline) -> str:
    """Return the server's identification line, leaving it on the socket for the library to read (RFC 4253 §4.2).

    Raises Failure `sftp.not_ssh`, `peer.other_protocol` or `sftp.silent`; ConnectionResetError when it hangs up.
    """
    seen = b""
    while deadline.remaining():
        deadline.arm(connection)
        try:
            looked = connection.recv(MAX_BANNER_BYTES, socket.MSG_PEEK)
        except TimeoutError:
            break
        if not looked:
            raise ConnectionResetError("the server closed the connection")
        if line := _identification(looked):
            return line
        # The same bytes are seen again until more come; a closed connection ends in the deadline.
        seen = looked
        time.sleep(PEEK_PAUSE)
    if seen:
        raise stranger(seen, "sftp.not_ssh")
    raise Failure("sftp.silent")


def _identification(looked: bytes) -> str:
    *lines, _incomplete = looked.split(b"\n")
    for line in lines:
        if line.startswith(b"SSH-"):
            if not IDENTIFICATION.fullmatch(line.removesuffix(b"\r")):
                raise Failure("sftp.not_ssh")
            return line.decode("ascii").strip()
    # Lines of greeting may come first, but a server of another protocol waits for us after them.
    if lines and (other := stranger(lines[0], "")).code:
        raise other
    return ""
