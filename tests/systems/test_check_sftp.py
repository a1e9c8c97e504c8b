"""SFTP checks against OpenSSH's own server, and against what is no SSH server at all."""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import paramiko
import pytest

from systems.steps.host_keys import pinned_key
from systems.steps.ssh_offer import parse_offer
from systems.steps.ssh_query import QueryTransport
from systems.steps.subject import PublicKey, Subject
from tests.servers.plain import black_hole, closed_port, saying, silence, tcp_server
from tests.servers.ssh import SshServer, key_pair, ssh_server
from tests.systems.checks import carry_out, codes, outline, status

pytestmark = pytest.mark.once

Require = Callable[..., str]


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32"]


@pytest.fixture
def key(tmp_path: Path, require_service: Require) -> PublicKey:
    require_service("openssh-client", "ssh-keygen")
    return pinned_key(key_pair(tmp_path, "system"))


@pytest.fixture
def server(require_service: Require, key: PublicKey) -> Iterator[SshServer]:
    with ssh_server(require_service, authorized=[f"{key.type} {key.blob}"]) as running:
        yield running


def somewhere(port: int, key: PublicKey) -> Subject:
    """A system whose server is whatever listens on `port`."""
    return Subject(protocol="SFTP", ssh_host="127.0.0.1", ssh_port=port, ssh_username="digitalpost", ssh_key=key)


def subject(server: SshServer, key: PublicKey, **fields: Any) -> Subject:
    return Subject(
        **{
            "protocol": "SFTP",
            "ssh_host": "127.0.0.1",
            "ssh_port": server.port,
            "ssh_username": server.username,
            "ssh_key": key,
            "pinned_host_key": server.host_key,
        }
        | fields
    )


def test_everything_in_order(server: SshServer, key: PublicKey) -> None:
    steps = carry_out(subject(server, key))
    assert outline(steps) == [
        ("CREDENTIAL", "ok", ["credential.in_force"]),
        ("RESOLVE", "ok", ["resolve.literal"]),
        ("DIAL", "ok", ["dial.connected"]),
        ("BANNER", "ok", ["sftp.greeted"]),
        ("KEX", "ok", ["sftp.key_exchanged"]),
        ("HOST_KEY", "ok", ["sftp.host_key_known"]),
        ("KEY_ACCEPTED", "ok", ["sftp.key_accepted"]),
    ]
    assert {step["place"] for step in steps[1:]} == {f"127.0.0.1:{server.port}"}


def test_an_unknown_host_key_is_shown_for_pinning(server: SshServer, key: PublicKey) -> None:
    steps = carry_out(subject(server, key, pinned_host_key=""))
    shown = next(step["found"] for step in steps if step["code"] == "HOST_KEY")
    assert shown["host_key"] == server.host_key
    assert shown["fingerprint"] == pinned_key(server.host_key).fingerprint
    assert codes(steps, "HOST_KEY") == ["sftp.host_key_not_pinned"]
    assert status(steps, "KEY_ACCEPTED") == "ok"


def test_a_changed_host_key_stops_the_check(server: SshServer, key: PublicKey, tmp_path: Path) -> None:
    steps = carry_out(subject(server, key, pinned_host_key=key_pair(tmp_path, "other_host")))
    assert outline(steps)[-2:] == [
        ("HOST_KEY", "failed", ["sftp.host_key_changed"]),
        ("KEY_ACCEPTED", "skipped", []),
    ]


def test_a_host_key_of_another_type_than_the_pinned_one_is_a_change(
    server: SshServer, key: PublicKey, tmp_path: Path
) -> None:
    steps = carry_out(subject(server, key, pinned_host_key=key_pair(tmp_path, "rsa_host", type_="rsa", bits=2048)))
    assert codes(steps, "HOST_KEY") == ["sftp.host_key_changed"]


def test_an_unpinned_host_key_that_differs_from_the_last_check_is_told(server: SshServer, key: PublicKey) -> None:
    asked = subject(server, key, pinned_host_key="")
    first = carry_out(asked)
    earlier = [step | {"found": {"fingerprint": "SHA256:other"}} for step in first if step["code"] == "HOST_KEY"]
    assert codes(carry_out(asked, earlier=first), "HOST_KEY") == ["sftp.host_key_not_pinned"]
    assert codes(carry_out(asked, earlier=earlier), "HOST_KEY") == [
        "sftp.host_key_not_pinned",
        "sftp.host_key_differs",
    ]


def test_a_key_that_is_not_accepted(server: SshServer, key: PublicKey, tmp_path: Path) -> None:
    other = pinned_key(key_pair(tmp_path, "other"))
    steps = carry_out(subject(server, key, ssh_key=other))
    assert (status(steps, "KEY_ACCEPTED"), codes(steps, "KEY_ACCEPTED")) == ("failed", ["sftp.key_not_accepted"])


def test_an_unknown_user_is_told_as_a_key_that_is_not_accepted(server: SshServer, key: PublicKey) -> None:
    steps = carry_out(subject(server, key, ssh_username="findes-ikke"))
    assert codes(steps, "KEY_ACCEPTED") == ["sftp.key_not_accepted"]


def test_an_rsa_key_is_asked_for_with_modern_signatures(require_service: Require, tmp_path: Path) -> None:
    key = pinned_key(key_pair(tmp_path, "rsa", type_="rsa", bits=3072))
    with ssh_server(require_service, authorized=[f"{key.type} {key.blob}"]) as server:
        assert codes(carry_out(subject(server, key)), "KEY_ACCEPTED") == ["sftp.key_accepted"]


def test_a_server_that_takes_sha1_signatures_only(require_service: Require, tmp_path: Path) -> None:
    key = pinned_key(key_pair(tmp_path, "rsa", type_="rsa", bits=3072))
    line = f"{key.type} {key.blob}"
    with ssh_server(require_service, authorized=[line], extra="PubkeyAcceptedAlgorithms ssh-rsa") as server:
        steps = carry_out(subject(server, key))
    assert (status(steps, "KEY_ACCEPTED"), codes(steps, "KEY_ACCEPTED")) == ("warning", ["sftp.sha1_signature"])


def test_a_server_that_lets_nobody_in_by_key(require_service: Require, key: PublicKey) -> None:
    with ssh_server(require_service, extra="PubkeyAuthentication no") as server:
        assert codes(carry_out(subject(server, key)), "KEY_ACCEPTED") == ["sftp.no_public_keys"]


def test_a_server_with_only_an_old_key_exchange(require_service: Require, key: PublicKey) -> None:
    with ssh_server(require_service, extra="KexAlgorithms diffie-hellman-group14-sha1") as server:
        steps = carry_out(subject(server, key))
    found = next(step["findings"] for step in steps if step["code"] == "KEX")
    assert [(each["code"], each["params"]) for each in found] == [
        ("sftp.no_common_algorithm", {"offered": "diffie-hellman-group14-sha1"})
    ]
    assert outline(steps)[-2:] == [("HOST_KEY", "skipped", []), ("KEY_ACCEPTED", "skipped", [])]


def test_weak_algorithms_are_named(require_service: Require, key: PublicKey) -> None:
    extra = "KexAlgorithms curve25519-sha256@libssh.org,diffie-hellman-group14-sha1\nCiphers aes128-ctr,aes128-cbc"
    with ssh_server(require_service, authorized=[f"{key.type} {key.blob}"], extra=extra) as server:
        steps = carry_out(subject(server, key))
    found = next(step for step in steps if step["code"] == "KEX")
    assert found["found"]["weak"] == ["diffie-hellman-group14-sha1", "aes128-cbc"]
    assert (found["status"], status(steps, "KEY_ACCEPTED")) == ("warning", "ok")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"220 mail.example ESMTP\r\n", "peer.other_protocol"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "peer.other_protocol"),
        (b"SSH-1.5-old\r\n", "sftp.not_ssh"),
        (b"", "peer.closed"),
        (b"SSH-2.0-Prove\r\n", "sftp.key_exchange_failed"),
        (b"Velkommen\r\nSSH-2.0-Prove\r\n\x00\x00\x00\x05garbage", "sftp.key_exchange_failed"),
    ],
)
def test_what_is_no_ssh_server_is_said(key: PublicKey, said: bytes, code: str) -> None:
    with tcp_server(saying(said)) as port:
        steps = carry_out(somewhere(port, key))
    assert [found for _, state, found in outline(steps) if state == "failed"] == [[code]]


def test_a_packet_without_end_is_not_read_to_its_end(key: PublicKey) -> None:
    """The first packet claims 2 GB, and the server sends as fast as it can."""
    sent = []

    def conversation(connection: socket.socket) -> None:
        connection.sendall(b"SSH-2.0-Prove\r\n\x7f\xff\xff\xfc")
        while True:
            sent.append(connection.send(bytes(64 * 1024)))

    with tcp_server(conversation) as port:
        steps = carry_out(somewhere(port, key))
    assert codes(steps, "KEX") == ["sftp.key_exchange_failed"]
    assert sum(sent) < 64 * 1024 * 1024  # what was read, and what the network had taken in


def test_a_server_that_says_nothing(key: PublicKey) -> None:
    with tcp_server(silence) as port:
        steps = carry_out(somewhere(port, key), seconds=0.3)
    assert codes(steps, "BANNER") == ["sftp.silent"]


def test_a_server_that_falls_silent_after_its_greeting_leaves_no_thread(key: PublicKey) -> None:
    before = set(threading.enumerate())

    def conversation(connection: socket.socket) -> None:
        connection.sendall(b"SSH-2.0-Prove\r\n")
        silence(connection)

    with tcp_server(conversation) as port:
        assert codes(carry_out(somewhere(port, key), seconds=0.5), "KEX") == ["run.out_of_time"]
    timers = [thread for thread in set(threading.enumerate()) - before if isinstance(thread, threading.Timer)]
    assert timers == []


def test_nothing_is_left_running(server: SshServer, key: PublicKey) -> None:
    carry_out(subject(server, key))
    left = [thread for thread in threading.enumerate() if isinstance(thread, QueryTransport)]
    for thread in left:
        thread.join(2)
    assert [thread for thread in left if thread.is_alive()] == []


def test_refused_and_swallowed_connections(key: PublicKey) -> None:
    with black_hole() as hole:
        refused, swallowed = (carry_out(somewhere(port, key), seconds=0.3) for port in (closed_port(), hole))
    assert (codes(refused, "DIAL"), codes(swallowed, "DIAL")) == (["dial.refused"], ["dial.timeout"])
    assert [state for _, state, _ in outline(refused)[3:]] == ["skipped"] * 4


def test_without_a_server_of_its_own_only_the_key_is_checked(key: PublicKey) -> None:
    steps = carry_out(Subject(protocol="SFTP", ssh_username="digitalpost", ssh_key=key))
    assert outline(steps) == [
        ("CREDENTIAL", "ok", ["credential.in_force"]),
        ("DIAL", "skipped", ["sftp.digital_post_is_server"]),
    ]


def test_without_user_name_there_is_nothing_to_ask(server: SshServer, key: PublicKey) -> None:
    assert codes(carry_out(subject(server, key, ssh_username="")), "KEY_ACCEPTED") == ["sftp.nothing_to_ask"]


def test_fingerprints_are_those_of_ssh_keygen(tmp_path: Path, require_service: Require) -> None:
    keygen = require_service("openssh-client", "ssh-keygen")
    line = key_pair(tmp_path, "key", type_="ecdsa")
    shown = subprocess.run([keygen, "-lf", str(tmp_path / "key.pub")], capture_output=True, check=True, text=True)
    assert pinned_key(line).fingerprint == shown.stdout.split()[1]


def test_a_confirmed_host_key_that_is_another_than_last_time_is_told(server: SshServer, key: PublicKey) -> None:
    """Nothing is wrong with it: somebody confirmed it meanwhile. That it changed is said all the same."""
    earlier = [step | {"found": {"fingerprint": "SHA256:other"}} for step in carry_out(subject(server, key))]
    steps = carry_out(subject(server, key), earlier=[step for step in earlier if step["code"] == "HOST_KEY"])
    assert (status(steps, "HOST_KEY"), codes(steps, "HOST_KEY")) == (
        "ok",
        ["sftp.host_key_known", "sftp.host_key_replaced"],
    )


class TestContract:
    """What the pinned version of paramiko must go on doing, for it is not promised."""

    def test_version(self) -> None:
        assert paramiko.__version__ == "5.1.0"

    def test_the_offer_is_read_where_the_library_reads_it(self) -> None:
        assert QueryTransport._parse_kex_init is not paramiko.Transport._parse_kex_init
        lists = [["kex-a", "ext-info-s"], ["key-a"], ["c1"], ["c2"], ["m1"], ["m2"], ["none"], ["none"], [], []]
        message = paramiko.Message()
        message.add_bytes(bytes(16))
        for names in lists:
            message.add_list(names)
        offer = parse_offer(message.asbytes())
        assert (offer.key_exchange, offer.host_keys, offer.ciphers, offer.macs) == (
            ["kex-a"],
            ["key-a"],
            ["c2"],
            ["m2"],
        )
