"""`python -m adgang.serve.health [PART]`: exit 0 when the process in this container answers, else 1.

Without a part that is the web process; else `celery` or `checks` (the name of a worker), `beat` or `door`.
"""

import http.client
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

SECONDS = 5
BEAT_SILENT = 90.0


def web() -> bool:
    """Ask for `/healthz` the way the proxy would, with the host name that people use."""
    host = urlsplit(os.environ.get("ADGANG_BASE_URL", "")).netloc or "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status == http.client.OK
    finally:
        connection.close()


def worker(name: str) -> bool:
    """Ask the worker of that name on this machine, and no other, through the queue."""
    from adgang.celery import app  # noqa: PLC0415 – only here is a second's start of Django needed

    node = f"{name}@{socket.gethostname()}"
    return bool(app.control.inspect(destination=[node], timeout=SECONDS).ping())


def beat() -> bool:
    """Look whether beat has shown itself lately. Both read the machine's clock that nobody turns."""
    shown = float(Path(os.environ["ADGANG_BEAT_SIGN"]).read_text(encoding="ascii"))
    return time.monotonic() - shown < BEAT_SILENT


def door() -> bool:
    """Knock at the SFTP door, which greets."""
    with socket.create_connection(("127.0.0.1", int(os.environ["ADGANG_SFTP_PORT"])), timeout=SECONDS) as knocking:
        return knocking.recv(4).startswith(b"SSH")


PARTS: dict[str, Callable[[], bool]] = {
    "web": web,
    "celery": lambda: worker("celery"),
    "checks": lambda: worker("checks"),
    "beat": beat,
    "door": door,
}


def main() -> int:
    """Ask the part named on the command line."""
    part = sys.argv[1] if len(sys.argv) > 1 else "web"
    try:
        return 0 if PARTS[part]() else 1
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{part}: {error!r}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
