"""What people upload is read or named."""

import base64
import itertools
import quopri
import subprocess
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates import reading
from certificates.judging import judge
from certificates.kinds import Environment
from certificates.reading import read_certificate
from tests.factories import certificates as make

LEAF = make.issued()
OTHER = make.issued(name="Et andet system")
PKI = make.the_pki()


def codes(data: bytes) -> list[str]:
    return [found.code for found in read_certificate(data).findings]


def body(pem: bytes) -> bytes:
    return b"".join(pem.splitlines()[1:-1])


ACCEPTED = {
    "PEM": LEAF.pem,
    "DER": LEAF.der,
    "CRLF": LEAF.pem.replace(b"\n", b"\r\n"),
    "old Mac line ends": LEAF.pem.replace(b"\n", b"\r"),
    "text around": b"Bag Attributes\n    friendlyName: Pr\xc3\xb8ve\n" + LEAF.pem + "Venlig hilsen\nÆrø".encode(),
    "Latin-1 text around": "Hilsen fra Ærø\n".encode("latin-1") + LEAF.pem,
    "one-line body": b"-----BEGIN CERTIFICATE-----\n" + body(LEAF.pem) + b"\n-----END CERTIFICATE-----",
    "all on one line": b"-----BEGIN CERTIFICATE-----" + body(LEAF.pem) + b"-----END CERTIFICATE-----",
    "blanks for line ends": LEAF.pem.replace(b"\n", b" "),
    "escaped line ends": LEAF.pem.replace(b"\n", b"\\n"),
    "quoted in a mail": b"".join(b"> " + line + b"\n" for line in LEAF.pem.splitlines()),
    "base64 without armour": base64.encodebytes(LEAF.der),
    "base64 on one line": base64.b64encode(LEAF.der),
    "base64 in XML": b"<X509Certificate>" + base64.b64encode(LEAF.der) + b"</X509Certificate>",
    "base64 in JSON": b'{"x5c": ["' + base64.b64encode(LEAF.der) + b'"]}',
    "base64 without armour in UTF-16": base64.b64encode(LEAF.der).decode().encode("utf-16"),
    "UTF-8 with mark": b"\xef\xbb\xbf" + LEAF.pem,
    "UTF-16 little-endian with mark": b"\xff\xfe" + LEAF.pem.decode().encode("utf-16-le"),
    "UTF-16 big-endian with mark": b"\xfe\xff" + LEAF.pem.decode().encode("utf-16-be"),
    "UTF-16 without mark": LEAF.pem.decode().encode("utf-16-le"),
    "DER with a line end after it": LEAF.der + b"\r\n",
    "X509 CERTIFICATE frame": LEAF.pem.replace(b"CERTIFICATE", b"X509 CERTIFICATE"),
    "twice the same": LEAF.pem + LEAF.pem,
    "with its public key": LEAF.pem
    + LEAF.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "with HTML's line breaks": LEAF.pem.replace(b"\n", b"<br />\r\n"),
    "in HTML with entities": b"<pre>" + LEAF.pem.replace(b"+", b"&#43;").replace(b"/", b"&#x2F;") + b"</pre>",
    "on a page without frame": b"<td>" + base64.encodebytes(LEAF.der).replace(b"\n", b"<br>") + b"</td>",
    "quoted-printable": quopri.encodestring(LEAF.pem).replace(b"/", b"=2F"),
    "quoted-printable on one line": quopri.encodestring(b"Hej =E6 " + base64.b64encode(LEAF.der)),
    "UTF-32": LEAF.pem.decode().encode("utf-32"),
    "UTF-16 big-endian without mark": LEAF.pem.decode().encode("utf-16-be"),
    "Mac line ends": LEAF.pem.replace(b"\n", b"\r"),
    "typographic dashes": LEAF.pem.replace(b"-----", "–––".encode()),
    "numbered by openssl s_client": b" 0 s:CN = Pr\xc3\xb8ve\n   i:CN = Udsteder\n" + LEAF.pem + b"---\n",
    "base64 of PEM, as in a cluster's secret": b"  tls.crt: " + base64.b64encode(LEAF.pem) + b"\n  ca.crt: Cg==\n",
    "PEM attached to a mail": b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(LEAF.pem),
    "as a proxy passes it on": quote(LEAF.pem).encode(),
    "as a form sends it": quote_plus(LEAF.pem).encode(),
    "DER after a mark": b"\xef\xbb\xbf" + LEAF.der,
    "DER after a line end": b"\r\n" + LEAF.der,
    "with a broken text beside it": b"navn: Pr\xef\xbf\xbdve\n" + LEAF.pem,
}


@pytest.mark.parametrize("form", ACCEPTED)
def test_every_form_of_a_certificate_is_accepted(form: str) -> None:
    reading = read_certificate(ACCEPTED[form])
    assert (reading.der, reading.findings) == (LEAF.der, ())


def test_openssl_trusted_certificate_is_accepted(tmp_path: Path, require_service) -> None:
    command = [require_service("openssl"), "x509", "-trustout", "-addtrust", "clientAuth"]
    trusted = subprocess.run(command, input=LEAF.pem, check=True, capture_output=True).stdout
    assert trusted.startswith(b"-----BEGIN TRUSTED CERTIFICATE-----")
    assert read_certificate(trusted).der == LEAF.der


CSR = x509.CertificateSigningRequestBuilder(x509.Name([])).sign(LEAF.key, hashes.SHA256())
CRL = PKI.crl([1], at=make.AT)
PUBLIC_KEY = LEAF.key.public_key()
LINES = LEAF.pem.split(b"\n")
WITH_NEWLINE = next(
    made.der for made in (make.issued(name=f"System {n}") for n in itertools.count()) if b"\n" in made.der
)
WRONG = {
    "CSR in PEM": ("upload.csr", CSR.public_bytes(Encoding.PEM)),
    "CSR in DER": ("upload.csr", CSR.public_bytes(Encoding.DER)),
    "public key": ("upload.public_key", PUBLIC_KEY.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
    "public key PKCS#1": ("upload.public_key", PUBLIC_KEY.public_bytes(Encoding.PEM, PublicFormat.PKCS1)),
    "public key in DER": (
        "upload.public_key",
        PUBLIC_KEY.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ),
    "SSH key": ("upload.ssh_key", make.ED25519.encode()),
    "SSH key RFC 4716": ("upload.ssh_key", b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----"),
    "CRL in PEM": ("upload.crl", CRL.public_bytes(Encoding.PEM)),
    "CRL in DER": ("upload.crl", CRL.public_bytes(Encoding.DER)),
    "nothing": ("upload.empty", b""),
    "only blanks": ("upload.empty", b" \r\n\t\xef\xbb\xbf"),
    "too large": ("upload.too_large", bytes(64 * 1024 + 1)),
    "ZIP": ("upload.other_file", b"PK\x03\x04" + bytes(100)),
    "PDF": ("upload.other_file", b"%PDF-1.7\n"),
    "image": ("upload.other_file", b"\x89PNG\r\n\x1a\n"),
    "web page": ("upload.other_file", b"<!DOCTYPE html><html>Log ind</html>"),
    "CA": ("kind.ca", PKI.issuing.pem),
    "CAs only": ("kind.ca", PKI.issuing.pem + PKI.root.pem),
    "plain text": ("upload.unrecognised", b"Her er vores certifikat. Hilsen Kim"),
    "cut-off PEM": ("upload.truncated", LEAF.pem[: len(LEAF.pem) // 2]),
    "cut-off DER": ("upload.truncated", LEAF.der[:-10]),
    "garbage in a frame": ("upload.malformed", b"-----BEGIN CERTIFICATE-----\nAAAAMIIC\n-----END CERTIFICATE-----"),
    "nothing in a frame": ("upload.malformed", b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"),
    "private key": ("upload.private_key", LEAF.key_pem),
    "private key with certificate": ("upload.private_key", LEAF.pem + LEAF.key_pem),
    "XML": ("upload.other_file", b'<?xml version="1.0"?><md:EntityDescriptor/>'),
    "XML in UTF-16": ("upload.other_file", '<?xml version="1.0"?><a/>'.encode("utf-16")),
    "Word": (
        "upload.other_file",
        b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml" + bytes(90) + b"word/document.xml",
    ),
    "RTF": ("upload.other_file", b"{\\rtf1\\ansi"),
    "JPEG": ("upload.other_file", b"\xff\xd8\xff\xe0"),
    "program": ("upload.other_file", b"MZ\x90\x00"),
    "PGP key": (
        "upload.other_file",
        b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n-----END PGP PUBLIC KEY BLOCK-----",
    ),
    "public key as JSON": ("upload.public_key", b'{"kty": "RSA", "n": "0vx7ag", "e": "AQAB"}'),
    "a line lost": ("upload.incomplete", b"\n".join(line for n, line in enumerate(LEAF.pem.split(b"\n")) if n != 5)),
    "a line twice": ("upload.malformed", LEAF.pem.replace(LINES[5], LINES[5] + b"\n" + LINES[5])),
    "no line but the first": ("upload.incomplete", b"\n".join([*LINES[:2], b"-----END CERTIFICATE-----"])),
    "DER with longer line ends": ("upload.sent_as_text", WITH_NEWLINE.replace(b"\n", b"\r\n")),
    "DER as UTF-8": ("upload.sent_as_text", LEAF.der.decode("latin-1").encode()),
    "damaged base64": ("upload.damaged", LEAF.pem.replace(LINES[4][10:13], b"\xef\xbf\xbd")),
    "damaged DER": ("upload.damaged", LEAF.der.decode("utf-8", errors="replace").encode()),
}


@pytest.mark.parametrize("thing", WRONG)
def test_every_wrong_thing_is_named(thing: str) -> None:
    code, data = WRONG[thing]
    reading = read_certificate(data)
    assert ([found.code for found in reading.findings], reading.der) == ([code], None)


def test_a_certificate_that_its_holder_made_is_judged_as_such(tmp_path: Path, require_service) -> None:
    command = [require_service("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=egen"]
    made = subprocess.run([*command, "-keyout", str(tmp_path / "key")], check=True, capture_output=True).stdout
    verdict = judge(read_certificate(made), at=make.AT, environment=Environment.TEST, anchors=make.the_anchors())
    codes = [found.code for found in verdict.findings]
    assert ("path.self_signed" in codes, "kind.ca" in codes, verdict.accepted) == (True, False, False)


def test_a_chain_gives_its_leaf_and_says_so() -> None:
    for chain in (LEAF.pem + PKI.issuing.pem + PKI.root.pem, PKI.root.der + PKI.issuing.der + LEAF.der):
        reading = read_certificate(chain)
        assert reading.der == LEAF.der
        assert [found.as_json() for found in reading.findings] == [
            {"code": "upload.chain", "severity": "info", "params": {"count": 3, "subject": "Prøvesystem"}}
        ]


def test_of_two_leaves_the_reader_is_asked_which() -> None:
    reading = read_certificate(LEAF.pem + OTHER.pem + PKI.issuing.pem)
    assert reading.der is None
    assert [found.code for found in reading.findings] == ["upload.several_leaves"]
    assert [found.title for found in reading.candidates] == ["Prøvesystem", "Et andet system"]


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a_pkcs7_file_gives_its_leaf_and_says_so(encoding: Encoding) -> None:
    certificates = [PKI.root.certificate, LEAF.certificate, PKI.issuing.certificate]
    reading = read_certificate(pkcs7.serialize_certificates(certificates, encoding))
    assert (reading.der, [found.code for found in reading.findings]) == (LEAF.der, ["upload.pkcs7_leaf"])


def test_swapped_characters_show_in_the_signature() -> None:
    swapped = LEAF.pem.replace(LINES[1], LINES[1][:20] + LINES[1][21:19:-1] + LINES[1][22:])
    verdict = judge(read_certificate(swapped), at=make.AT, environment=Environment.TEST, anchors=make.the_anchors())
    assert swapped != LEAF.pem
    assert not verdict.accepted
    assert {found.code for found in verdict.findings} & {"path.signature", "upload.malformed"}


def test_a_pkcs7_file_in_ber_gives_its_leaf() -> None:
    der = pkcs7.serialize_certificates([LEAF.certificate, PKI.issuing.certificate], Encoding.DER)
    content = der[der.index(b"\xa0\x82") + 4 :]
    signed = content[content.index(b"\x30\x82") + 4 :] if content[:2] == b"\x30\x82" else content
    ber = b"\x30\x80" + der[4:15] + b"\xa0\x80\x30\x80" + signed + bytes(6)
    for form in (ber, base64.b64encode(ber)):
        assert codes(form) == ["upload.pkcs7_leaf"]


def test_a_pkcs7_file_in_a_certificate_frame_is_read_for_what_it_is() -> None:
    pem = pkcs7.serialize_certificates([LEAF.certificate], Encoding.PEM).replace(b"PKCS7", b"CERTIFICATE")
    assert codes(pem) == ["upload.pkcs7_leaf"]


def test_a_pkcs7_file_without_a_certificate_is_named(tmp_path: Path, require_service) -> None:
    crl = tmp_path / "crl.pem"
    crl.write_bytes(CRL.public_bytes(Encoding.PEM))
    command = [require_service("openssl"), "crl2pkcs7", "-in", str(crl), "-outform", "DER"]
    assert codes(subprocess.run(command, check=True, capture_output=True).stdout) == ["upload.pkcs7"]


def test_nothing_of_a_private_key_is_in_the_result() -> None:
    reading = read_certificate(LEAF.pem + LEAF.key_pem)
    secret = body(LEAF.key_pem)[40:80].decode()
    assert secret not in repr(reading)
    assert reading.certificate is None
    assert reading.candidates == ()


def test_the_form_of_an_other_file_is_said_in_words() -> None:
    assert read_certificate(b"%PDF-1.7").findings[0].message == "Filen er et PDF-dokument, ikke et certifikat."


@given(st.binary(max_size=2000))
def test_any_bytes_are_survived(data: bytes) -> None:
    assert read_certificate(data).findings


ORIGINALS = [LEAF.der, LEAF.pem, CSR.public_bytes(Encoding.DER), PKI.root.der]


@settings(max_examples=300)
@given(st.data())
def test_mutated_certificates_are_survived(data: st.DataObject) -> None:
    original = bytearray(data.draw(st.sampled_from(ORIGINALS)))
    for _ in range(data.draw(st.integers(1, 8))):
        original[data.draw(st.integers(0, len(original) - 1))] = data.draw(st.integers(0, 255))
    reading = read_certificate(bytes(original))
    assert reading.certificate is not None or reading.findings


FRAME_PIECES = ["BEGIN", " ", "\t", "CERTIFICATE", "X509 #1", "-", "--", "-----", "\n", "END", "MIIB", "=", "\xe5", "a"]


@given(st.lists(st.sampled_from(FRAME_PIECES), max_size=30).map("".join))
def test_frames_without_dashes_of_print_are_the_same_by_either_pattern(text: str) -> None:
    assert reading._FRAME.findall(text) == reading._PRETTY_FRAME.findall(text)
