"""REST push against a real web server (nginx): client certificates under both versions of TLS, and test deliveries."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from systems.steps.subject import Subject, TrialMessage
from tests.servers.certificates import Issued, authority, server_certificate
from tests.servers.dns import dns_server
from tests.servers.https import https_server
from tests.servers.web import web_server
from tests.systems.checks import Steps, carry_out, codes, outline, status

pytestmark = pytest.mark.once

Require = Callable[..., str]
HOST = "api.post.example"
ID = "6f0a1c52-5c0e-4d0b-9c55-0c2a7d3c9f11"
MESSAGE = TrialMessage(id=ID, content=b"<memo:Message/>" * 3000)


@pytest.fixture(scope="module")
def trusted() -> Issued:
    return authority("Prøve-rod")


@pytest.fixture(scope="module")
def good(trusted: Issued) -> Issued:
    return server_certificate(trusted, HOST)


@pytest.fixture(autouse=True)
def outside(settings: Any, tmp_path: Path, trusted: Issued) -> Iterator[None]:
    bundle = tmp_path / "trusted.pem"
    bundle.write_bytes(trusted.pem)
    settings.ADGANG_EXTRA_CA_FILE = str(bundle)
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    with dns_server({(HOST, "A"): ["127.0.0.1"]}) as server:
        settings.ADGANG_DNS_SERVERS = [server.address]
        yield


def check(port: int, path: str = "/memo", *, message: TrialMessage | None = MESSAGE, **fields: Any) -> Steps:
    place = f"https://{HOST}:{port}{path}"
    return carry_out(
        Subject(protocol="REST_PUSH", places=(place,), deliver_to=place, message=message, probes=("DELIVER",), **fields)
    )


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize(
    ("verify", "asked", "delivered"),
    [
        ("off", "client_certificate.not_asked", "message.delivered"),
        ("optional", "client_certificate.asked", "message.delivered"),
        ("on", "client_certificate.required", "message.certificate_wanted"),
    ],
)
def test_client_certificates(
    require_service: Require, good: Issued, version: str, verify: str, asked: str, delivered: str
) -> None:
    clients = authority("Digital Posts udsteder") if verify != "off" else None
    with web_server(require_service, good, version=version, client_authority=clients, verify=verify) as port:
        steps = check(port)
    assert next(step["found"]["version"] for step in steps if step["code"] == "TLS") == version
    assert (codes(steps, "CLIENT_CERTIFICATE"), codes(steps, "DELIVER")) == ([asked], [delivered])


def test_what_the_server_makes_of_a_message(require_service: Require, good: Issued) -> None:
    expected = {
        "/memo": ("ok", "message.delivered"),
        "/flyttet": ("failed", "message.redirected"),
        "/lukket": ("warning", "message.not_let_in"),
        "/ukendt": ("failed", "message.no_such_path"),
        "/fil": ("failed", "message.no_post"),
        "/lille": ("failed", "message.too_large"),
        "/form": ("failed", "message.wrong_form"),
        "/nej": ("warning", "message.rejected"),
        "/travl": ("warning", "message.busy"),
        "/fejl": ("failed", "message.server_fault"),
    }
    found = {}
    with web_server(require_service, good) as port:
        for path in expected:
            steps = check(port, path)
            found[path] = (status(steps, "DELIVER"), codes(steps, "DELIVER")[0])
    assert found == expected


def test_the_message_is_the_part_file_of_a_form(good: Issued) -> None:
    received: list[bytes] = []
    with https_server(good, answer=b"HTTP/1.1 201 Created\r\n\r\n", received=received) as port:
        steps = check(port, "/memo?x=1")
    head, _, body = received[-1].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /memo?x=1 HTTP/1.1\r\n")
    boundary = head.partition(b"boundary=")[2].split(b"\r\n")[0]
    part = body.removeprefix(b"--" + boundary + b"\r\n").removesuffix(b"\r\n--" + boundary + b"--\r\n")
    part_head, _, content = part.partition(b"\r\n\r\n")
    assert f'form-data; name="file"; filename="{ID}.xml"'.encode() in part_head
    assert content == MESSAGE.content
    assert steps[-1]["found"] == {"http_status": 201, "http_reason": "Created", "message_id": ID}


def test_nothing_is_delivered_where_the_certificate_does_not_hold() -> None:
    received: list[bytes] = []
    with https_server(server_certificate(None, HOST), received=received) as port:
        steps = check(port)
    assert outline(steps)[-1] == ("DELIVER", "skipped", ["message.not_trusted"])
    assert [request for request in received if request.startswith(b"POST")] == []


def test_a_message_that_is_withheld_is_said_to_be(good: Issued) -> None:
    with https_server(good) as port:
        steps = check(port, message=None, withheld="message.too_soon")
    assert outline(steps)[-1] == ("DELIVER", "skipped", ["message.too_soon"])


def test_receipts_are_not_where_messages_are_delivered(good: Issued) -> None:
    with https_server(good) as port:
        place = f"https://{HOST}:{port}/kvittering"
        subject = Subject(protocol="REST_PUSH", places=(place,), deliver_to=f"https://{HOST}:{port}/memo")
        assert [step["code"] for step in carry_out(subject)][-1] == "CLIENT_CERTIFICATE"
