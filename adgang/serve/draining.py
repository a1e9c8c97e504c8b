"""Stopping the web process without resetting a connection that a client believes to be open.

The kernel completes connections before the server takes them. Closing the listener resets those that still wait in its
queue; a proxy cannot send a form again that it has sent into one of them. So new connections are ignored first (who
knocks tries again within a second, and finds the port closed or another process), then the queue is emptied, and only
then the listener closes.
"""

import ctypes
import socket
import struct
import time
from collections.abc import Iterable

SO_ATTACH_FILTER = 26
# A classic packet filter over the TCP header: byte 13 holds the flags. SYN alone is dropped, everything else passes.
IGNORE_SYN = (
    (0x30, 0, 0, 13),  # load byte 13
    (0x54, 0, 0, 0x12),  # keep SYN and ACK
    (0x15, 0, 1, 0x02),  # SYN without ACK?
    (0x06, 0, 0, 0),  # drop
    (0x06, 0, 0, 0xFFFF),  # pass
)
# Where TCP_INFO of a listening socket tells how many connections wait to be taken.
WAITING_AT = 24
SETTLE_SECONDS = 0.1
GIVE_UP_SECONDS = 5.0
PAUSE_SECONDS = 0.02


def close_the_door(listeners: Iterable[socket.socket]) -> None:
    """Return once no connection waits at the listeners, and none can come; where the system cannot, at once."""
    doors = [one for one in listeners if one.family in (socket.AF_INET, socket.AF_INET6)]
    try:
        for door in doors:
            _ignore_new(door)
        # Handshakes that were under way end within this time.
        time.sleep(SETTLE_SECONDS)
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while any(map(waiting, doors)) and time.monotonic() < deadline:
            time.sleep(PAUSE_SECONDS)
    except OSError:
        return


def _ignore_new(door: socket.socket) -> None:
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in IGNORE_SYN)
    kept = ctypes.create_string_buffer(program)
    door.setsockopt(
        socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HxxxxxxP", len(IGNORE_SYN), ctypes.addressof(kept))
    )


def waiting(door: socket.socket) -> int:
    """Return how many connections wait at a listener."""
    info = door.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, WAITING_AT + 4)
    return int(struct.unpack_from("I", info, WAITING_AT)[0])
