"""No peer holds a check longer than its step allows, however it misbehaves. Deadlines are short; nothing sleeps."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from systems.steps.subject import PublicKey, Subject, TrialMessage
from tests.servers.certificates import Issued, authority, server_certificate
from tests.servers.https import server_context
from tests.servers.plain import tcp_server
from tests.servers.programs import workplace
from tests.systems.checks import Steps, carry_out, outline

pytestmark = pytest.mark.once

SECONDS = 0.6
# What a check may take beyond its deadline on a busy machine, before it counts as held.
GRACE = 15.0
KEY = PublicKey(type="ssh-ed25519", blob="QUJD", fingerprint="SHA256:x")
HUNDRED_MB = 100 * 1024 * 1024


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32"]


def subjects(port: int) -> dict[str, Subject]:
    """A system of each protocol that is dialled, whose server is whatever listens on `port`."""
    https = f"https://127.0.0.1:{port}/"
    return {
        "SMTP": Subject(protocol="SMTP", places=("a@post.example",), relay_host="127.0.0.1", relay_port=port),
        "SFTP": Subject(protocol="SFTP", ssh_host="127.0.0.1", ssh_port=port, ssh_username="digitalpost", ssh_key=KEY),
        "REST_PUSH": Subject(protocol="REST_PUSH", places=(https,)),
        "AS4": Subject(protocol="AS4", places=(https,)),
    }


def dripping(said: bytes) -> Callable[[socket.socket], None]:
    """Send one byte after the other, each as soon as the one before has had time to arrive alone."""

    def conversation(connection: socket.socket) -> None:
        connection.settimeout(0.02)
        for byte in said * 500:
            connection.sendall(bytes([byte]))
            try:
                if not connection.recv(1024):
                    return
            except TimeoutError:
                continue

    return conversation


def gushing(said: bytes) -> Callable[[socket.socket], None]:
    """Send 100 MB of a line that has no end, as fast as it is taken."""

    def conversation(connection: socket.socket) -> None:
        connection.sendall(said)
        piece, sent = b"x" * 65536, 0
        while sent < HUNDRED_MB:
            connection.sendall(piece)
            sent += len(piece)

    return conversation


def resetting(connection: socket.socket) -> None:
    """Break the connection off in the roughest way there is."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def listening(connection: socket.socket) -> None:
    """Take everything in, and never say a word or close."""
    while connection.recv(65536):
        pass


GREETINGS = {
    "SMTP": b"220-x\r\n",
    "SFTP": b"SSH-2.0-x",
    "REST_PUSH": b"\x16\x03\x03\x40\x00",
    "AS4": b"\x16\x03\x03\x40\x00",
}


@pytest.mark.parametrize("protocol", GREETINGS)
@pytest.mark.parametrize("peer", ["drips", "gushes", "listens", "resets"])
def test_no_peer_holds_a_check(protocol: str, peer: str) -> None:
    said = GREETINGS[protocol]
    conversation = {
        "drips": dripping(said),
        "gushes": gushing(said),
        "listens": listening,
        "resets": resetting,
    }[peer]
    started = time.monotonic()
    with tcp_server(conversation) as port:
        steps = carry_out(subjects(port)[protocol], seconds=SECONDS)
    assert time.monotonic() - started < SECONDS + GRACE
    assert [state for _, state, _ in outline(steps)].count("failed") == 1


@pytest.fixture(scope="module")
def issued() -> Issued:
    return server_certificate(authority(), "127.0.0.1")


@contextmanager
def encrypted(issued: Issued, talk: Callable[[ssl.SSLSocket], None], *, greeting: bytes = b"") -> Iterator[int]:
    """A server that gets as far as the encryption, and then does what it is told."""
    with workplace() as directory:
        context = server_context(directory, issued)

        def conversation(connection: socket.socket) -> None:
            connection.settimeout(10)
            if greeting:
                connection.sendall(greeting)
                while (line := connection.recv(1000)) and not line.startswith(b"STARTTLS"):
                    connection.sendall(b"250-x\r\n250 STARTTLS\r\n")
                connection.sendall(b"220 Go ahead\r\n")
            with context.wrap_socket(connection, server_side=True) as secured:
                talk(secured)

        with tcp_server(conversation) as port:
            yield port


def drip_encrypted(secured: ssl.SSLSocket) -> None:
    secured.settimeout(0.02)
    for _ in range(500):
        secured.sendall(b"2")
        try:
            if not secured.recv(1024):
                return
        except TimeoutError:
            continue


def fall_silent(secured: ssl.SSLSocket) -> None:
    while secured.recv(4096):
        pass


@pytest.mark.parametrize("talk", [drip_encrypted, fall_silent])
def test_encryption_gives_nobody_more_time(issued: Issued, talk: Callable[[ssl.SSLSocket], None]) -> None:
    started = time.monotonic()
    with encrypted(issued, talk) as port:
        https = carry_out(subjects(port)["REST_PUSH"], seconds=SECONDS)
    with encrypted(issued, talk, greeting=b"220 x\r\n") as port:
        smtp = carry_out(subjects(port)["SMTP"], seconds=SECONDS)
    assert time.monotonic() - started < 2 * (SECONDS + GRACE)
    assert "failed" in [state for _, state, _ in outline(https)]
    assert "failed" in [state for _, state, _ in outline(smtp)]


def test_a_server_that_takes_nothing_in_cannot_hold_a_delivery(
    issued: Issued, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message of 20 MB fills every buffer on the way; each piece has only what is left of the time."""
    monkeypatch.setattr("systems.steps.rest_delivery.SECONDS", SECONDS)
    ours = authority()
    (tmp_path / "ca.pem").write_bytes(ours.pem)
    settings.ADGANG_EXTRA_CA_FILE = str(tmp_path / "ca.pem")

    def talk(secured: ssl.SSLSocket) -> None:
        if secured.recv(4096).startswith(b"HEAD"):
            secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            return
        while not secured.unwrap():  # waits for a goodbye that does not come before the other end gives up
            pass

    with encrypted(server_certificate(ours, "127.0.0.1"), talk) as port:
        place = f"https://127.0.0.1:{port}/"
        message = TrialMessage(id="x", content=bytes(20 * 1024 * 1024))
        started = time.monotonic()
        steps: Steps = carry_out(Subject(protocol="REST_PUSH", places=(place,), deliver_to=place, message=message))
        assert time.monotonic() - started < SECONDS + GRACE
    assert outline(steps)[-1][0:2] == ("DELIVER", "failed")
