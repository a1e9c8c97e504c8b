"""Hostile uploads: no exception, no long computation, whatever the bytes."""

import base64
import json
import time

import pytest

from adgang.demo import pki
from certificates.judging import judge
from certificates.kinds import Environment
from certificates.reading import read_certificate
from certificates.ssh_keys import judge_ssh_key
from certificates.ssh_reading import LIMIT_KIB
from tests.factories import certificates as make
from tests.factories import hostile

pytestmark = pytest.mark.once

LIMIT = 64 * 1024
LEAF = make.issued()
ED25519 = make.ED25519.encode()
CRL = make.the_pki().crl(range(1, 100), at=make.AT).public_bytes(pki.Encoding.DER)

# Each was made to be as dear as possible for one of the patterns or parsers.
BOMBS: dict[str, bytes] = {
    "one certificate sixty times": LEAF.der * 60,
    "many frames": b"-----BEGIN CERTIFICATE-----\nMIIB\n" * 1900,
    "frames without dashes": b"BEGIN A" * 9000,
    "frames with dashes": b"BEGIN A--" * 7000,
    "a long label": b"BEGIN " + b"A" * 30000 + b" " * 30000,
    "nested sequences of unknown length": b"\x30\x80" * 30000,
    "nested sequences": b"".join(b"\x30\x84" + (65000 - 6 * n).to_bytes(4) for n in range(10800)),
    "tiny sequences": b"\x30\x81\x00" * 21000,
    "sequence of empty sequences": b"\x30\x80" + b"\x30\x00" * 32000,
    "base64 in base64 in base64": base64.b64encode(base64.b64encode(base64.b64encode(b"0" * 26000))),
    "base64 that might begin anywhere": b"MIA " * 16000,
    "base64 in lines": b"\n".join(b"MIIB" * 30 for _ in range(500)),
    "blanks": b" " * 65000,
    "quotes": b"\"'" * 32000,
    "zeros": bytes(65000),
    "digits": b"30" * 32000,
    "versions of keys": b"\x30\x10\x02\x01\x00\x30\x05\x06" * 8000,
    "almost private keys": b"begin private " * 4600,
    "almost private keys with digits": (b"begin" + b"1" * 100) * 600 + b" private",
    "almost private keys with words": b"begin a1111111 a1111111 a1111111 " * 1900 + b"private",
    "almost JSON keys": b'"d" : "' * 9000,
    "types without end": b"ssh-" * 16000,
    "types without a key": (b"ssh-rsa" + b" " * 100) * 600,
    "one type and blanks": b"ssh-rsa" + b" " * 65000,
    "curves without end": b"ecdsa-sha2-" * 5900,
    "a key wrapped letter by letter": b"ssh-rsa AAAA" + b"\nA" * 8000,
    "a key that never ends": b"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAu4A" + b"\nAAAA" * 3000,
    "hosts": b"a," * 8000 + b" " + ED25519,
    "options": b'from="x" ' * 1700 + ED25519,
    "frames of RFC 4716": b"---- BEGIN SSH2 PUBLIC KEY ----" * 500,
}


def judge_everything(data: bytes) -> bytes:
    """Return everything that is said about an upload, as the API would."""
    question = {"at": make.AT, "environment": Environment.TEST, "anchors": make.the_anchors(), "cvr": make.CVR}
    verdicts = [judge(upload, **question) for upload in (read_certificate(data[:LIMIT]), data[:LIMIT])]
    assert all(verdict.findings for verdict in verdicts)
    keys = [judge_ssh_key(data[: LIMIT_KIB * 1024]), judge_ssh_key(data)]
    return json.dumps([verdict.as_json() for verdict in (*verdicts, *keys)]).encode()


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_upload_takes_long(bomb: str) -> None:
    begun = time.process_time()
    judge_everything(BOMBS[bomb])
    assert time.process_time() - begun < 2


def test_two_thousand_spoiled_uploads_are_survived_and_no_key_is_echoed() -> None:
    for upload in hostile.uploads(2000):
        begun = time.process_time()
        said = judge_everything(upload.content)
        assert time.process_time() - begun < 2
        assert not upload.echoed(said)


def test_an_echo_would_be_noticed() -> None:
    upload = next(upload for upload in hostile.uploads(100) if upload.secrets)
    assert upload.echoed(b"Fejl: " + upload.secrets[-1])
