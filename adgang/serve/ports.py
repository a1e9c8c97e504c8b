"""Whether a port can be listened on, and whether somebody does."""

import errno
import socket

CONNECT_SECONDS = 0.1


class PortUnavailable(Exception):
    """Nobody can listen there; the text says why."""


def require_free(host: str, port: int) -> None:
    """Return when `port` on `host` can be listened on. Raises PortUnavailable."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise PortUnavailable(_why(host, port, error)) from error


def _why(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is taken by another program."
        case errno.EACCES:
            return f"This user may not listen on port {port}; ports below 1024 are reserved."
        case _:
            return f"Nobody can listen on {host}:{port}: {error.strerror}."


def is_listened_on(host: str, port: int) -> bool:
    """Say whether a program listens on `port` of `host`, an address of this machine. Takes no time."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 – compared, not listened on
    try:
        socket.create_connection((reachable, port), timeout=CONNECT_SECONDS).close()
    except OSError:
        return False
    return True
