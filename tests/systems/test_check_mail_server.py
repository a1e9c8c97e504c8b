"""SMTP against a real mail server (Exim): certificates of every kind, and a test message that can be opened."""

import email
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from systems.steps.subject import Subject, TrialMessage
from tests.servers.certificates import Issued, authority, server_certificate
from tests.servers.dns import DnsServer, dns_server
from tests.servers.mail import mail_server
from tests.systems.checks import Steps, carry_out, codes, outline, status

pytestmark = pytest.mark.once

Require = Callable[..., str]
HOST = "mail.post.example"
MAILBOX = "digitalpost@post.example"
ID = "6f0a1c52-5c0e-4d0b-9c55-0c2a7d3c9f11"
MEMO = b'<?xml version="1.0" encoding="UTF-8"?>\n<memo:Message>\xc3\xa6</memo:Message>\n'


@pytest.fixture(scope="module")
def trusted() -> Issued:
    return authority("Prøve-rod")


@pytest.fixture(scope="module")
def recipient() -> Issued:
    """A system's own certificate, with its private key."""
    return server_certificate(None, "fagsystem", rsa_bits=2048, usages=())


@pytest.fixture(autouse=True)
def outside(settings: Any, tmp_path: Path, trusted: Issued) -> Iterator[DnsServer]:
    bundle = tmp_path / "trusted.pem"
    bundle.write_bytes(trusted.pem)
    settings.ADGANG_EXTRA_CA_FILE = str(bundle)
    settings.ADGANG_EHLO_NAME = "kontrol.adgang.example"
    settings.ADGANG_MAIL_FROM = "kontrol@adgang.example"
    with dns_server({(HOST, "A"): ["127.0.0.1"]}) as server:
        settings.ADGANG_DNS_SERVERS = [server.address]
        yield server


def check(
    port: int, settings: Any, mailbox: str = MAILBOX, *, message: TrialMessage | None = None, **fields: Any
) -> Steps:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
    deliver = {"deliver_to": mailbox, "probes": ("MAIL",), "message": message} if message or fields else {}
    return carry_out(
        Subject(protocol="SMTP", places=(mailbox,), relay_host=HOST, relay_port=port, **{**deliver, **fields})
    )


@pytest.mark.parametrize(
    ("fields", "state", "code"),
    [
        ({}, "ok", "tls.connected"),
        ({"days": -1, "begins": -40}, "failed", "tls.expired"),
        ({"days": 20}, "warning", "tls.expiring"),
        ({"own": True}, "warning", "tls.self_signed"),
        ({"name": "anden.example"}, "warning", "tls.wrong_name"),
    ],
)
def test_certificates(
    require_service: Require, settings: Any, trusted: Issued, fields: dict[str, Any], state: str, code: str
) -> None:
    name, issuer = fields.pop("name", HOST), None if fields.pop("own", False) else trusted
    with mail_server(require_service, issued=server_certificate(issuer, name, **fields)) as port:
        steps = check(port, settings)
    assert (status(steps, "TLS"), codes(steps, "TLS")[0]) == (state, code)
    assert status(steps, "RECIPIENT") == "ok"


def test_a_message_arrives_and_only_its_recipient_can_open_it(
    require_service: Require, settings: Any, trusted: Issued, recipient: Issued, tmp_path: Path
) -> None:
    openssl = require_service("openssl")
    received: list[bytes] = []
    message = TrialMessage(id=ID, content=MEMO, certificate=recipient.certificate)
    with mail_server(require_service, issued=server_certificate(trusted, HOST), received=received) as port:
        steps = check(port, settings, message=message)
    assert outline(steps)[-2:] == [("DELIVER", "ok", ["message.handed_over"]), ("QUIT", "ok", ["smtp.said_goodbye"])]
    (mail,) = received
    headers = email.message_from_bytes(mail)
    assert (headers["To"], headers["Message-ID"]) == (MAILBOX, f"<{ID}@kontrol.adgang.example>")
    assert headers.get_content_type() == "application/pkcs7-mime"
    assert b"memo:Message" not in mail
    (tmp_path / "mail").write_bytes(mail)
    certificate, key = recipient.write(tmp_path, "system")
    opened = subprocess.run(
        [openssl, "cms", "-decrypt", "-in", str(tmp_path / "mail"), "-recip", str(certificate), "-inkey", str(key)],
        capture_output=True,
        check=True,
    )
    attachment = next(part for part in email.message_from_bytes(opened.stdout).walk() if part.get_filename())
    assert (attachment.get_filename(), attachment.get_payload(decode=True)) == (f"{ID}.xml", MEMO)
    shown = subprocess.run(
        [openssl, "cms", "-cmsout", "-print", "-in", str(tmp_path / "mail")], capture_output=True, check=True, text=True
    )
    assert "aes-256-cbc" in shown.stdout


@pytest.mark.parametrize(
    ("content", "state", "code"),
    [
        ("  deny message = 5.6.0 No encrypted attachments", "failed", "message.refused"),
        ("  defer message = 4.3.0 Try again", "warning", "message.put_off"),
    ],
)
def test_a_message_that_the_filter_does_not_want(
    require_service: Require, settings: Any, trusted: Issued, recipient: Issued, content: str, state: str, code: str
) -> None:
    message = TrialMessage(id=ID, content=MEMO, certificate=recipient.certificate)
    received: list[bytes] = []
    issued = server_certificate(trusted, HOST)
    with mail_server(require_service, issued=issued, content=content, received=received) as port:
        steps = check(port, settings, message=message)
    assert (status(steps, "DELIVER"), codes(steps, "DELIVER"), received) == (state, [code], [])


def test_nothing_is_sent_where_it_would_be_for_nothing(
    require_service: Require, settings: Any, trusted: Issued, recipient: Issued
) -> None:
    message = TrialMessage(id=ID, content=MEMO, certificate=recipient.certificate)
    received: list[bytes] = []
    with mail_server(require_service, issued=server_certificate(trusted, HOST), received=received) as port:
        unknown = check(port, settings, "ukendt@post.example", message=message)
        withheld = check(port, settings, withheld="message.no_certificate")
    expired = server_certificate(trusted, HOST, days=-1, begins=-40)
    with mail_server(require_service, issued=expired, received=received) as port:
        bad = check(port, settings, message=message)
    assert [codes(steps, "DELIVER") for steps in (unknown, withheld, bad)] == [
        ["message.no_mailbox"],
        ["message.no_certificate"],
        ["message.not_trusted"],
    ]
    assert received == []


@pytest.mark.parametrize(("address", "code"), [("::1", "dial.refused"), ("fdfd:4d3f:91::25", "dial.no_ipv6")])
def test_a_mail_server_with_ipv6_alone(settings: Any, outside: DnsServer, address: str, code: str) -> None:
    """Of the second address no network knows the way; the first one answers that nobody listens."""
    outside.records = {("post.example", "MX"): [f"10 {HOST}."], (HOST, "AAAA"): [address]}
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"{address}/128"]
    steps = carry_out(Subject(protocol="SMTP", places=(MAILBOX,)))
    assert (status(steps, "RESOLVE"), codes(steps, "RESOLVE")) == ("warning", ["mx.found", "resolve.ipv6_only"])
    assert codes(steps, "DIAL") == [code]


def test_an_address_that_is_written_out_was_chosen_on_purpose(settings: Any) -> None:
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["::1/128"]
    steps = carry_out(Subject(protocol="SMTP", places=(MAILBOX,), relay_host="::1"))
    assert codes(steps, "RESOLVE") == ["resolve.literal"]
