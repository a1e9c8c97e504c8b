"""A web process that is told to stop answers whoever has been let in, and lets nobody in whom it will not answer."""

import socket
import threading

import pytest

from adgang.serve.draining import close_the_door, waiting


@pytest.fixture
def door():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def test_who_waits_is_taken_first_and_nobody_new_comes(door: socket.socket) -> None:
    with socket.create_connection(door.getsockname()) as early:
        early.sendall(b"POST")
        assert waiting(door) == 1
        closing = threading.Thread(target=close_the_door, args=([door],))
        closing.start()
        taken, _ = door.accept()
        closing.join()
        with taken:
            assert taken.recv(4) == b"POST"
            # The filter on the listener leaves connections alone that are there.
            early.sendall(b" / HTTP")
            assert taken.recv(7) == b" / HTTP"
    with socket.socket() as late:
        late.settimeout(0.2)
        with pytest.raises(TimeoutError):
            late.connect(door.getsockname())


def test_a_unix_socket_is_left_alone(tmp_path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "web"))
        close_the_door([listener])
