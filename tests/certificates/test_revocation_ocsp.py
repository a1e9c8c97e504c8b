"""Asking by OCSP: responders that are right, and responders that lie, hang, drip, or answer for another."""

import datetime as dt
import random
import socket
import time

import pytest
from asn1crypto import ocsp as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import ExtendedKeyUsageOID

from adgang.demo import pki, responder
from adgang.lib.failures import Failure
from certificates.details import read_details
from certificates.revocation import ocsp
from certificates.revocation.answers import Answer
from tests.factories import certificates as make
from tests.servers.plain import Conversation, closed_port, silence, tcp_server
from tests.servers.revocation import http

AT, DAY = make.AT, dt.timedelta(days=1)
CERTIFICATE = read_details(make.issued().der)
AUTHORITY = read_details(make.the_pki().issuing.der)
NONCE = bytes(16)
REQUEST = ocsp._request(CERTIFICATE, AUTHORITY, NONCE)
ASKED = REQUEST.public_bytes(ocsp._DER)
REVOKED = {CERTIFICATE.serial_number: AT - DAY}


def answer(revoked=(), *, by: pki.Pki | None = None, at: dt.datetime = AT, asked: bytes = ASKED, **options) -> bytes:
    return responder.answer(asked, by or make.the_pki(), dict(revoked), at=at, **options)


def read(body: bytes, *, at: dt.datetime = AT) -> Answer:
    return ocsp.read_answer(body, REQUEST, AUTHORITY, nonce=NONCE, at=at)


def refused(body: bytes, *, at: dt.datetime = AT) -> str:
    with pytest.raises(ocsp.OcspFailed) as caught:
        read(body, at=at)
    return caught.value.code


def pss(body: bytes, key: pki.Key) -> bytes:
    """Return the answer signed RSASSA-PSS, which the library that makes answers does not offer."""
    response = asn1.OCSPResponse.load(body)
    basic = response["response_bytes"]["response"].parsed
    parameters = {
        "hash_algorithm": {"algorithm": "sha256"},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
        "salt_length": 32,
    }
    basic["signature_algorithm"] = {"algorithm": "rsassa_pss", "parameters": parameters}
    form = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    basic["signature"] = key.sign(basic["tbs_response_data"].dump(), form, hashes.SHA256())
    response["response_bytes"]["response"] = basic
    return response.dump(force=True)


def test_good_and_revoked_are_told_with_their_times() -> None:
    good = read(answer())
    assert (good.status, good.source, good.as_of, good.valid_until) == ("good", "ocsp", AT, AT + responder.HOLDS)
    revoked = read(answer(REVOKED))
    assert (revoked.status, revoked.revoked_at, revoked.reason) == ("revoked", AT - DAY, "keyCompromise")


def test_pss_is_verified() -> None:
    key = make.the_pki().issuing.key
    assert read(pss(answer(REVOKED), key)).status == "revoked"
    assert refused(pss(answer(), pki.cheap_key())) == "ocsp.signature"


def test_a_delegated_responder_is_believed() -> None:
    assert read(answer(REVOKED, signer=responder.delegate(make.the_pki(), at=AT))).status == "revoked"


@pytest.mark.parametrize(
    "delegate",
    [
        {"usages": []},
        {"usages": [ExtendedKeyUsageOID.CLIENT_AUTH]},
        {"no_check": False},
        {"at": AT - 90 * DAY},
    ],
    ids=["no usage", "another usage", "could be revoked itself", "expired"],
)
def test_one_that_is_not_delegated_is_not(delegate: dict[str, object]) -> None:
    signer = responder.delegate(make.the_pki(), **({"at": AT} | delegate))
    assert refused(answer(signer=signer)) == "ocsp.signature"


def test_a_responder_of_another_authority_of_the_same_name_is_not() -> None:
    rogue = pki.make_pki(at=AT - DAY)
    assert refused(answer(by=rogue)) == "ocsp.signature"
    assert refused(answer(signer=responder.delegate(rogue, at=AT))) == "ocsp.signature"


def test_an_answer_about_another_certificate_is_none() -> None:
    other = read_details(make.issued().der)
    asked = ocsp._request(other, AUTHORITY, NONCE).public_bytes(ocsp._DER)
    assert refused(answer(asked=asked)) == "ocsp.other"
    elsewhere = ocsp._request(CERTIFICATE, read_details(make.the_pki().root.der), NONCE).public_bytes(ocsp._DER)
    assert refused(answer(asked=elsewhere)) == "ocsp.other"


def test_an_answer_to_another_question_is_refused_and_one_without_a_nonce_taken() -> None:
    asked = ocsp._request(CERTIFICATE, AUTHORITY, bytes(15) + b"1").public_bytes(ocsp._DER)
    assert refused(answer(asked=asked)) == "ocsp.nonce"
    builder = ocsp.ocsp.OCSPRequestBuilder().add_certificate(
        CERTIFICATE.certificate, AUTHORITY.certificate, hashes.SHA1()
    )
    assert read(answer(asked=builder.build().public_bytes(ocsp._DER))).status == "good"


def test_the_times_count() -> None:
    assert refused(answer(at=AT + DAY)) == "ocsp.times"
    assert refused(answer(at=AT - DAY)) == "ocsp.times"
    assert read(answer(at=AT - DAY / 2, holds=None)).valid_until == AT + DAY / 2
    assert refused(answer(at=AT - 2 * DAY, holds=None)) == "ocsp.times"


def test_garbage_and_refusals_are_told() -> None:
    assert refused(b"<html>") == "ocsp.malformed"
    assert refused(responder.MALFORMED) == "ocsp.status"


def test_mutated_answers_never_say_something_else() -> None:
    whole, dice = answer(REVOKED, signer=responder.delegate(make.the_pki(), at=AT)), random.Random(5)
    for _ in range(300):
        changed = bytearray(whole)
        for _ in range(dice.choice((1, 2, 8))):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        try:
            assert read(bytes(changed)).status == "revoked"  # where nothing signed was hit
        except ocsp.OcspFailed:
            continue


def ask(conversation: Conversation, settings) -> Answer:
    with tcp_server(conversation) as port:
        settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
        return ocsp.ask(CERTIFICATE, AUTHORITY, address=f"http://127.0.0.1:{port}/ocsp", at=AT)


def test_a_responder_is_asked_over_the_network(settings) -> None:
    def conversation(connection: socket.socket) -> None:
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
        assert b"application/ocsp-request" in head
        connection.sendall(http(responder.answer(body, make.the_pki(), REVOKED, at=AT)))

    assert ask(conversation, settings).status == "revoked"


def test_one_that_hangs_takes_no_longer_than_it_may(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocsp, "SECONDS", 0.3)
    begun = time.monotonic()
    with pytest.raises(Failure) as caught:
        ask(silence, settings)
    assert (caught.value.code, time.monotonic() - begun < 1) == ("http.timeout", True)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (http(b"0" * (ocsp.LIMIT_BYTES + 1)), "http.large"),
        (http(b"", status=b"301 Moved", headers=b"Location: http://127.0.0.1/\r\n"), "http.status"),
        (b"nonsense", "http.broken"),
    ],
)
def test_huge_redirecting_and_garbled_answers_are_failures(settings, said: bytes, code: str) -> None:
    def conversation(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(said)

    with pytest.raises(Failure) as caught:
        ask(conversation, settings)
    assert caught.value.code == code


def test_nobody_there(settings) -> None:
    port = closed_port()
    settings.ADGANG_CHECK_ALLOWED_NETWORKS = [f"127.0.0.1/32:{port}"]
    with pytest.raises(Failure) as caught:
        ocsp.ask(CERTIFICATE, AUTHORITY, address=f"http://127.0.0.1:{port}/", at=AT)
    assert caught.value.code == "dial.refused"
