"""Starts the demo's endpoints for as long as the demo's systems are tried out."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from adgang.demo.addresses import HOST, LISTENING, port

PATIENCE_SECONDS = 20
PAUSE_SECONDS = 0.05


@contextmanager
def endpoints() -> Iterator[None]:
    """Have every endpoint of `adgang.demo.endpoints` answer; those that answer already are used as they are."""
    if _all_answer():
        yield
        return
    process = subprocess.Popen([sys.executable, "-m", "adgang.demo.endpoints"], cwd=settings.BASE_DIR)
    try:
        _wait_for(process)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _all_answer():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the demo's endpoints did not start")
        time.sleep(PAUSE_SECONDS)


def _all_answer() -> bool:
    return all(_answers(port(endpoint, first=settings.ADGANG_DEMO_FIRST_PORT)) for endpoint in LISTENING)


def _answers(number: int) -> bool:
    try:
        socket.create_connection((HOST, number), timeout=1).close()
    except OSError:
        return False
    return True
