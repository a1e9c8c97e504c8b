"""REST push checks against TLS servers: certificates, versions, and who is let in."""

import datetime as dt
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from adgang.lib.failures import Failure
from systems.steps.rest_push import endpoint_url
from systems.steps.server_certificates import judge, system_bundle, trusted_roots
from systems.steps.subject import Subject
from systems.steps.tls_handshake import certificates_in
from tests.servers.certificates import Issued, authority, server_certificate
from tests.servers.dns import DnsServer, dns_server
from tests.servers.https import https_server
from tests.servers.plain import saying, tcp_server
from tests.systems.checks import Steps, carry_out, codes, outline, status

pytestmark = pytest.mark.once

HOST = "api.post.example"
TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.fixture(scope="module")
def trusted() -> Issued:
    return authority("Prøve-rod")


@pytest.fixture(scope="module")
def good(trusted: Issued) -> Issued:
    return server_certificate(authority("Prøve-mellem", issuer=trusted), HOST)


@pytest.fixture(autouse=True)
def outside(settings: Any, tmp_path: Path, trusted: Issued) -> Iterator[DnsServer]:
    bundle = tmp_path / "trusted.pem"
    bundle.write_bytes(trusted.pem)
    settings.ADGANG_EXTRA_CA_FILE = str(bundle)
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = ["127.0.0.1/32", "::1/128"]
    with dns_server({(HOST, "A"): ["127.0.0.1"]}) as server:
        settings.ADGANG_DNS_SERVERS = [server.address]
        yield server


def check(port: int, *, host: str = HOST, protocol: str = "REST_PUSH", seconds: float = 20) -> Steps:
    return carry_out(Subject(protocol=protocol, places=(f"https://{host}:{port}/memo?x=1",)), seconds=seconds)


@pytest.mark.parametrize("version", [TLS12, TLS13])
def test_everything_in_order(good: Issued, version: ssl.TLSVersion) -> None:
    """The server asks for a certificate, and refuses us: under TLS 1.3 that shows only when something is read."""
    with https_server(good, version=version, client_authority=authority("Digital Posts udsteder")) as port:
        steps = check(port)
    assert outline(steps) == [
        ("CREDENTIAL", "ok", ["credential.in_force"]),
        ("RESOLVE", "ok", ["resolve.found"]),
        ("DIAL", "ok", ["dial.connected"]),
        ("TLS", "ok", ["tls.connected"]),
        ("CLIENT_CERTIFICATE", "ok", ["client_certificate.required"]),
    ]
    assert steps[3]["found"]["version"] == version.name.replace("_", ".")
    assert steps[4]["found"] == {"asked": True, "http_status": None}


@pytest.mark.parametrize("version", [TLS12, TLS13])
def test_a_server_that_asks_but_lets_others_in(good: Issued, version: ssl.TLSVersion) -> None:
    with https_server(good, version=version, client_authority=authority("A"), client_optional=True) as port:
        steps = check(port)
    assert codes(steps, "CLIENT_CERTIFICATE") == ["client_certificate.asked"]
    assert steps[4]["found"] == {"asked": True, "http_status": 405, "http_reason": "Method Not Allowed"}


def test_a_server_that_asks_in_tls_and_refuses_in_http(good: Issued) -> None:
    answer = b"HTTP/1.1 400 No required SSL certificate was sent\r\n\r\n"
    with https_server(good, client_authority=authority("A"), client_optional=True, answer=answer) as port:
        assert codes(check(port), "CLIENT_CERTIFICATE") == ["client_certificate.required"]


@pytest.mark.parametrize("version", [TLS12, TLS13])
def test_a_server_that_does_not_ask(good: Issued, version: ssl.TLSVersion) -> None:
    with https_server(good, version=version) as port:
        steps = check(port)
    assert (status(steps, "CLIENT_CERTIFICATE"), codes(steps, "CLIENT_CERTIFICATE")) == (
        "warning",
        ["client_certificate.not_asked"],
    )


def test_redirects_are_not_followed(good: Issued) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: https://169.254.169.254/\r\n\r\n"
    with https_server(good, client_authority=authority("A"), client_optional=True, answer=answer) as port:
        steps = check(port)
    assert steps[-1]["found"]["http_status"] == 302
    assert [step["code"] for step in steps].count("DIAL") == 1


@pytest.mark.parametrize(
    ("names", "fields", "code"),
    [
        ((HOST,), {"days": -1, "begins": -40}, "tls.expired"),
        (("anden.example",), {}, "tls.wrong_name"),
        ((), {}, "tls.wrong_name"),
        (("*.example",), {}, "tls.wrong_name"),
        ((HOST,), {"usages": (ExtendedKeyUsageOID.CLIENT_AUTH,)}, "tls.wrong_purpose"),
    ],
)
def test_a_certificate_that_does_not_hold_is_a_failure(
    trusted: Issued, names: tuple[str, ...], fields: dict[str, Any], code: str
) -> None:
    with https_server(server_certificate(trusted, *names, **fields)) as port:
        steps = check(port)
    assert (status(steps, "TLS"), codes(steps, "TLS")[0]) == ("failed", code)


def test_who_issued_the_certificate_is_a_failure_too(good: Issued, trusted: Issued) -> None:
    below = server_certificate(server_certificate(trusted, "x.example"), HOST)
    cases = {
        "tls.self_signed": (server_certificate(None, HOST), True),
        "tls.untrusted_issuer": (server_certificate(authority("m", issuer=authority("Ukendt")), HOST), True),
        "tls.incomplete_chain": (good, False),
    }
    for code, (issued, complete) in cases.items():
        with https_server(issued, complete=complete) as port:
            steps = check(port)
        assert (status(steps, "TLS"), codes(steps, "TLS")[0]) == ("failed", code)
    with https_server(below) as port:
        assert codes(check(port), "TLS")[0] in ("tls.untrusted_issuer", "tls.incomplete_chain")


def test_every_fault_of_one_certificate_is_told(trusted: Issued) -> None:
    issued = server_certificate(None, "anden.example", days=-1, begins=-9, rsa_bits=1024)
    with https_server(issued) as port:
        assert codes(check(port), "TLS") == [
            "tls.expired",
            "tls.wrong_name",
            "tls.self_signed",
            "tls.weak_key",
            "tls.connected",
        ]


def test_an_address_instead_of_a_name(trusted: Issued) -> None:
    with https_server(server_certificate(trusted, "127.0.0.1")) as port:
        assert codes(check(port, host="127.0.0.1"), "TLS") == ["tls.connected"]


def test_a_self_signed_certificate_the_operator_trusts(settings: Any, tmp_path: Path) -> None:
    own = server_certificate(None, HOST)
    (tmp_path / "own.pem").write_bytes(own.pem)
    settings.ADGANG_EXTRA_CA_FILE = str(tmp_path / "own.pem")
    with https_server(own) as port:
        assert codes(check(port), "TLS") == ["tls.connected"]


def test_the_systems_own_authorities_are_trusted() -> None:
    assert system_bundle() != ""
    assert len(trusted_roots()) > 50


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "tls.not_tls"),
        (b"", "tls.closed"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "tls.no_common_version"),
    ],
)
def test_what_does_not_speak_tls(said: bytes, code: str) -> None:
    with tcp_server(saying(said)) as port:
        steps = check(port)
    assert [found for _, state, found in outline(steps) if state == "failed"] == [[code]]
    assert outline(steps)[-1] == ("CLIENT_CERTIFICATE", "skipped", [])


def test_what_does_not_speak_http(good: Issued) -> None:
    with https_server(good, answer=b"* OK IMAP4rev1\r\n") as port:
        assert codes(check(port), "CLIENT_CERTIFICATE") == ["peer.other_protocol"]


def test_as4_is_not_dialled_beyond_tls(good: Issued) -> None:
    with https_server(good) as port:
        steps = check(port, protocol="AS4")
    assert [step["code"] for step in steps] == ["CREDENTIAL", "RESOLVE", "DIAL", "TLS"]


@pytest.mark.parametrize(
    "place",
    [
        "http://api.post.example/",
        "https://",
        "https://user:secret@api.post.example/",
        "https://api.post.example:99999/",
        "https://api.post.example/a b",
        "https://api.post.example/\r\nHost: x",
        "ftp://api.post.example/",
        "https://[::1/",
    ],
)
def test_what_is_no_https_address(place: str) -> None:
    with pytest.raises(Failure) as failed:
        endpoint_url(place)
    assert failed.value.code == "endpoint.not_https"
    assert codes(carry_out(Subject(protocol="REST_PUSH", places=(place,))), "RESOLVE") == ["endpoint.not_https"]


@given(st.binary(max_size=200), st.booleans())
def test_whatever_a_server_sends_as_certificates_is_survived(message: bytes, tls13: bool) -> None:
    for certificate in certificates_in(message, tls13=tls13):
        with pytest.raises(Failure):
            judge([certificate], HOST, at=dt.datetime.now(dt.UTC))


class TestContract:
    """What Python's `SSLContext._msg_callback` must go on telling, for it is not promised."""

    @pytest.mark.parametrize("version", [TLS12, TLS13])
    @pytest.mark.parametrize("asks", [True, False])
    def test_the_request_for_a_client_certificate_is_seen(
        self, good: Issued, version: ssl.TLSVersion, asks: bool
    ) -> None:
        client_authority = authority("A") if asks else None
        with https_server(good, version=version, client_authority=client_authority, client_optional=True) as port:
            assert check(port)[-1]["found"]["asked"] is asks

    def test_the_chain_is_read_from_the_handshake(self) -> None:
        tls12 = bytes([11, 0, 0, 11, 0, 0, 8, 0, 0, 2]) + b"ab" + bytes([0, 0, 0])
        tls13 = bytes([11, 0, 0, 14, 0, 0, 0, 10, 0, 0, 2]) + b"ab" + bytes([0, 0, 0, 0, 0, 0, 0])
        assert certificates_in(tls12, tls13=False)[0] == b"ab"
        assert certificates_in(tls13, tls13=True)[0] == b"ab"
