"""A moment by which work on the network must be over, however slowly the other end drips."""

import socket
import time

# One TLS record: over an encrypted connection each would otherwise have the whole time for itself.
PIECE_BYTES = 16 * 1024


class Deadline:
    """A number of seconds from now, measured by a clock that never jumps."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left, at least 0."""
        return max(0.0, self._end - time.monotonic())

    def within(self, seconds: float) -> "Deadline":
        """Return the sooner of this deadline and `seconds` from now."""
        return Deadline(min(self.remaining(), seconds))

    def arm(self, sock: socket.socket) -> None:
        """Let the next operation on `sock` take no longer than what is left. Raises TimeoutError when nothing is."""
        if not (left := self.remaining()):
            raise TimeoutError("the time for this step is used up")
        sock.settimeout(left)

    def send(self, sock: socket.socket, data: bytes) -> None:
        """Send all of `data`. Raises TimeoutError when the other end reads too slowly: each piece has what is left."""
        for start in range(0, len(data), PIECE_BYTES):
            self.arm(sock)
            sock.sendall(data[start : start + PIECE_BYTES])
