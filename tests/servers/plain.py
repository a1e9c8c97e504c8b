"""Bare TCP listeners: one that says what it is told, a black hole, and a port on which nobody listens."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Conversation = Callable[[socket.socket], None]


@contextmanager
def tcp_server(conversation: Conversation) -> Iterator[int]:
    """Run `conversation(connection)` for each connection, one at a time; give the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, conversation), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, conversation: Conversation) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            try:
                conversation(connection)
            except OSError:
                continue


def saying(text: bytes) -> Conversation:
    """A conversation that sends `text` and hangs up."""

    def conversation(connection: socket.socket) -> None:
        connection.sendall(text)

    return conversation


def silence(connection: socket.socket) -> None:
    """A conversation in which the server never says a word."""
    while connection.recv(4096):
        pass


@contextmanager
def black_hole() -> Iterator[int]:
    """A port that swallows connection attempts: a listener whose queue of one is full and never emptied."""
    with socket.socket() as listener, socket.socket() as filler:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        filler.connect(listener.getsockname())
        yield listener.getsockname()[1]


def closed_port() -> int:
    """A port that refuses: it was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
