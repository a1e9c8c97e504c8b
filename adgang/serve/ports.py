"""Whether a port can be listened on, said before anything starts."""

import errno
import http.client
import socket
import threading
from collections.abc import Callable

ANSWER_SECONDS = 60
PAUSE_SECONDS = 0.05


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


def when_answering(host: str, port: int, then: Callable[[], None]) -> None:
    """Call `then` in a thread of its own as soon as the web server on this machine answers a request."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 – compared, not listened on
    threading.Thread(target=_await_answer, args=(reachable, port, then), daemon=True).start()


def _await_answer(host: str, port: int, then: Callable[[], None]) -> None:
    pause = threading.Event()
    for _ in range(int(ANSWER_SECONDS / PAUSE_SECONDS)):
        if _answers(host, port):
            then()
            return
        pause.wait(PAUSE_SECONDS)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True
