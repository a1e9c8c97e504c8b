"""A real worker killed in the middle of a check, and a queue that lost its messages: nothing is lost or doubled."""

import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adgang.serve.processes import CHECKS_WORKER
from tests.servers.installation import Installation, Running, installation
from tests.servers.plain import tcp_server

WORKER = (sys.executable, "-m", *CHECKS_WORKER)
PURGE = (sys.executable, "-m", "celery", "--app", "adgang", "purge", "--force", "--queues", "checks")
WAIT_SECONDS = 60

PREPARE = """
from organisations.callers import Caller
from organisations.models import Organisation
from systems import checking
from systems.models import System, SystemHealth
owner = Organisation.objects.create(name="Prøvekøbing Kommune", cvr_number="90000001", authority_type="MUNICIPALITY")
system = System.objects.create(
    organisation=owner, name="Filer", is_recipient=True,
    service_protocol="SFTP", sftp_host="127.0.0.1", sftp_port={port},
)
SystemHealth.objects.create(system=system)
system = System.objects.with_page_data().get(pk=system.pk)
checking.ask(Caller.command("test"), system, "COMMAND")
"""
SWEEP = """
import datetime as dt, json
from django.utils import timezone
from systems.sweeping import sweep
swept = sweep(at=timezone.now() + dt.timedelta(seconds={seconds}))
print(json.dumps([swept.queued, swept.aborted]))
"""
TELL = """
import json
from organisations.models import Event
from systems.models import CheckRun
run = CheckRun.objects.get()
print(json.dumps([run.status, run.attempt, run.sendings, run.summary, [step["code"] for step in run.steps],
                  Event.objects.filter(tag="CONNECTION_CHECKED").count()]))
"""


class Server:
    """Accepts connections; `silent` decides whether it then says nothing or hangs up. `called` is set by each."""

    def __init__(self) -> None:
        self.called = threading.Event()
        self.silent = True

    def __call__(self, connection: socket.socket) -> None:
        self.called.set()
        while self.silent and connection.recv(100):
            pass


def run(made: Installation, code: str) -> Any:
    """Run Python in the installation and return what it printed, as JSON."""
    done = made.manage("shell", "-v", "0", "-c", code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    conversation = Server()
    with tcp_server(conversation) as port:
        yield conversation, port


@pytest.fixture
def made(tmp_path: Path, server: tuple[Server, int]) -> Iterator[Installation]:
    with installation(tmp_path, ADGANG_CHECK_ALLOWED_NETWORKS=f"127.0.0.1/32:{server[1]}") as ready:
        run(ready, PREPARE.format(port=server[1]))
        yield ready


def kill(worker: Running) -> None:
    os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.wait()


def test_a_worker_killed_in_the_middle_of_a_check(made: Installation, server: tuple[Server, int]) -> None:
    conversation, _ = server
    with made.running(*WORKER) as worker:
        assert conversation.called.wait(WAIT_SECONDS), worker.output
        kill(worker)
    status, attempt, _sendings, _summary, steps, events = run(made, TELL)
    assert (status, attempt, steps[:2], events) == ("RUNNING", 1, ["CREDENTIAL", "RESOLVE"], 0)
    conversation.silent = False
    assert run(made, SWEEP.format(seconds=80)) == [1, 0]
    with made.running(*WORKER) as worker:
        worker.until_said("check finished")
    status, attempt, _sendings, _summary, steps, events = run(made, TELL)
    assert (status, attempt, events) == ("FAILED", 2, 1)
    assert steps == ["CREDENTIAL", "RESOLVE", "DIAL", "BANNER", "KEX", "HOST_KEY", "KEY_ACCEPTED"]


def test_a_queue_that_lost_its_messages(made: Installation, server: tuple[Server, int]) -> None:
    conversation, _ = server
    conversation.silent = False
    with made.running(*PURGE) as purge:
        assert purge.exit_code() == 0
        assert "Purged 1 message" in purge.output
    assert run(made, TELL)[:3] == ["QUEUED", 0, 1]
    assert run(made, SWEEP.format(seconds=61)) == [1, 0]
    # A message that comes twice does nothing the second time.
    with made.running(*WORKER) as worker:
        worker.until_said("check finished")
        assert run(made, SWEEP.format(seconds=1000)) == [0, 0]
    status, attempt, sendings, _summary, _steps, events = run(made, TELL)
    assert (status, attempt, sendings, events) == ("FAILED", 1, 2, 1)
