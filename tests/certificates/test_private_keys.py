"""Private keys are recognised in every form people have them in; certificates never are."""

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st

from adgang.demo import pki
from certificates import private_keys
from certificates.private_keys import PrivateKeyForm, find_private_key
from tests.factories import certificates as make

PLAIN, ENCRYPTED = NoEncryption(), BestAvailableEncryption(b"hemmelig")
KEYS = {
    "rsa": pki.cheap_key(2048),
    "ec": ec.generate_private_key(ec.SECP256R1()),
    "p521": ec.generate_private_key(ec.SECP521R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
    "dsa": dsa.generate_private_key(1024),
}
TRADITIONAL = PrivateFormat.TraditionalOpenSSL
PKCS8_DER = KEYS["rsa"].private_bytes(Encoding.DER, PrivateFormat.PKCS8, PLAIN)
PKCS8_PEM = KEYS["rsa"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN)
PPK = b"""PuTTY-User-Key-File-3: ssh-ed25519
Encryption: none
Comment: eddsa-key-20261123
Public-Lines: 2
AAAAC3NzaC1lZDI1NTE5AAAAIJgJcHwhuxbUZBFpYqvXKWR27OVSPNCiCbVXoFqT
E6ue
Private-Lines: 1
AAAAIGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6MDEyMzQ1
Private-MAC: 0000
"""
JWK = b'{"kty":"RSA","e":"AQAB","n":"0vx7ag","d":"X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJ"}'
XML = b"<RSAKeyValue><Modulus>x</Modulus><InverseQ>y</InverseQ><D>z</D></RSAKeyValue>"


def certificate_and(key: bytes) -> bytes:
    """A certificate with a key after it, as web servers keep them."""
    return make.issued().pem + key


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_pkcs8_is_found(name: str, encoding: Encoding) -> None:
    plain = KEYS[name].private_bytes(encoding, PrivateFormat.PKCS8, PLAIN)
    encrypted = KEYS[name].private_bytes(encoding, PrivateFormat.PKCS8, ENCRYPTED)
    assert find_private_key(plain) == PrivateKeyForm.PLAIN
    assert find_private_key(encrypted) == PrivateKeyForm.ENCRYPTED


@pytest.mark.parametrize("name", ["rsa", "ec", "p521", "dsa"])
def test_traditional_forms_are_found(name: str) -> None:
    assert find_private_key(KEYS[name].private_bytes(Encoding.PEM, TRADITIONAL, PLAIN)) == PrivateKeyForm.PLAIN
    assert find_private_key(KEYS[name].private_bytes(Encoding.DER, TRADITIONAL, PLAIN)) == PrivateKeyForm.PLAIN
    assert find_private_key(KEYS[name].private_bytes(Encoding.PEM, TRADITIONAL, ENCRYPTED)) == PrivateKeyForm.ENCRYPTED


@pytest.mark.parametrize("name", ["rsa", "ec", "ed25519"])
def test_openssh_keys_are_found(name: str) -> None:
    assert find_private_key(KEYS[name].private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, PLAIN)) == "openssh"


@pytest.mark.parametrize("encryption", [PLAIN, ENCRYPTED])
def test_pkcs12_is_found(encryption: NoEncryption) -> None:
    made = make.issued()
    store = pkcs12.serialize_key_and_certificates(b"navn", made.key, made.certificate, None, encryption)
    assert find_private_key(store) == PrivateKeyForm.PKCS12
    assert find_private_key(base64.encodebytes(store)) == PrivateKeyForm.PKCS12


def test_other_containers_are_found() -> None:
    assert find_private_key(PPK) == PrivateKeyForm.PUTTY
    assert find_private_key(b"\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x01") == PrivateKeyForm.KEYSTORE
    assert find_private_key(b"\xce\xce\xce\xce\x00\x00\x00\x02\x00\x00\x00\x01") == PrivateKeyForm.KEYSTORE
    assert find_private_key(b"\x1e\xf1\xb5\xb0" + bytes(40)) == PrivateKeyForm.PLAIN
    assert find_private_key(b"\x07\x02\x00\x00\x00\xa4\x00\x00RSA2" + bytes(40)) == PrivateKeyForm.PLAIN
    assert find_private_key(b"\x07\x02\x00\x00\x00\x22\x00\x00DSS2" + b"text" * 10) == PrivateKeyForm.PLAIN
    assert find_private_key(JWK) == PrivateKeyForm.PLAIN
    assert find_private_key(XML) == PrivateKeyForm.PLAIN
    assert find_private_key(b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBF") == PrivateKeyForm.PLAIN


def test_a_real_java_key_store_is_found(tmp_path: Path, require_service) -> None:
    keytool = require_service("keytool")
    for form, expected in (("jks", PrivateKeyForm.KEYSTORE), ("pkcs12", PrivateKeyForm.PKCS12)):
        path = tmp_path / f"store.{form}"
        options = (
            f"-keyalg RSA -keysize 2048 -dname CN=a -alias a -storetype {form} -storepass hemmelig -keypass hemmelig"
        )
        command = [keytool, "-genkeypair", *options.split(), "-keystore", str(path)]
        subprocess.run(command, check=True, capture_output=True)
        assert find_private_key(path.read_bytes()) == expected


DISGUISES = {
    "as it is": lambda pem: pem,
    "CRLF": lambda pem: pem.replace(b"\n", b"\r\n"),
    "UTF-16 with mark": lambda pem: pem.decode().encode("utf-16"),
    "UTF-16 big-endian": lambda pem: pem.decode().encode("utf-16-be"),
    "UTF-32": lambda pem: pem.decode().encode("utf-32"),
    "UTF-8 with mark": lambda pem: b"\xef\xbb\xbf" + pem,
    "one line": lambda pem: pem.replace(b"\n", b" "),
    "in JSON": lambda pem: b'{"key": "' + pem.replace(b"\n", b"\\n") + b'"}',
    "quoted in a mail": lambda pem: b"".join(b"> " + line + b"\n" for line in pem.splitlines()),
    "lower-case frame": lambda pem: pem.replace(b"BEGIN PRIVATE KEY", b"begin private key"),
    "dashes made pretty": lambda pem: pem.replace(b"-----", "—–".encode()),
    "base64 once more": base64.encodebytes,
    "base64 twice more": lambda pem: base64.b64encode(base64.b64encode(pem)),
    "base64url": lambda pem: base64.urlsafe_b64encode(pem),
    "without armour": lambda pem: b"".join(pem.splitlines()[1:-1]),
    "without armour, UTF-16": lambda pem: b"".join(pem.splitlines()[1:-1]).decode().encode("utf-16"),
    "without armour, words before": lambda pem: b"her er den: n\xc3\xb8gle " + b"\n".join(pem.splitlines()[1:-1]),
    "first half": lambda pem: pem[: len(pem) // 2],
    "first line of the body": lambda pem: pem.splitlines()[1],
    "second half": lambda pem: pem[len(pem) // 2 :],
    "hexadecimal": lambda pem: base64.b64decode(b"".join(pem.splitlines()[1:-1])).hex().encode(),
    "hex dump with colons": lambda pem: base64.b64decode(b"".join(pem.splitlines()[1:-1])).hex(":").encode(),
    "after a certificate": certificate_and,
    "DER after a certificate in DER": lambda pem: make.issued().der + PKCS8_DER,
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_key_is_found_in_every_disguise(disguise: str) -> None:
    assert find_private_key(DISGUISES[disguise](PKCS8_PEM)) is not None


def test_openssl_text_is_found(tmp_path: Path, require_service) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(PKCS8_PEM)
    command = [require_service("openssl"), "pkey", "-in", str(key), "-text", "-noout"]
    assert find_private_key(subprocess.run(command, check=True, capture_output=True).stdout) == PrivateKeyForm.PLAIN


def test_what_is_no_key_is_let_through() -> None:
    made, authority = make.issued(), make.the_pki()
    innocent = [
        made.pem,
        made.der,
        base64.b64encode(made.der),
        authority.root.pem + authority.issuing.pem,
        authority.crl([1, 2], at=make.AT).public_bytes(Encoding.DER),
        KEYS["rsa"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        make.ED25519.encode(),
        b"",
        b"PRIVATE KEY",
        "Den private nøgle (private key) ligger i jeres system.".encode(),
        made.pem.decode().encode("utf-16"),
        bytes(65536),
    ]
    assert [find_private_key(data) for data in innocent] == [None] * len(innocent)


@given(before=st.binary(max_size=200), after=st.binary(max_size=200))
def test_a_key_is_found_wherever_it_stands(before: bytes, after: bytes) -> None:
    assert find_private_key(before + PKCS8_DER + after) is not None
    assert find_private_key(before + PKCS8_PEM + after) is not None


@given(cut=st.integers(min_value=40, max_value=len(PKCS8_DER)))
def test_a_cut_off_key_is_found(cut: int) -> None:
    assert find_private_key(PKCS8_DER[:cut]) is not None
    assert find_private_key(base64.b64encode(PKCS8_DER[:cut])) is not None


@given(words=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60))
def test_a_bare_key_is_found_after_any_words(words: str) -> None:
    assert find_private_key(f"{words} ".encode() + base64.encodebytes(PKCS8_DER)) is not None


@given(st.binary(max_size=4096))
def test_any_bytes_are_survived(data: bytes) -> None:
    find_private_key(data)


@given(st.text("abcæøå 0123456789", min_size=1, max_size=40))
def test_certificates_are_never_taken_for_keys(name: str) -> None:
    made = make.issued(name=name)
    assert find_private_key(made.pem) is None
    assert find_private_key(made.der) is None


SIGNATURES = [*private_keys._TEXT_SIGNATURES, *private_keys._BINARY_SIGNATURES]


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda signature: signature.needles[0].hex())
@given(data=st.data())
def test_whatever_a_signature_matches_is_telltale(signature: private_keys._Signature, data: st.DataObject) -> None:
    view = data.draw(st.from_regex(signature.pattern))
    assert private_keys._may_match([view])
    assert private_keys._may_match([b"\0", view, b"text"])


@given(st.binary(max_size=30), st.sampled_from([b"\x02\x01\x00\x30", b"\x02\x01\x01\x30"]))
def test_whatever_may_be_pkcs8_is_telltale(around: bytes, head: bytes) -> None:
    assert private_keys._may_match([around + head + b"\x05\x06" + around])
