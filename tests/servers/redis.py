"""A Redis server of the test's own, so that it may be stopped and emptied."""

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.servers.plain import closed_port

STARTING_SECONDS = 10


@contextmanager
def redis_server(program: str) -> Iterator[str]:
    """Run `program` for the block, keeping nothing; give its URL."""
    port = closed_port()
    with tempfile.TemporaryDirectory(prefix="adgang-redis-") as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                _await(port)
                yield f"redis://127.0.0.1:{port}/0"
            finally:
                server.terminate()


def _await(port: int) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
        else:
            return
