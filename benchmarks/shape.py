"""The production shape, run by hand: what docker-compose.yml describes, each process a child of this one.

A PostgreSQL and a Redis of its own, two web processes behind a real nginx with TLS, two workers of each kind, one beat;
their output goes to a small volume of its own. One worker of the checks, one other and beat live by a clock that can be
made to jump.
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adgang.serve import processes
from benchmarks.faults import Broker, redis_broker
from benchmarks.sweep import country
from tests.platform.production import production_environment
from tests.servers.certificates import authority, server_certificate
from tests.servers.installation import ROOT, Installation, installation
from tests.servers.postgres import PostgresServer, postgres_server
from tests.servers.programs import free_port, program, workplace
from tests.servers.proxy import SECRET, adapted

HOST = "127.0.0.1"
ANSWER_SECONDS = 120.0
PAUSE = 0.1
VOLUME_MB = 8
WEBS, WORKERS = ("web1", "web2"), ("checks1", "checks2", "worker1", "worker2")
# The real clock of the machine cannot be turned; these see another one. What measures durations is not turned by NTP
# or an administrator either, so it is left alone.
TURNED = ("checks2", "worker2", "beat")
FAKETIME = Path("/usr/lib") / f"{os.uname().machine}-linux-gnu" / "faketime" / "libfaketimeMT.so.1"


@dataclass
class Child:
    """A process of the installation that may be stopped, killed and started again."""

    command: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.command], cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def stop(self, seconds: float) -> int:
        """Ask it to end, wait, and return its exit code. Raises TimeoutError when it does not."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"{self.command} did not end within {seconds} s") from None

    def kill(self) -> None:
        """End it and its children at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def megabytes(self) -> float:
        """Return what it and its children hold of memory now."""
        assert self.process is not None
        listing = subprocess.run(["ps", "-eo", "sid=,rss="], capture_output=True, text=True, check=True).stdout
        return sum(int(rss) for sid, rss in map(str.split, listing.splitlines()) if int(sid) == self.process.pid) / 1024


@dataclass
class Shape:
    """Everything that runs."""

    made: Installation
    places: dict[str, Any]
    database: PostgresServer
    broker: Broker
    volume: Path
    proxy: int
    trust: Path
    is_volume_small: bool
    clock: Path
    children: dict[str, Child] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.made.url

    def ready(self, name: str) -> bool:
        """Say whether a web process can serve, asked as the proxy would."""
        port = int(self.children[name].environment["PORT"])
        connection = http.client.HTTPConnection(HOST, port, timeout=10)
        try:
            connection.request("GET", "/readyz", headers={"Host": HOST, "X-Forwarded-Proto": "https"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def readiness(self) -> dict[str, Any]:
        """Return what the first web process says of the installation."""
        connection = http.client.HTTPConnection(HOST, int(self.children[WEBS[0]].environment["PORT"]), timeout=10)
        connection.request("GET", "/readyz", headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        with connection.getresponse() as answer:
            return dict(json.loads(answer.read()))

    def until_ready(self, *names: str) -> None:
        until(lambda: all(map(self.ready, names or WEBS)), f"{names or WEBS} to be ready")

    def turn_clock(self, seconds: int) -> None:
        """Let the clock of some processes be so many seconds off, from their next look on."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.replace(self.clock)


def until(true: Callable[[], bool], what: str, seconds: float = ANSWER_SECONDS) -> None:
    """Ask again and again until it is true. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(PAUSE)


@contextmanager
def production_shape(folder: Path, *, delay: str = "0.2") -> Iterator[Shape]:
    """Run it for the block; nobody has signed in and nothing is checked yet."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None or not FAKETIME.exists():
        raise RuntimeError("nginx and faketime are needed")
    with ExitStack() as stack:
        place = stack.enter_context(workplace())
        root = authority("Proxyens rod")
        certificate, key = server_certificate(root, HOST).write(place, "proxy")
        trust = place / "root.pem"
        trust.write_bytes(root.pem)
        volume, is_small = stack.enter_context(small_volume(place))
        places = stack.enter_context(country(folder, delay))
        database, broker = stack.enter_context(postgres_server()), stack.enter_context(redis_broker(folder))
        http_port, https_port, webs = free_port(), free_port(), [free_port() for _ in WEBS]
        variables = _variables(folder, places) | {
            "DATABASE_URL": database.url,
            "ADGANG_BASE_URL": f"https://{HOST}:{https_port}",
            "CSRF_TRUSTED_ORIGINS": f"https://{HOST}:{https_port}",
        }
        made = stack.enter_context(installation(folder, broker=broker.url, **variables))
        clock = place / "clock"
        shape = Shape(made, places, database, broker, volume, https_port, trust, is_small, clock)
        shape.turn_clock(0)
        for name, command in commands():
            own = {"PORT": str(webs[WEBS.index(name)])} if name in WEBS else _clock(clock) if name in TURNED else {}
            shape.children[name] = Child(command, made.environment | own, volume / "log")
            stack.callback(shape.children[name].kill)
            shape.children[name].start()
        path = place / "nginx.conf"
        path.write_text(
            adapted(web=webs, http=http_port, https=https_port, certificate=certificate, key=key, folder=place)
        )
        shape.until_ready()
        stack.enter_context(program([nginx, "-c", str(path), "-g", "daemon off;"], https_port, volume / "proxy-log"))
        yield shape


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return the processes by name, each with its command."""
    for name in WEBS:
        yield name, processes.WEB
    for name in WORKERS:
        command = processes.CHECKS_WORKER if name.startswith("checks") else processes.DEFAULT_WORKER
        without = tuple(part for part in command if part not in ("--hostname", "checks@%h"))
        yield name, (*without, "--hostname", f"{name}@%h")
    yield "beat", processes.BEAT


def _variables(folder: Path, places: dict[str, Any]) -> dict[str, str]:
    """Return the environment of a production installation, whose checks may dial the simulated country."""
    variables = production_environment(folder)
    del variables["EMAIL_URL"]  # mails are files, which can be counted
    return variables | {
        "ADGANG_ENVIRONMENT": "test",  # where the certificates of the demo's authority count
        "ADGANG_LOG_JSON": "true",
        "ALLOWED_HOSTS": HOST,
        "ADGANG_TRUSTED_PROXIES": HOST,
        "ADGANG_PROXY_SECRET": SECRET,
        "ADGANG_WEB_WORKERS": "2",
        "ADGANG_WEB_THREADS": "4",
        "ADGANG_DNS_SERVERS": f"127.0.0.1:{places['dns']}",
        "ADGANG_EXTRA_CA_FILE": places["ca"],
        "ADGANG_CHECK_ALLOWED_NETWORKS": f"127.64.0.0/10,127.64.0.0/10:{places['smtp']}",
    }


def _clock(file: Path) -> dict[str, str]:
    # faketime 0.9.10 refuses to sleep until a moment of a clock that it leaves alone, as Python does.
    (file.parent / "sitecustomize.py").write_text(
        "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds) and None\n"
    )
    return {
        "PYTHONPATH": str(file.parent),
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


@contextmanager
def small_volume(place: Path) -> Iterator[tuple[Path, bool]]:
    """Give a folder for logs: a file system of a few MB where we may mount one, which can then be filled."""
    volume = place / "logs"
    volume.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={VOLUME_MB}m,mode=0777", "tmpfs", str(volume)]
    is_small = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield volume, is_small
    finally:
        if is_small:
            subprocess.run(["umount", "--lazy", str(volume)], capture_output=True, check=False)
