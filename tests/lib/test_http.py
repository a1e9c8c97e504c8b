"""Plain HTTP over the dialler, against servers that behave badly."""

import socket
import time

import pytest

from adgang.lib import http
from adgang.lib.deadlines import Deadline
from adgang.lib.dial import DialFailed, Ports
from adgang.lib.failures import Failure
from adgang.lib.http import Answer, HttpFailed, Said, fetch
from tests.servers.certificates import authority, server_certificate
from tests.servers.https import https_server
from tests.servers.plain import Conversation, silence, tcp_server

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/Pkix-Cert; x=y\r\n"


def ask(conversation: Conversation, settings, *, body: bytes | None = None, limit: int = 1000) -> Answer:
    with tcp_server(conversation) as port:
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
        return fetch(
            f"http://127.0.0.1:{port}/a?b",
            limit=limit,
            deadline=Deadline(0.4),
            body=body,
            content_type="application/ocsp-request",
            ports=Ports.REVOCATION,
        )


def answering(text: bytes, heard: list[bytes] | None = None, *, hangs_up: bool = True) -> Conversation:
    def conversation(connection: socket.socket) -> None:
        said = connection.recv(4096)
        if heard is not None:
            heard.append(said)
        connection.sendall(text)
        if not hangs_up:
            connection.recv(1)

    return conversation


ANSWERS = {
    "with its length": HEAD + b"Content-Length: 3\r\n\r\nabc",
    "in chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("form", ANSWERS)
@pytest.mark.parametrize("hangs_up", [True, False], ids=["hanging up", "staying"])
def test_an_answer_is_read_whole_and_no_longer(form: str, settings, *, hangs_up: bool) -> None:
    begun = time.monotonic()
    assert ask(answering(ANSWERS[form], hangs_up=hangs_up), settings) == Answer(
        body=b"abc", content_type="application/pkix-cert"
    )
    assert time.monotonic() - begun < 0.3


def test_an_answer_may_end_with_the_connection(settings) -> None:
    assert ask(answering(HEAD + b"\r\nabc"), settings).body == b"abc"


def test_what_is_asked(settings) -> None:
    heard: list[bytes] = []
    ask(answering(ANSWERS["in chunks"], heard), settings)
    ask(answering(ANSWERS["in chunks"], heard), settings, body=b"0\x03")
    assert heard[0].startswith(b"GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:")
    assert heard[1].startswith(b"POST /a?b HTTP/1.1\r\n")
    assert heard[1].endswith(b"Content-Type: application/ocsp-request\r\nContent-Length: 2\r\n\r\n0\x03")


def dripping(connection: socket.socket) -> None:
    connection.recv(4096)
    for byte in HEAD * 10:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


BAD = {
    "redirect": (answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n"), "http.status"),
    "not found": (answering(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "http.status"),
    "too large": (answering(HEAD + b"Content-Length: 2000\r\n\r\n" + bytes(2000)), "http.large"),
    "endless": (answering(HEAD + b"\r\n" + bytes(100_000)), "http.large"),
    "cut off": (answering(HEAD + b"Content-Length: 20\r\n\r\nabc"), "http.broken"),
    "cut off in a chunk": (answering(HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nabc"), "http.broken"),
    "garbage": (answering(b"\x16\x03\x01" * 9), "http.broken"),
    "nothing": (answering(b""), "http.broken"),
    "negative length": (answering(HEAD + b"Content-Length: -1\r\n\r\n"), None),
    "silent": (silence, "http.timeout"),
    "dripping": (dripping, "http.timeout"),
}


@pytest.mark.parametrize("how", BAD)
def test_bad_answers_are_told_apart(how: str, settings) -> None:
    conversation, code = BAD[how]
    begun = time.monotonic()
    if code is None:
        assert ask(conversation, settings).body == b""
    else:
        with pytest.raises(HttpFailed) as failed:
            ask(conversation, settings)
        assert failed.value.code == code
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    "url",
    [
        "https://ca1.gov.dk/",
        "file:///etc/passwd",
        "http://",
        "http://a@b/",
        "http://h/a b",
        "http://h/\r\nX: y",
        "//h/",
    ],
)
def test_only_plain_addresses_are_fetched(url: str) -> None:
    with pytest.raises(HttpFailed) as failed:
        fetch(url, limit=9, deadline=Deadline(1), ports=Ports.REVOCATION)
    assert failed.value.code == "http.address"


@pytest.mark.parametrize(
    ("url", "code"), [("http://127.0.0.1/x", "dial.blocked"), ("http://8.8.8.8:8080/", "dial.port")]
)
def test_the_dialler_has_its_say(url: str, code: str, settings) -> None:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = []
    with pytest.raises(DialFailed) as failed:
        fetch(url, limit=9, deadline=Deadline(1), ports=Ports.REVOCATION)
    assert (failed.value.code, isinstance(failed.value, Failure)) == (code, True)


def asked(conversation: Conversation, *, limit: int = 1000, **options: object) -> Said:
    with tcp_server(conversation) as port:
        return http.ask(f"http://127.0.0.1:{port}/a?b", limit=limit, deadline=Deadline(0.4), **options)


def test_a_host_of_the_operator_says_what_it_says_with_any_status() -> None:
    heard: list[bytes] = []
    refused = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nabc"
    assert asked(answering(refused, heard), headers={"Authorization": "Bearer x"}) == Said(status=400, body=b"abc")
    assert asked(answering(refused, heard), body=b"x=y").status == 400
    assert heard[0].startswith(b"GET /a?b HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer x\r\n" in heard[0]
    assert heard[1].endswith(b"Content-Length: 3\r\n\r\nx=y")


@pytest.mark.parametrize(
    ("conversation", "code"),
    [
        (dripping, "http.timeout"),
        (silence, "http.timeout"),
        (answering(b"rubbish"), "http.broken"),
        (answering(HEAD + b"Content-Length: 9\r\n\r\nabc"), "http.broken"),
        (answering(HEAD + b"\r\n" + b"a" * 1001), "http.large"),
    ],
)
def test_it_has_no_longer_and_no_more_than_it_is_given(conversation: Conversation, code: str) -> None:
    with pytest.raises(HttpFailed) as failed:
        asked(conversation)
    assert failed.value.code == code


@pytest.mark.parametrize(
    "url", ["http://idp.example/", "http://localhost/", "http://127.0.0.1.example/", "ftp://127.0.0.1/", "https://", ""]
)
def test_it_is_asked_over_tls_save_on_this_machine(url: str) -> None:
    with pytest.raises(HttpFailed) as failed:
        http.ask(url, limit=1, deadline=Deadline(0.1))
    assert failed.value.code == "http.address"


def test_its_certificate_must_be_good(settings, tmp_path) -> None:
    root = authority()
    settings.ADGANG_EXTRA_CA_FILE = str(tmp_path / "ca.pem")
    (tmp_path / "ca.pem").write_bytes(root.pem)
    answer = HEAD + b"Content-Length: 3\r\n\r\nabc"
    with https_server(server_certificate(root, "127.0.0.1"), answer=answer) as good:
        assert http.ask(f"https://127.0.0.1:{good}/", limit=9, deadline=Deadline(5)).body == b"abc"
    with (
        https_server(server_certificate(None, "127.0.0.1"), answer=answer) as strange,
        pytest.raises(HttpFailed) as failed,
    ):
        http.ask(f"https://127.0.0.1:{strange}/", limit=9, deadline=Deadline(5))
    assert failed.value.code == "http.tls"
