"""A Redis server of the test's own, so that it may be stopped and emptied."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.servers.programs import free_port, program, workplace


@contextmanager
def redis_server(path: str) -> Iterator[str]:
    """Run the program at `path` for the block, keeping nothing; give its URL."""
    port = free_port()
    with workplace() as folder:
        command = [path, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        with program(command, port, folder / "log"):
            yield f"redis://127.0.0.1:{port}/0"
