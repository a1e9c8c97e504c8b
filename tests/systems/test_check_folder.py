"""What an SFTP check does with its owner's leave: signing in and trying the folder, against OpenSSH's own server."""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from systems.steps.host_keys import pinned_key
from systems.steps.subject import PublicKey, Subject
from tests.servers.ssh import SshServer, key_pair, ssh_server
from tests.systems.checks import Steps, carry_out, codes, outline, status

pytestmark = pytest.mark.once

Require = Callable[..., str]
MARK = "0123456789ab"
# Only root's sshd can shut anybody in.
SHUT_IN_NOWHERE = [("Subsystem sftp internal-sftp\nChrootDirectory /findes/ikke", "login.no_session")]
SHUT_IN_NOWHERE = SHUT_IN_NOWHERE if os.geteuid() == 0 else []
LOOK, WRITE = ("LOGIN",), ("LOGIN", "WRITE")


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32"]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory, require_service: Require) -> dict[str, bytes | str]:
    """The registered key's public half, and the check's own key."""
    require_service("openssh-client", "ssh-keygen")
    directory = tmp_path_factory.mktemp("keys")
    registered, own = key_pair(directory, "system"), key_pair(directory, "check")
    return {"registered": registered, "own": own, "private": (directory / "check").read_bytes()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "ind"
    made.mkdir()
    return made


def sftp_server(require: Require, keys: Any, arguments: str = "", *, extra: str = "", own: bool = True) -> Any:
    """An sshd whose file service is OpenSSH's own, with further arguments (see sftp-server(8))."""
    subsystem = f"Subsystem sftp internal-sftp {arguments}"
    authorized = [keys["registered"], *([keys["own"]] if own else [])]
    return ssh_server(require, authorized=authorized, extra=f"{subsystem}\n{extra}")


def check(
    server: SshServer, keys: Any, folder: Path | str, probes: tuple[str, ...] = LOOK, *, earlier: Steps | None = None
) -> Steps:
    registered: PublicKey = pinned_key(keys["registered"])
    subject = Subject(
        protocol="SFTP",
        ssh_host="127.0.0.1",
        ssh_port=server.port,
        ssh_username=server.username,
        ssh_key=registered,
        ssh_folder=str(folder),
        pinned_host_key=server.host_key,
        probes=probes,
        check_key=keys["private"],
        mark=MARK,
    )
    return carry_out(subject, earlier=earlier or ())


def test_the_folder_is_looked_at(require_service: Require, keys: Any, folder: Path) -> None:
    (folder / "brev.xml").write_text("x")
    with sftp_server(require_service, keys) as server:
        steps = check(server, keys, folder)
    assert outline(steps)[-3:] == [
        ("KEY_ACCEPTED", "ok", ["sftp.key_accepted"]),
        ("LOGIN", "ok", ["login.done"]),
        ("FOLDER", "ok", ["folder.seen"]),
    ]
    assert steps[-1]["found"] == {"folder": str(folder), "files": 1}
    assert [path.name for path in folder.iterdir()] == ["brev.xml"]


def test_a_file_is_written_renamed_and_deleted(require_service: Require, keys: Any, folder: Path) -> None:
    """What an earlier check had to leave behind goes with it."""
    (folder / f".adgang-{MARK}.tmp").write_text("left over")
    (folder / f".adgang-{MARK}.txt").write_text("left over")
    with sftp_server(require_service, keys) as server:
        steps = check(server, keys, folder, WRITE)
    assert outline(steps)[-1] == ("FOLDER", "ok", ["folder.seen", "folder.written"])
    assert list(folder.iterdir()) == []


def test_without_the_owners_leave_nobody_signs_in(require_service: Require, keys: Any, folder: Path) -> None:
    with sftp_server(require_service, keys) as server:
        steps = check(server, keys, folder, ())
    assert [step["code"] for step in steps][-1] == "KEY_ACCEPTED"


def test_where_the_check_has_no_key_it_says_so_and_no_more(require_service: Require, keys: Any, folder: Path) -> None:
    with sftp_server(require_service, keys, own=False) as server:
        steps = check(server, keys, folder, WRITE)
    assert outline(steps)[-3:] == [
        ("KEY_ACCEPTED", "ok", ["sftp.key_accepted"]),
        ("LOGIN", "warning", ["login.key_refused"]),
        ("FOLDER", "skipped", ["folder.not_looked_at"]),
    ]


def test_where_the_users_own_key_is_refused_no_other_is_tried(
    require_service: Require, keys: Any, folder: Path
) -> None:
    with ssh_server(require_service, authorized=[keys["own"]], extra="Subsystem sftp internal-sftp") as server:
        steps = check(server, keys, folder)
    assert outline(steps)[-3:] == [
        ("KEY_ACCEPTED", "failed", ["sftp.key_not_accepted"]),
        ("LOGIN", "skipped", ["login.not_tried"]),
        ("FOLDER", "skipped", ["folder.not_looked_at"]),
    ]


@pytest.mark.parametrize(
    ("arguments", "probes", "code", "left"),
    [
        ("-P opendir", LOOK, "folder.not_listed", []),
        ("-R", WRITE, "folder.not_writable", []),
        ("-P open", WRITE, "folder.not_writable", []),
        ("-P rename", WRITE, "folder.not_renamed", []),
        ("-P remove", WRITE, "folder.not_deleted", [f".adgang-{MARK}.txt"]),
    ],
)
def test_what_the_server_does_not_allow_is_named(
    require_service: Require, keys: Any, folder: Path, arguments: str, probes: tuple[str, ...], code: str, left: Any
) -> None:
    with sftp_server(require_service, keys, arguments) as server:
        steps = check(server, keys, folder, probes)
    assert (status(steps, "FOLDER"), codes(steps, "FOLDER")[-1]) == ("failed", code)
    assert steps[-1]["findings"][-1]["params"]["said"] == "Permission denied"
    assert [path.name for path in folder.iterdir()] == left


def test_no_such_folder(require_service: Require, keys: Any, folder: Path) -> None:
    with sftp_server(require_service, keys) as server:
        missing, a_file = check(server, keys, folder / "ud"), folder / "fil"
        a_file.write_text("x")
        file = check(server, keys, a_file)
    assert (codes(missing, "FOLDER"), codes(file, "FOLDER")) == (["folder.missing"], ["folder.not_a_folder"])


def test_a_user_who_is_shut_in_where_the_folder_is_not(require_service: Require, keys: Any, folder: Path) -> None:
    """A chroot where that may be made, else the directory that a user begins in; the folder counts from there."""
    root = os.geteuid() == 0
    shut_in = "ChrootDirectory /usr" if root else ""
    with sftp_server(require_service, keys, "" if root else f"-d {folder}", extra=shut_in) as server:
        steps = check(server, keys, "findes-ikke")
        known = check(server, keys, "lib" if root else ".")
    assert codes(steps, "FOLDER") == ["folder.missing"]
    assert codes(known, "FOLDER") == ["folder.seen"]


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("", "login.no_sftp"),
        *SHUT_IN_NOWHERE,
        ("Subsystem sftp /bin/false", "login.no_session"),
        ("Subsystem sftp internal-sftp\nForceCommand /bin/true", "login.no_session"),
    ],
)
def test_a_user_who_gets_no_further_than_the_door(
    require_service: Require, keys: Any, folder: Path, extra: str, code: str
) -> None:
    """OpenSSH ends the session when the directory to shut the user into is set up wrong."""
    with ssh_server(require_service, authorized=[keys["registered"], keys["own"]], extra=extra) as server:
        steps = check(server, keys, folder)
    assert outline(steps)[-2:] == [("LOGIN", "failed", [code]), ("FOLDER", "skipped", [])]


def test_a_server_that_wants_more_than_a_key(require_service: Require, keys: Any, folder: Path) -> None:
    extra = "AuthenticationMethods publickey,keyboard-interactive"
    with sftp_server(require_service, keys, extra=f"KbdInteractiveAuthentication yes\n{extra}") as server:
        steps = check(server, keys, folder)
    assert outline(steps)[-2:] == [
        ("LOGIN", "warning", ["login.more_wanted"]),
        ("FOLDER", "skipped", ["folder.not_looked_at"]),
    ]


def test_a_file_service_that_never_answers(
    require_service: Require, keys: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("systems.steps.sftp_folder.SECONDS", 0.5)
    extra = "Subsystem sftp /bin/sleep 30"
    with ssh_server(require_service, authorized=[keys["registered"], keys["own"]], extra=extra) as server:
        steps = check(server, keys, folder)
    assert outline(steps)[-2:] == [("LOGIN", "failed", ["peer.silent"]), ("FOLDER", "skipped", [])]


def test_a_file_service_that_talks_nonsense(require_service: Require, keys: Any, folder: Path) -> None:
    extra = "Subsystem sftp /bin/echo nonsense nonsense nonsense"
    with ssh_server(require_service, authorized=[keys["registered"], keys["own"]], extra=extra) as server:
        steps = check(server, keys, folder)
    assert outline(steps)[-2:] == [("LOGIN", "failed", ["sftp.garbled"]), ("FOLDER", "skipped", [])]


def test_what_a_broken_connection_leaves_is_taken_away_next_time(
    require_service: Require, keys: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("systems.steps.sftp_folder.TIDYING_SECONDS", 0.5)
    with sftp_server(require_service, keys) as server:
        with broken_when(server.port, lambda: bool(list(folder.iterdir()))) as port:
            through = SshServer(
                port=port, host_key=server.host_key, username=server.username, authorized=server.authorized
            )
            broken = check(through, keys, folder, WRITE)
        assert codes(broken, "FOLDER")[-1] == "peer.closed"
        assert [path.name for path in folder.iterdir()] == [f".adgang-{MARK}.tmp"]
        check(server, keys, folder, WRITE)
    assert list(folder.iterdir()) == []


class broken_when:
    """A wire to a server that is cut as soon as something is the case; nothing more comes through."""

    def __init__(self, port: int, cut: Callable[[], bool]) -> None:
        self._target, self._cut = port, cut
        self._listener = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> int:
        threading.Thread(target=self._carry, daemon=True).start()
        port: int = self._listener.getsockname()[1]
        return port

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _carry(self) -> None:
        near, _ = self._listener.accept()
        far = socket.create_connection(("127.0.0.1", self._target))
        inward = threading.Thread(target=self._pump, args=(near, far, None), daemon=True)
        inward.start()
        self._pump(far, near, self._cut)
        near.close()
        far.close()

    @staticmethod
    def _pump(source: socket.socket, target: socket.socket, cut: Callable[[], bool] | None) -> None:
        try:
            while (received := source.recv(4096)) and not (cut and cut()):
                target.sendall(received)
            target.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
