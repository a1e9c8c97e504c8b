"""Starting real server programs for a test: as processes of their own, on loopback ports, with their own settings."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60.0  # a web process loads the portal before it listens; on a busy machine that takes its time


@contextmanager
def workplace() -> Iterator[Path]:
    """A directory that a server program may use; short, and open enough for programs that give up their rights."""
    path = Path(tempfile.mkdtemp(prefix="adgang-srv-", dir="/tmp"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def program(command: list[str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` for the block, from when it listens on `port`; its output goes to `log`. The block may end it."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
    try:
        _await_port(process, port, log)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(PATIENCE)


def _await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the program accepts connections; a refused one is answered at once, so this loop is short."""
    for _ in range(int(PATIENCE / 0.02)):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}:\n{log.read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise RuntimeError(f"{process.args} does not listen on {port}:\n{log.read_text()}")
