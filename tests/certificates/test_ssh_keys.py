"""SSH public keys: one canonical key is accepted in any usual wrapping, everything else is refused by name."""

import base64
import random
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from adgang.demo import pki
from certificates.ssh_keys import SshVerdict, judge_ssh_key
from certificates.ssh_reading import looks_like_ssh_key
from tests.certificates.test_private_keys import PPK
from tests.factories import certificates as make

OPENSSH = (Encoding.OpenSSH, PublicFormat.OpenSSH)
SPKI = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
KEYS = {
    "ssh-ed25519": ed25519.Ed25519PrivateKey.generate(),
    "ecdsa-sha2-nistp256": ec.generate_private_key(ec.SECP256R1()),
    "ecdsa-sha2-nistp384": ec.generate_private_key(ec.SECP384R1()),
    "ecdsa-sha2-nistp521": ec.generate_private_key(ec.SECP521R1()),
    "ssh-rsa": pki.cheap_key(3072),
}
BITS = {
    "ssh-ed25519": 256,
    "ecdsa-sha2-nistp256": 256,
    "ecdsa-sha2-nistp384": 384,
    "ecdsa-sha2-nistp521": 521,
    "ssh-rsa": 3072,
}


def line_of(key, comment: str = "") -> bytes:
    return key.public_key().public_bytes(*OPENSSH) + (f" {comment}".encode() if comment else b"")


LINE = line_of(KEYS["ssh-rsa"], "system@kommune")
SHORT = line_of(KEYS["ssh-ed25519"], "system@kommune")
TYPE, BLOB, COMMENT = LINE.split(b" ")


def codes(data: bytes, **options: bool) -> list[str]:
    return [found.code for found in judge_ssh_key(data, **options).findings]


def wire(*fields: bytes) -> bytes:
    return b"".join(len(field).to_bytes(4) + field for field in fields)


def as_line(*fields: bytes) -> bytes:
    return fields[0] + b" " + base64.b64encode(wire(*fields))


def mpint(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1)


def rsa_line(modulus: int, exponent: int = 65537) -> bytes:
    return as_line(b"ssh-rsa", mpint(exponent), mpint(modulus))


# --- Accepted ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", KEYS)
def test_every_usual_type_is_accepted_and_agrees_with_ssh_keygen(type_: str, tmp_path: Path, require_service) -> None:
    line = line_of(KEYS[type_], "navn@sted")
    path = tmp_path / "key.pub"
    path.write_bytes(line)
    command = [require_service("ssh-keygen"), "-l", "-f", str(path)]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    verdict = judge_ssh_key(line)
    assert verdict.accepted
    assert verdict.findings == ()
    assert (verdict.type, verdict.bits, verdict.comment) == (type_, BITS[type_], "navn@sted")
    assert [str(verdict.bits), verdict.fingerprint, verdict.comment] == shown[:3]
    assert f"{verdict.type} {verdict.blob} {verdict.comment}".encode() == line


def wrapped(line: bytes, width: int = 70) -> bytes:
    return b"\n".join(line[start : start + width] for start in range(0, len(line), width))


WRAPPINGS = {
    "line end": LINE + b"\n",
    "CRLF": LINE + b"\r\n",
    "blank lines before": b"\n \n" + LINE,
    "comment lines before": b"# vores modtagersystem\n\n# ssh-rsa AAAAgammel\n" + LINE,
    "UTF-8 mark": b"\xef\xbb\xbf" + LINE,
    "UTF-16 with mark": LINE.decode().encode("utf-16"),
    "UTF-16 big-endian": LINE.decode().encode("utf-16-be"),
    "wrapped by a mail program": wrapped(TYPE + b" " + BLOB) + b" " + COMMENT,
    "wrapped, CRLF": wrapped(TYPE + b" " + BLOB).replace(b"\n", b"\r\n") + b" " + COMMENT,
    "comment wrapped to the next line": TYPE + b" " + BLOB + b"\n" + COMMENT,
    "several blanks": TYPE + b"   " + BLOB + b"   " + COMMENT,
    "tabs": TYPE + b"\t" + BLOB + b"\t" + COMMENT,
    "quoted": b'"' + LINE + b'"',
    "in Danish quotation marks": "»".encode() + LINE + "«".encode(),
    "with blanks that do not break": LINE.replace(b" ", "\u00a0".encode()),
    "with invisible characters": "\u200b".encode()
    + TYPE
    + b" "
    + BLOB[:90]
    + "\u200b\u00ad".encode()
    + BLOB[90:]
    + b" "
    + COMMENT,
    "comment lines after": LINE + b"\n# slut\n",
    "quoted in a mail": b"> " + wrapped(TYPE + b" " + BLOB).replace(b"\n", b"\n> ") + b" " + COMMENT,
    "blanks for line ends": TYPE + b" " + wrapped(BLOB, 64).replace(b"\n", b" ") + b" " + COMMENT,
    "in a fence": b"```\n" + LINE + b"\n```\n",
    "on a page": b"<pre>" + LINE + b"</pre>\n",
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_every_usual_wrapping_is_accepted(wrapping: str) -> None:
    verdict = judge_ssh_key(WRAPPINGS[wrapping])
    assert (verdict.findings, verdict.blob, verdict.comment) == ((), BLOB.decode(), "system@kommune")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_danish_letters_in_the_comment_are_accepted(encoding: str) -> None:
    verdict = judge_ssh_key((LINE.decode() + " på Ærø").encode(encoding))
    assert (verdict.accepted, verdict.comment) == (True, "system@kommune på Ærø")


def test_control_characters_in_the_comment_are_dropped() -> None:
    assert judge_ssh_key(SHORT + b"\x1b[31mrod\x07").comment == "system@kommune[31mrod"


@pytest.mark.parametrize("type_", KEYS)
def test_rfc_4716_is_converted(type_: str, tmp_path: Path, require_service) -> None:
    path = tmp_path / "key.pub"
    path.write_bytes(line_of(KEYS[type_], "navn@sted"))
    command = [require_service("ssh-keygen"), "-e", "-m", "RFC4716", "-f", str(path)]
    exported = subprocess.run(command, check=True, capture_output=True).stdout
    verdict = judge_ssh_key(exported)
    assert [found.code for found in verdict.findings] == ["ssh.converted"]
    assert f"{verdict.type} {verdict.blob}".encode() == line_of(KEYS[type_])


def test_rfc_4716_may_have_lost_its_line_ends() -> None:
    text = b'---- BEGIN SSH2 PUBLIC KEY ---- Comment: "vores: system" ' + wrapped(BLOB, 70).replace(b"\n", b" ")
    verdict = judge_ssh_key(text + b" ---- END SSH2 PUBLIC KEY ----")
    assert (verdict.accepted, verdict.comment, verdict.blob) == (True, "vores: system", BLOB.decode())


def test_rfc_4716_headers_may_run_over_lines() -> None:
    text = b'---- BEGIN SSH2 PUBLIC KEY ----\nComment: "vores \\\nsystem"\nx-a: b\n' + wrapped(BLOB, 70)
    verdict = judge_ssh_key(text + b"\n---- END SSH2 PUBLIC KEY ----\n")
    assert (verdict.accepted, verdict.comment, verdict.blob) == (True, "vores system", BLOB.decode())


@pytest.mark.parametrize("type_", KEYS)
def test_pem_is_converted(type_: str) -> None:
    verdict = judge_ssh_key(KEYS[type_].public_key().public_bytes(*SPKI))
    assert [found.code for found in verdict.findings] == ["ssh.converted"]
    assert f"{verdict.type} {verdict.blob}".encode() == line_of(KEYS[type_])


@pytest.mark.parametrize("type_", KEYS)
def test_der_is_converted(type_: str) -> None:
    verdict = judge_ssh_key(KEYS[type_].public_key().public_bytes(Encoding.DER, SPKI[1]))
    assert [found.code for found in verdict.findings] == ["ssh.converted"]
    assert f"{verdict.type} {verdict.blob}".encode() == line_of(KEYS[type_])


def test_pkcs1_is_converted() -> None:
    assert codes(KEYS["ssh-rsa"].public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1)) == ["ssh.converted"]


# --- Judged --------------------------------------------------------------------------------------------------------


def odd_modulus(bits: int) -> int:
    """A number of the given size without the known weaknesses; nobody needs its factors here."""
    return pki.cheap_key(bits).public_key().public_numbers().n


@pytest.mark.parametrize(
    ("bits", "default", "strict"),
    [
        (1024, ["ssh.rsa_too_short"], ["ssh.rsa_too_short"]),
        (2048, ["ssh.rsa_short"], ["ssh.rsa_short_refused"]),
        (3072, [], []),
        (4096, [], []),
    ],
)
def test_the_length_of_rsa_keys(bits: int, default: list[str], strict: list[str]) -> None:
    line = rsa_line(odd_modulus(bits))
    assert (codes(line), codes(line, refuse_short_rsa=True)) == (default, strict)
    assert judge_ssh_key(line).accepted == (bits >= 2048)
    assert judge_ssh_key(line, refuse_short_rsa=True).accepted == (bits >= 3072)


def test_a_modulus_of_3071_bits_counts_as_3072() -> None:
    modulus = odd_modulus(3072) - (1 << 3071) | 1
    modulus = modulus | (1 << 3070)
    assert "ssh.rsa_short" not in codes(rsa_line(modulus))
    assert "ssh.rsa_short" in codes(rsa_line(modulus - (1 << 3070) | (1 << 3069)))


@pytest.mark.parametrize("exponent", [1, 3, 17, 65536, 65535])
def test_small_and_even_exponents_are_refused(exponent: int) -> None:
    assert codes(rsa_line(odd_modulus(3072), exponent)) == ["ssh.exponent"]


@pytest.mark.parametrize("factor", [7, 1999, 65521])
def test_weak_moduli_are_refused(factor: int) -> None:
    assert codes(rsa_line(odd_modulus(3072) * factor)) == ["ssh.weak"]


def test_fingerprints_and_lengths_of_hundreds_of_keys_are_those_of_ssh_keygen(tmp_path: Path, require_service) -> None:
    dice = random.Random(20261123)
    curves = [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()] * 30
    lines = [line_of(ec.generate_private_key(curve), f"nr. {n}") for n, curve in enumerate(curves)]
    lines += [line_of(ed25519.Ed25519PrivateKey.generate(), "på Ærø") for _ in range(60)]
    lengths = [dice.randrange(1024, 8192) for _ in range(60)]
    lines += [
        rsa_line(dice.getrandbits(bits) | 1 | 1 << (bits - 1), dice.choice([3, 65537, 2**31 - 1])) for bits in lengths
    ]
    path = tmp_path / "keys"
    path.write_bytes(b"\n".join(lines))
    shown = subprocess.run(
        [require_service("ssh-keygen"), "-l", "-f", str(path)], check=True, capture_output=True, text=True
    )
    assert [row.split()[:2] for row in shown.stdout.splitlines()] == [
        [str(verdict.bits), verdict.fingerprint] for verdict in map(judge_ssh_key, lines)
    ]


def test_dsa_is_refused() -> None:
    numbers = dsa.generate_private_key(1024).public_key().public_numbers()
    parameters = numbers.parameter_numbers
    line = as_line(b"ssh-dss", *map(mpint, (parameters.p, parameters.q, parameters.g, numbers.y)))
    assert codes(line) == ["ssh.dsa"]


# --- Refused by name -----------------------------------------------------------------------------------------------

PRIVATE = KEYS["ssh-ed25519"].private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
ED_POINT = base64.b64decode(SHORT.split()[1])[-32:]
CERTIFICATE_TYPE, SECURITY_TYPE = b"ssh-ed25519-cert-v01@openssh.com", b"sk-ssh-ed25519@openssh.com"
REFUSED = {
    "nothing": ("ssh.empty", b""),
    "only comments": ("ssh.empty", b"# intet her\n\n"),
    "too large": ("ssh.too_large", LINE + b" " + b"a" * 16 * 1024),
    "private key": ("ssh.private_key", PRIVATE),
    "private key in UTF-16": ("ssh.private_key", PRIVATE.decode().encode("utf-16")),
    "private key beside the public": ("ssh.private_key", LINE + b"\n" + PRIVATE),
    "private key in PEM": ("ssh.private_key", pki.Issued(make.issued().certificate, pki.cheap_key()).key_pem),
    "PuTTY's file": ("ssh.private_key_putty", PPK),
    "two keys": ("ssh.several_keys", LINE + b"\n" + SHORT),
    "the same key twice": ("ssh.several_keys", LINE + b"\n" + LINE),
    "two keys without a line end between": ("ssh.several_keys", SHORT + LINE),
    "two keys on one line": ("ssh.several_keys", LINE + b" " + SHORT),
    "a line and a PEM": ("ssh.several_keys", LINE + b"\n" + KEYS["ssh-rsa"].public_key().public_bytes(*SPKI)),
    "command": ("ssh.options", b"command=\"/bin/sh -c 'echo hej'\",no-pty " + LINE),
    "from": ("ssh.options", b'from="10.0.0.0/8" ' + LINE),
    "an option of a later day": ("ssh.options", b'as-yet-unknown="a b" ' + LINE),
    "restrict": ("ssh.options", b"restrict " + LINE),
    "environment": ("ssh.options", b'environment="A=B" ' + LINE),
    "known_hosts": ("ssh.known_hosts", b"sftp.example.dk,192.0.2.1 " + LINE),
    "known_hosts with port": ("ssh.known_hosts", b"[sftp.example.dk]:2222 " + LINE),
    "known_hosts, hashed": ("ssh.known_hosts", b"|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM= " + LINE),
    "known_hosts, marked": ("ssh.known_hosts", b"@cert-authority *.example.dk " + LINE),
    "words before": ("ssh.text_before", "Her er vores nøgle ".encode() + LINE),
    "a label before": ("ssh.text_before", b"key: " + LINE),
    "a letter around": ("ssh.text_before", b"Hej\n\nNoeglen er\n" + LINE),
    "words after": ("ssh.text_after", LINE + b"\nHilsen Kim\nPr\xc3\xb8vekommune"),
    "SSH certificate": ("ssh.certificate", CERTIFICATE_TYPE + b" AAAA" + b"a" * 60),
    "SSH certificate under another type": (
        "ssh.certificate",
        b"ssh-ed25519 " + base64.b64encode(wire(CERTIFICATE_TYPE, bytes(32), ED_POINT)),
    ),
    "security key": ("ssh.security_key", as_line(SECURITY_TYPE, ED_POINT, b"ssh:")),
    "security key under another type": (
        "ssh.security_key",
        b"ssh-ed25519 " + base64.b64encode(wire(SECURITY_TYPE, ED_POINT, b"ssh:")),
    ),
    "security key, ECDSA": ("ssh.security_key", b"sk-ecdsa-sha2-nistp256@openssh.com AAAA" + b"a" * 60),
    "fingerprint": ("ssh.fingerprint", b"SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"),
    "fingerprint as listed": (
        "ssh.fingerprint",
        b"256 SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8 github.com (ED25519)",
    ),
    "old fingerprint": ("ssh.fingerprint", b"MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48"),
    "fingerprint in the DNS": ("ssh.fingerprint", b"host.dk IN SSHFP 4 2 9e3b1a77c1f2"),
    "fingerprint, SHA-1": ("ssh.fingerprint", b"16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48:01:02:03:04"),
    "cut off": ("ssh.truncated", LINE[: len(LINE) // 2]),
    "cut off inside four letters": ("ssh.truncated", (TYPE + b" " + BLOB)[:-3]),
    "cut off, with a comment": ("ssh.truncated", TYPE + b" " + BLOB[:-8] + b" laptop00"),
    "type alone": ("ssh.truncated", b"ssh-rsa"),
    "type in the text is another": ("ssh.type_mismatch", b"ssh-ed25519 " + BLOB),
    "signature algorithm for type": ("ssh.type_mismatch", b"rsa-sha2-256 " + BLOB),
    "curve in the text is another": (
        "ssh.type_mismatch",
        line_of(KEYS["ecdsa-sha2-nistp256"]).replace(b"nistp256", b"nistp384"),
    ),
    "no type": ("ssh.no_type", BLOB),
    "the type cut off": ("ssh.no_type", b"sa " + BLOB),
    "the type in capitals": ("ssh.no_type", LINE.replace(TYPE, TYPE.upper())),
    "Ed448": ("ssh.unsupported", as_line(b"ssh-ed448", bytes(57))),
    "Ed448 in PEM": ("ssh.unsupported", ed448.Ed448PrivateKey.generate().public_key().public_bytes(*SPKI)),
    "curve without a name": (
        "ssh.unsupported",
        ec.generate_private_key(ec.SECP256K1()).public_key().public_bytes(*SPKI),
    ),
    "certificate": ("ssh.x509", make.issued().pem),
    "certificate request": ("ssh.x509", b"-----BEGIN CERTIFICATE REQUEST-----\nMIIC"),
    "bytes after the key": (
        "ssh.malformed",
        b"ssh-ed25519 " + base64.b64encode(wire(b"ssh-ed25519", ED_POINT) + b"abc"),
    ),
    "short point": ("ssh.malformed", as_line(b"ssh-ed25519", ED_POINT[:31])),
    "negative modulus": ("ssh.malformed", as_line(b"ssh-rsa", b"\x01\x00\x01", b"\xff" * 384)),
    "needless zeros": ("ssh.malformed", as_line(b"ssh-rsa", b"\x00\x01\x00\x01", mpint(odd_modulus(3072)))),
    "point off the curve": (
        "ssh.malformed",
        as_line(b"ecdsa-sha2-nistp256", b"nistp256", b"\x04" + b"\x01" * 64),
    ),
    "compressed point": ("ssh.malformed", as_line(b"ecdsa-sha2-nistp256", b"nistp256", b"\x02" + b"\x01" * 32)),
    "curve inside is another": ("ssh.malformed", as_line(b"ecdsa-sha2-nistp256", b"nistp384", b"\x04" + bytes(64))),
    "modulus beyond OpenSSH's limit": ("ssh.malformed", rsa_line((1 << 16400) + 1)),
    "DSA in PEM": ("ssh.dsa", dsa.generate_private_key(1024).public_key().public_bytes(*SPKI)),
    "certificate in DER": ("ssh.x509", make.issued().der),
    "other DER": ("ssh.malformed", make.issued().der[:-9]),
    "SSH-1": ("ssh.unsupported", b"1024 65537 " + b"1234567890" * 30 + b" root@server"),
    "PEM of no base64": ("ssh.malformed", b"-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----"),
    "broken PEM": ("ssh.malformed", b"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"),
    "empty RFC 4716": ("ssh.truncated", b"---- BEGIN SSH2 PUBLIC KEY ----\n---- END SSH2 PUBLIC KEY ----"),
    "type with control characters": (
        "ssh.malformed",
        b"ssh-rsa " + base64.b64encode(wire(b"ssh-\x1b[31mrsa", ED_POINT)),
    ),
    "plain words": ("ssh.unrecognised", "Vi sender nøglen i morgen".encode()),
    "random bytes": ("ssh.unrecognised", bytes(range(128, 256))),
}


@pytest.mark.parametrize("thing", REFUSED)
def test_everything_else_is_refused_by_name(thing: str) -> None:
    code, data = REFUSED[thing]
    verdict = judge_ssh_key(data)
    assert ([found.code for found in verdict.findings], verdict.accepted) == ([code], False)
    assert all(found.message and found.remedy for found in verdict.findings)


def test_nothing_of_a_private_key_is_in_the_result() -> None:
    verdict = judge_ssh_key(LINE + b"\n" + PRIVATE)
    assert verdict == SshVerdict(verdict.findings)
    assert PRIVATE.splitlines()[2].decode() not in repr(verdict)


def test_a_cut_off_key_never_swallows_its_comment() -> None:
    cut = SHORT.split()[1][:-6]
    assert codes(b"ssh-ed25519 " + cut + b" laptop") == ["ssh.truncated"]


def test_the_wire_form_has_the_fixed_keys() -> None:
    shown = judge_ssh_key(make.ED25519.encode()).as_json()
    assert shown == {
        "accepted": True,
        "type": "ssh-ed25519",
        "bits": 256,
        "fingerprint": shown["fingerprint"],
        "comment": None,
        "findings": [],
    }


@pytest.mark.parametrize(("data", "expected"), [(LINE, True), (make.issued().pem, False), (b"hej", False)])
def test_an_ssh_key_is_told_from_a_certificate(data: bytes, expected: bool) -> None:
    assert looks_like_ssh_key(data) is expected


@given(st.binary(max_size=2000))
def test_any_bytes_are_survived(data: bytes) -> None:
    assert not judge_ssh_key(data).accepted


@given(st.text(max_size=500))
def test_any_text_is_survived(text: str) -> None:
    judge_ssh_key(text.encode(errors="replace")).as_json()


ORIGINALS = [LINE, SHORT, *(data for code, data in REFUSED.values() if len(data) < 4000 and data)]


@settings(max_examples=500)
@given(st.data())
def test_mutated_keys_are_survived(data: st.DataObject) -> None:
    original = bytearray(data.draw(st.sampled_from(ORIGINALS)))
    for _ in range(data.draw(st.integers(1, 5))):
        original[data.draw(st.integers(0, 4000)) % len(original)] = data.draw(st.integers(0, 255))
    judge_ssh_key(bytes(original)).as_json()


@settings(max_examples=200)
@given(st.binary(min_size=1, max_size=40))
def test_an_accepted_key_is_exactly_what_was_written(comment: bytes) -> None:
    verdict = judge_ssh_key(SHORT.split(b" ", 2)[0] + b" " + SHORT.split(b" ", 2)[1] + b" " + comment)
    assert not verdict.accepted or verdict.blob.encode() == SHORT.split(b" ")[1]
