"""`manage.py serve` as people and service managers use it: real processes, real signals."""

import json
import os
import re
import signal
import socket
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from adgang.demo import addresses
from adgang.serve import supervisor
from adgang.serve.processes import Process
from adgang.serve.supervisor import Supervisor
from tests.servers.installation import Installation, Running, installation
from tests.servers.programs import free_port

READY = "Adgang is ready at "
WORKING = "ready. [celery.apps.worker]"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation for all tests of the module; they run one after the other."""
    with installation(tmp_path_factory.mktemp("serve")) as made:
        yield made


def child(run: Running, argument: str) -> int:
    """Return the process id of the child that was called with `argument`."""
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in run.members()}
    return min(pid for pid, command in commands.items() if argument in command)


def test_one_command_serves_works_and_ticks(served: Installation) -> None:
    with served.running() as run:
        run.until_said(f"{READY}{served.url}")
        run.until_said(WORKING)
        with urllib.request.urlopen(f"{served.url}/healthz") as answer:
            assert (answer.status, json.load(answer)["status"]) == (200, "ok")
        assert first_page_with_styles(served.url) == [200, 200]
        os.kill(run.process.pid, signal.SIGTERM)
        assert run.exit_code() == 0
        assert run.members() == []
        assert "Traceback" not in run.output


def first_page_with_styles(url: str) -> list[int]:
    """Return the statuses of the sign-in page and of its first style sheet, which `make setup` collected."""
    with urllib.request.urlopen(f"{url}/log-ind/") as page:
        sheet = re.search(r'rel="stylesheet" href="([^"]+)"', page.read().decode())
    assert sheet
    with urllib.request.urlopen(url + sheet[1]) as style:
        return [page.status, style.status]


@pytest.mark.parametrize("moment", [READY, ""], ids=["when ready", "while starting"])
@pytest.mark.once
def test_ctrl_c_stops_all_without_a_traceback(served: Installation, moment: str) -> None:
    with served.running() as run:
        run.until_said(moment or "Starting")
        os.killpg(run.process.pid, signal.SIGINT)
        assert run.exit_code() == 0
        assert run.until_empty() == []
        assert "Traceback" not in run.output


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.once
def test_when_one_dies_all_stop(served: Installation) -> None:
    with served.running() as run:
        run.until_said(READY)
        os.kill(child(run, "beat"), signal.SIGKILL)
        assert run.exit_code() == 1
        assert "beat ended by SIGKILL; stopping the others." in run.output
        assert run.until_empty() == []


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the kernel does not tell children of their parent's death"
)
@pytest.mark.once
def test_nobody_outlives_a_killed_supervisor(served: Installation) -> None:
    with served.running() as run:
        run.until_said(READY)
        os.kill(run.process.pid, signal.SIGKILL)
        run.exit_code()
        assert run.until_empty() == []


@pytest.mark.once
def test_the_sftp_door_is_one_of_them_where_it_is_on(served: Installation) -> None:
    port = free_port()
    with_door = Installation(served.folder, served.environment | {"ADGANG_SFTP_PORT": str(port)})
    with with_door.running() as run:
        run.until_said(f"{READY}{served.url}")
        with patient_connection(port) as connection:
            assert connection.recv(8) == b"SSH-2.0-"
    with socket.create_server(("127.0.0.1", port)):
        assert "Choose another ADGANG_SFTP_PORT." in with_door.manage("serve").stderr


def patient_connection(port: int) -> socket.socket:
    """Return a connection to a port on which a child begins to listen about now."""
    for _attempt in range(1200):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except OSError:
            threading.Event().wait(0.05)
    raise AssertionError(f"nobody listens on {port}")


@pytest.mark.once
def test_a_taken_port_is_said(served: Installation) -> None:
    port = int(served.environment["PORT"])
    with socket.create_server(("127.0.0.1", port)):
        done = served.manage("serve")
    assert done.returncode == 2
    assert done.stderr == f"CommandError: Port {port} is taken by another program. Choose another: PORT={port + 1}\n"


@pytest.mark.once
def test_a_taken_port_of_the_demo_is_said(served: Installation) -> None:
    first = int(served.environment["ADGANG_DEMO_FIRST_PORT"])
    demo = Installation(served.folder, served.environment | {"ADGANG_DEMO": "true"})
    with socket.create_server((addresses.HOST, addresses.port(addresses.Endpoint.SFTP, first=first))):
        done = demo.manage("serve")
    assert done.returncode == 2
    assert f"Port {first + 4} is taken by another program." in done.stderr
    assert "is another demo running?" in done.stderr


def test_an_empty_database_is_said(served: Installation, tmp_path: Path) -> None:
    empty = Installation(tmp_path, served.environment | {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"})
    done = empty.manage("serve")
    assert done.returncode == 2
    assert "run manage.py migrate first" in done.stderr


def test_the_first_start_brings_its_database_along(served: Installation, tmp_path: Path) -> None:
    new = Installation(tmp_path, served.environment | {"ADGANG_VAR_DIR": str(tmp_path)})
    with new.running(sys.executable, "-m", "adgang.serve") as run:
        run.until_said(READY)
        assert "Starting web, worker, checks, beat …" in run.output
        os.kill(run.process.pid, signal.SIGTERM)
        assert run.exit_code() == 0
    assert new.manage("migrate", "--check").returncode == 0


# --- The supervisor alone -----------------------------------------------------------------------------------------


class Script(Process):
    """A child that runs a line of Python."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-c", *self.arguments]


def supervise(*scripts: Script) -> tuple[int, list[str]]:
    lines: list[str] = []
    code = Supervisor(scripts, say=lines.append).run(when_started=lambda: None)
    return code, lines


def test_output_comes_in_whole_lines_under_its_name() -> None:
    speaking = Script(
        "a", ("import sys; sys.stdout.write('blå'); sys.stdout.flush(); print(' bog\\nto'); print('rest', end='')",)
    )
    code, lines = supervise(speaking, Script("longer", ("import time; time.sleep(60)",)))
    assert code == 1
    assert lines == [
        "a      | blå bog",
        "a      | to",
        "a      | rest",
        "a ended with exit code 0; stopping the others.",
    ]


def test_the_last_words_of_a_crash_are_not_lost() -> None:
    code, lines = supervise(Script("a", ("for n in range(5000): print(n, flush=n == 0)",)))
    assert code == 1
    assert lines == [*(f"a | {n}" for n in range(5000)), "a ended with exit code 0; stopping the others."]


def test_a_child_that_will_not_stop_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE_SECONDS", 0.3)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    waiting = "import time; time.sleep(1)"
    code, lines = supervise(Script("deaf", (deaf,)), Script("brief", (waiting,)))
    assert code == 1
    assert lines == ["deaf  | deaf", "brief ended with exit code 0; stopping the others."]


def test_what_works_behind_the_pages_starts_once_they_are_there() -> None:
    front = Script("front", ("import time; time.sleep(60)",))
    behind = Script("behind", ("print('at work')",), behind=True)
    lines: list[str] = []
    asked = iter([False, False, True])
    code = Supervisor([behind, front], say=lines.append).run(
        when_started=lambda: lines.append("started"),
        pages_are_there=lambda: lines.append("asked") or next(asked),
        when_there=lambda: lines.append("there"),
    )
    assert code == 1
    assert lines[:5] == ["started", *["asked"] * 3, "there"]
    assert lines[5:] == ["behind | at work", "behind ended with exit code 0; stopping the others."]


def test_pages_that_never_come_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "WAIT_SECONDS", 0)
    lines: list[str] = []
    code = Supervisor([Script("behind", ("print('at work')",), behind=True)], say=lines.append).run(
        when_started=lambda: None, pages_are_there=lambda: False, when_there=lambda: lines.append("there")
    )
    assert (code, lines[0]) == (1, "behind | at work")
    assert "there" not in lines


def test_a_reader_who_leaves_ends_it_all() -> None:
    def closed(_line: str) -> None:
        raise BrokenPipeError

    talking = Script("a", ("import time\nwhile True: print('still here', flush=True); time.sleep(0.05)",))
    assert Supervisor([talking], say=closed).run(when_started=lambda: None) == 0


def test_a_child_that_is_still_starting_does_not_hear_ctrl_c(capfd: pytest.CaptureFixture[str]) -> None:
    """A child that is still importing when Ctrl-C reaches the whole group ends without a traceback."""
    starting = "import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(0.2); print('unmoved')"
    code, lines = supervise(Script("a", (starting,)))
    assert (code, lines[0]) == (1, "a | unmoved")
    assert capfd.readouterr().err == ""
