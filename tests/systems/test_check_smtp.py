"""SMTP checks against a real mail server, a name server of our own, and servers that behave badly."""

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adgang.lib.findings import Finding
from systems.steps.peers import printable, stranger
from systems.steps.smtp import recipient_code
from systems.steps.smtp_talk import Reply
from systems.steps.subject import Subject
from tests.servers.certificates import Issued, authority, server_certificate
from tests.servers.dns import DnsServer, dns_server
from tests.servers.https import server_context
from tests.servers.mail import mail_server
from tests.servers.plain import saying, silence, tcp_server
from tests.servers.programs import workplace
from tests.systems.checks import Steps, carry_out, codes, outline, status

pytestmark = pytest.mark.once

Require = Callable[..., str]
HOST = "mail.post.example"
MAILBOX = "digitalpost@post.example"


@pytest.fixture(scope="module")
def trusted() -> Issued:
    return authority("Prøve-rod")


@pytest.fixture(scope="module")
def intermediate(trusted: Issued) -> Issued:
    return authority("Prøve-mellem", issuer=trusted)


@pytest.fixture(autouse=True)
def outside(settings: Any, tmp_path: Path, trusted: Issued) -> Iterator[DnsServer]:
    """The world the checks see: a name server, a trusted authority, and loopback as if it were public."""
    bundle = tmp_path / "trusted.pem"
    bundle.write_bytes(trusted.pem)
    settings.ADGANG_EXTRA_CA_FILE = str(bundle)
    settings.ADGANG_EHLO_NAME = "kontrol.adgang.example"
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    records = {(HOST, "A"): ["127.0.0.1"], ("post.example", "MX"): [f"10 {HOST}."]}
    with dns_server(records) as server:
        settings.ADGANG_DNS_SERVERS = [server.address]
        yield server


@pytest.fixture
def good(intermediate: Issued) -> Issued:
    return server_certificate(intermediate, HOST)


def check(port: int, settings: Any, *places: str, seconds: float = 20, **fields: Any) -> Steps:
    """Check mailboxes behind a relay on `port` (a mail server's own port needs rights that tests lack)."""
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
    subject = Subject(
        **{"protocol": "SMTP", "places": places or (MAILBOX,), "relay_host": HOST, "relay_port": port} | fields
    )
    return carry_out(subject, seconds=seconds)


def test_everything_in_order(require_service: Require, settings: Any, good: Issued) -> None:
    with mail_server(require_service, issued=good) as port:
        steps = check(port, settings)
    assert outline(steps) == [
        ("CREDENTIAL", "ok", ["credential.in_force"]),
        ("RESOLVE", "ok", ["resolve.found"]),
        ("DIAL", "ok", ["dial.connected"]),
        ("BANNER", "ok", ["smtp.greeted"]),
        ("EHLO", "ok", ["smtp.ehlo_accepted"]),
        ("STARTTLS", "ok", ["smtp.starttls_offered"]),
        ("TLS", "ok", ["tls.connected"]),
        ("EHLO_AGAIN", "ok", ["smtp.ehlo_accepted"]),
        ("RECIPIENT", "ok", ["recipient.accepted"]),
        ("QUIT", "ok", ["smtp.said_goodbye"]),
    ]
    tls = next(step["found"] for step in steps if step["code"] == "TLS")
    assert (tls["version"], tls["subject"], tls["names"]) == ("TLSv1.3", HOST, [HOST])


def test_each_address_of_a_system_that_sends_and_receives_is_asked_for(
    require_service: Require, settings: Any, good: Issued
) -> None:
    with mail_server(require_service, issued=good) as port:
        steps = check(port, settings, MAILBOX, "ukendt@post.example")
    asked = [(step["place"], step["status"]) for step in steps if step["code"] == "RECIPIENT"]
    assert asked == [(MAILBOX, "ok"), ("ukendt@post.example", "failed")]


@pytest.mark.parametrize(
    ("mailbox", "state", "code"),
    [
        ("kvittering@post.example", "ok", "recipient.accepted"),
        ("ukendt@post.example", "failed", "recipient.refused"),
        ("senere@post.example", "warning", "recipient.deferred"),
        ("fuld@post.example", "failed", "recipient.full"),
        ("lukket@post.example", "failed", "recipient.policy"),
        ("nogen@andre.example", "failed", "recipient.policy"),
    ],
)
def test_what_the_mail_server_says_of_a_mailbox(
    require_service: Require, settings: Any, good: Issued, mailbox: str, state: str, code: str
) -> None:
    with mail_server(require_service, issued=good) as port:
        steps = check(port, settings, mailbox)
    assert (status(steps, "RECIPIENT"), codes(steps, "RECIPIENT")) == (state, [code])
    assert outline(steps)[-1] == ("QUIT", "ok", ["smtp.said_goodbye"])


def test_no_starttls(require_service: Require, settings: Any) -> None:
    with mail_server(require_service, issued=None) as port:
        steps = check(port, settings)
    assert outline(steps)[5:] == [
        ("STARTTLS", "failed", ["smtp.no_starttls"]),
        ("TLS", "skipped", []),
        ("EHLO_AGAIN", "skipped", []),
        ("RECIPIENT", "skipped", []),
        ("QUIT", "skipped", []),
    ]


def test_encryption_from_the_first_byte_on_port_465(
    require_service: Require, settings: Any, good: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(require_service, issued=good, implicit_tls=True) as port:
        monkeypatch.setattr("systems.steps.smtp.IMPLICIT_TLS_PORT", port)
        steps = check(port, settings)
    assert [code for code, _, _ in outline(steps)] == [
        "CREDENTIAL", "RESOLVE", "DIAL", "TLS", "BANNER", "EHLO", "RECIPIENT", "QUIT",
    ]  # fmt: skip
    assert {state for _, state, _ in outline(steps)} == {"ok"}


@pytest.mark.parametrize(
    ("names", "fields", "state", "found"),
    [
        ((HOST,), {"days": -1, "begins": -40}, "failed", ["tls.expired"]),
        ((HOST,), {"days": 20}, "warning", ["tls.expiring"]),
        ((HOST,), {"begins": 3}, "failed", ["tls.not_yet_valid"]),
        (("anden.example",), {}, "warning", ["tls.wrong_name"]),
        ((HOST,), {"usages": ()}, "ok", []),
        (("*.post.example",), {}, "ok", []),
        ((HOST,), {"rsa_bits": 1024}, "failed", ["tls.weak_key"]),
    ],
)
def test_what_is_wrong_with_the_certificate(
    require_service: Require,
    settings: Any,
    intermediate: Issued,
    names: tuple[str, ...],
    fields: dict[str, Any],
    state: str,
    found: list[str],
) -> None:
    issued = server_certificate(intermediate, *names, **fields)
    with _mail_server_by_hand(issued) as port:
        steps = check(port, settings)
    assert (status(steps, "TLS"), codes(steps, "TLS")) == (state, [*found, "tls.connected"])
    assert status(steps, "RECIPIENT") == "ok"


def test_who_issued_the_certificate(settings: Any, intermediate: Issued) -> None:
    """Severities of mail: whether Digital Post refuses such a server is not known."""
    issued = {
        "tls.self_signed": server_certificate(None, HOST),
        "tls.untrusted_issuer": server_certificate(authority("m", issuer=authority("Ukendt")), HOST),
    }
    for code, certificate in issued.items():
        with _mail_server_by_hand(certificate) as port:
            steps = check(port, settings)
        assert (status(steps, "TLS"), codes(steps, "TLS")) == ("warning", [code, "tls.connected"])
    with _mail_server_by_hand(server_certificate(intermediate, HOST), complete=False) as port:
        assert codes(check(port, settings), "TLS") == ["tls.incomplete_chain", "tls.connected"]


def test_an_old_version_of_tls_is_named(settings: Any, good: Issued) -> None:
    with _mail_server_by_hand(good, version=ssl.TLSVersion.TLSv1_1) as port:
        steps = check(port, settings)
    assert codes(steps, "TLS")[0] == "tls.old_version"
    assert status(steps, "RECIPIENT") == "ok"


def test_a_certificate_that_differs_from_the_last_check_is_told(
    require_service: Require, settings: Any, good: Issued
) -> None:
    with mail_server(require_service, issued=good) as port:
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
        subject = Subject(protocol="SMTP", places=(MAILBOX,), relay_host=HOST, relay_port=port)
        first = carry_out(subject)
        changed = [step | {"found": step["found"] | {"fingerprint": "00"}} for step in first]
        assert codes(carry_out(subject, earlier=first), "TLS") == ["tls.connected"]
        assert codes(carry_out(subject, earlier=changed), "TLS") == ["tls.certificate_changed", "tls.connected"]


def test_mail_servers_are_found_by_mx_and_tried_in_order(
    settings: Any, outside: DnsServer, good: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.records = {
        ("post.example", "MX"): [f"20 {HOST}.", "10 borte.post.example.", "5 nede.post.example."],
        (HOST, "A"): ["127.0.0.1"],
        ("nede.post.example", "A"): ["127.0.0.3"],
    }
    with _mail_server_by_hand(good) as port:
        monkeypatch.setattr("systems.steps.smtp.PORT", port)
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.0/29:{port}"]
        steps = carry_out(Subject(protocol="SMTP", places=(MAILBOX,)))
    assert codes(steps, "RESOLVE") == ["mx.unresolved", "mx.found"]
    assert codes(steps, "DIAL") == ["dial.connected", "dial.other_address"]
    assert status(steps, "RECIPIENT") == "ok"
    assert next(step["found"]["host"] for step in steps if step["code"] == "DIAL") == HOST


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ({}, "dns.nxdomain"),
        ({("post.example", "MX"): ["0 ."]}, "mx.null"),
        ({("post.example", "TXT"): ['"v=spf1 -all"']}, "mx.missing"),
        ({("post.example", "MX"): ["10 borte.example."]}, "dns.nxdomain"),
        ({("post.example", "MX"): ["10 127.0.0.1."]}, "host.notation"),
        (
            {("post.example", "MX"): ["10 indre.post.example."], ("indre.post.example", "A"): ["10.0.0.1"]},
            "dial.blocked",
        ),
    ],
)
def test_a_domain_without_mail(outside: DnsServer, records: Any, code: str) -> None:
    outside.records = records
    steps = carry_out(Subject(protocol="SMTP", places=(MAILBOX,)))
    assert [found for _, state, found in outline(steps) if state == "failed"] == [[code]]
    assert steps[-1]["code"] == "QUIT"


def test_a_domain_with_an_address_only_is_a_warning(
    settings: Any, outside: DnsServer, good: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.records = {("post.example", "A"): ["127.0.0.1"]}
    with _mail_server_by_hand(good) as port:
        monkeypatch.setattr("systems.steps.smtp.PORT", port)
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
        steps = carry_out(Subject(protocol="SMTP", places=(MAILBOX,)))
    assert (status(steps, "RESOLVE"), codes(steps, "RESOLVE")[0]) == ("warning", "mx.implicit")
    assert status(steps, "DIAL") == "ok"


@pytest.mark.parametrize(
    "address", ["digitalpost", "a b@post.example", "<x>@post.example", "x@127.0.0.1", "@post.example"]
)
def test_what_is_no_mail_address_is_not_asked_for(address: str) -> None:
    steps = carry_out(Subject(protocol="SMTP", places=(address,)))
    assert outline(steps)[1][:2] == ("RESOLVE", "failed")
    assert codes(steps, "RESOLVE")[0] in ("endpoint.not_mail", "host.notation")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "peer.other_protocol"),
        (b"554 5.7.1 Go away\r\n", "smtp.turned_away"),
        (b"421 4.3.2 Too busy\r\n", "smtp.unavailable"),
        (b"", "peer.closed"),
        (b"220 first line\r\n", "peer.closed"),
        (b"2" * 70_000, "smtp.not_smtp"),
        (b"220-endless\r\n" * 5_000, "smtp.not_smtp"),
        (b"\xff\xfe\x00\r\n", "smtp.not_smtp"),
    ],
)
def test_servers_that_do_not_play_along(settings: Any, said: bytes, code: str) -> None:
    with tcp_server(saying(said)) as port:
        steps = check(port, settings)
    assert [found for _, state, found in outline(steps) if state == "failed"] == [[code]]


def test_a_server_that_says_nothing(settings: Any) -> None:
    with tcp_server(silence) as port:
        steps = check(port, settings, seconds=0.3)
    assert codes(steps, "BANNER") == ["smtp.silent"]


def test_a_server_that_drips_is_cut_off(settings: Any) -> None:
    """One byte at a time never lets a socket's own time-out strike; the step's deadline does."""

    def drip(connection: socket.socket) -> None:
        connection.settimeout(0.02)
        for _ in range(200):
            connection.sendall(b"2")
            try:
                connection.recv(1)
            except TimeoutError:
                continue

    with tcp_server(drip) as port:
        steps = check(port, settings, seconds=0.4)
    assert codes(steps, "BANNER") == ["smtp.silent"]


def test_commands_smuggled_behind_starttls_are_found(settings: Any, good: Issued) -> None:
    with _mail_server_by_hand(good, smuggled=b"250 injected\r\n") as port:
        steps = check(port, settings)
    assert [found for _, state, found in outline(steps) if state == "failed"] == [["smtp.extra_input"]]


def test_the_sender_is_refused(require_service: Require, settings: Any, good: Issued) -> None:
    sender = "  deny message = 5.7.1 Not you"
    with mail_server(require_service, issued=good, sender=sender) as port:
        assert codes(check(port, settings), "RECIPIENT") == ["smtp.sender_refused"]


def test_the_credential_is_judged_beside_the_connection(require_service: Require, settings: Any, good: Issued) -> None:
    missing = Finding.from_json({"code": "system.certificate_missing", "severity": "error", "params": {}})
    with mail_server(require_service, issued=good) as port:
        steps = check(port, settings, credential_findings=(missing,))
    assert (status(steps, "CREDENTIAL"), status(steps, "RECIPIENT")) == ("failed", "ok")


def test_a_missing_address_is_said() -> None:
    steps = carry_out(Subject(protocol="SMTP", lacking_endpoints=("system.endpoint_missing",)))
    assert outline(steps)[1:] == [("RESOLVE", "failed", ["system.endpoint_missing"])]


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (250, "2.1.5 OK", "recipient.accepted"),
        (251, "will forward", "recipient.accepted"),
        (252, "cannot verify", "recipient.not_verified"),
        (450, "4.2.0 Greylisted", "recipient.deferred"),
        (452, "4.2.2 over quota", "recipient.full"),
        (550, "5.1.1 unknown, access denied", "recipient.refused"),
        (550, "no such user", "recipient.refused"),
        (554, "5.7.1 Relay access denied", "recipient.policy"),
        (530, "5.7.0 Authentication required", "recipient.policy"),
        (550, "Blocked by Spamhaus", "recipient.policy"),
        (550, "5.4.4 bad destination", "recipient.refused"),
    ],
)
def test_replies_are_told_apart(code: int, text: str, expected: str) -> None:
    assert recipient_code(Reply(code=code, lines=(text,))) == expected


def test_what_a_server_says_is_shown_without_tricks() -> None:
    assert printable("Hi\x1b[31m\u202e" + "x" * 500) == "Hi [31m " + "x" * 192


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        (b"SSH-2.0-x", "SSH"),
        (b"HTTP/1.0 200 OK", "HTTP"),
        (b"220 ProFTPD ready", "FTP"),
        (b"220-Postfix ESMTP", "SMTP"),
        (b"* OK IMAP4rev1", "IMAP"),
        (b"+OK hello", "POP3"),
        (b"\x15\x03\x01\x00\x02", "TLS"),
    ],
)
def test_other_protocols_are_known_by_their_greeting(said: bytes, spoken: str) -> None:
    assert stranger(said, "x").params == {"spoken": spoken}


def test_the_words_of_a_stranger_are_not_shown(settings: Any) -> None:
    """They could be those of a service inside the operator's network."""
    with tcp_server(saying(b"root:hemmelighed\r\n")) as port:
        steps = check(port, settings)
    assert "hemmelighed" not in str(steps)
    assert codes(steps, "BANNER") == ["smtp.not_smtp"]


def _mail_server_by_hand(
    issued: Issued, *, complete: bool = True, version: ssl.TLSVersion | None = None, smuggled: bytes = b""
) -> Any:
    """A mail server of a few lines, for certificates and versions that Debian's own refuses to serve."""

    def conversation(connection: socket.socket) -> None:
        connection.settimeout(5)
        connection.sendall(b"220 mail.post.example ESMTP\r\n")
        _answer_until(connection, b"STARTTLS", b"250-mail.post.example\r\n250 STARTTLS\r\n")
        connection.sendall(b"220 Go ahead\r\n" + smuggled)
        with _context(issued, complete=complete, version=version).wrap_socket(connection, server_side=True) as secured:
            _answer_until(secured, b"QUIT", b"250 OK\r\n")
            secured.sendall(b"221 Bye\r\n")

    return tcp_server(conversation)


def _answer_until(connection: socket.socket, last: bytes, answer: bytes) -> None:
    while (line := connection.recv(1000)) and not line.startswith(last):
        connection.sendall(answer)


def _context(issued: Issued, **fields: Any) -> ssl.SSLContext:
    with workplace() as directory:
        return server_context(directory, issued, **fields)
