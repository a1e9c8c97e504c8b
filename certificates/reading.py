"""Reading what people upload: find the one certificate that is meant, or name what was uploaded instead.

Private keys are looked for before anything is parsed. The result holds a certificate or nothing: never a key, never
the upload itself.
"""

import re
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from string import ascii_letters, digits
from urllib.parse import unquote, unquote_plus

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_public_key

from adgang.lib.findings import Finding, finding
from certificates.details import Details, UnreadableCertificate, read_details
from certificates.private_keys import PrivateKeyForm, find_private_key
from certificates.wrong_files import Content, name_wrong_file

LIMIT_KIB = 64
MOST_OBJECTS = 100  # a chain has four; more than this is no file of certificates

PRIVATE_KEY_CODES = {
    PrivateKeyForm.PLAIN: "upload.private_key",
    PrivateKeyForm.ENCRYPTED: "upload.private_key_encrypted",
    PrivateKeyForm.OPENSSH: "upload.private_key_ssh",
    PrivateKeyForm.PUTTY: "upload.private_key_ssh",
    PrivateKeyForm.PKCS12: "upload.pkcs12",
    PrivateKeyForm.KEYSTORE: "upload.keystore",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What an upload turned out to be: the certificate that is meant, else None and a finding that says why.

    `candidates`: the certificates, when several could be meant.
    """

    certificate: Details | None
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Details, ...] = ()

    @property
    def der(self) -> bytes | None:
        """The certificate that is meant, in DER."""
        return self.certificate.der if self.certificate else None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an upload; a PKCS#7 file brings along the certificates it holds."""

    content: Content
    certificates: tuple[Details, ...] = ()


def read_certificate(data: bytes) -> Reading:
    """Return the certificate in an upload: PEM, DER, base64 without armour or PKCS#7, in any usual text encoding.

    `data`: the file or the pasted text, as it came. Raises nothing, whatever it holds.
    """
    if refused := _refused_unread(data):
        return Reading(None, (refused,))
    pieces = list(_pieces(data))
    certificates = _certificates(pieces)
    if not certificates:
        return Reading(None, (_named(data, pieces),))
    return _choose(certificates, from_pkcs7=any(piece.content is Content.PKCS7 for piece in pieces))


def read_authorities(data: bytes) -> list[Details] | Finding:
    """Return every certificate in a file of CA certificates, or what it is instead. Raises nothing."""
    if refused := _refused_unread(data):
        return refused
    pieces = list(_pieces(data))
    return _certificates(pieces) or _named(data, pieces)


def _refused_unread(data: bytes) -> Finding | None:
    """Refuse what no parser shall see."""
    if len(data) > LIMIT_KIB * 1024:
        return finding("upload.too_large", limit=LIMIT_KIB)
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        return finding("upload.empty")
    form = find_private_key(data)
    return finding(PRIVATE_KEY_CODES[form]) if form else None


def _named(data: bytes, pieces: list["Piece"]) -> Finding:
    """Say what an upload without a certificate is."""
    return name_wrong_file(
        data,
        {piece.content for piece in pieces},
        is_certificate=lambda changed: any(piece.certificates for piece in _pieces(changed)),
    )


def _certificates(pieces: list["Piece"]) -> list[Details]:
    return list({found.sha256: found for piece in pieces for found in piece.certificates}.values())


def _choose(certificates: list[Details], *, from_pkcs7: bool) -> Reading:
    """Of several certificates the leaf is meant; one that its holder made is judged, and told to be that."""
    leaves = [found for found in certificates if not found.is_ca] or [one for one in certificates if one.is_homemade]
    if not leaves:
        return Reading(None, (finding("kind.ca", subject=certificates[0].title),))
    if len(leaves) > 1:
        subjects = [found.title for found in leaves]
        asked = finding("upload.several_leaves", count=len(certificates), subjects=subjects)
        return Reading(None, (asked,), tuple(leaves))
    leaf = leaves[0]
    if from_pkcs7:
        return Reading(leaf, (finding("upload.pkcs7_leaf", subject=leaf.title),))
    if len(certificates) > 1:
        return Reading(leaf, (finding("upload.chain", count=len(certificates), subject=leaf.title),))
    return Reading(leaf)


# --- Taking an upload apart ----------------------------------------------------------------------------------------

# Repetitions are bounded or share no character with what follows: a hostile upload must not make them take ages.
_FRAME = re.compile(r"BEGIN[ \t]([A-Z0-9 #]{1,40}?)-{2,}((?:[^-]++|-(?!-))*+)(-{2,}|\Z)")
_PRETTY_FRAME = re.compile(  # in a text that has dashes of print
    r"BEGIN[ \t]([A-Z0-9 #]{1,40}?)(?:-{2,}|(?:\xe2\x80.)+)"
    r"((?:[^-\xe2]++|-(?!-)|\xe2(?!\x80.))*+)(-{2,}|\xe2\x80.|\Z)",
    re.DOTALL,
)
_BARE_BASE64 = re.compile(r"MI[A-Za-z0-9+/][A-Za-z0-9+/=\s]{60,}")
_SSH_LINE = re.compile(r"(?<![a-z0-9-])(?:ssh|ecdsa-sha2|sk)-[a-z0-9-]{1,60}(?:@openssh\.com)?\s+AAAA")
_NOT_BASE64 = bytes(set(range(256)) - set(ascii_letters.encode() + digits.encode() + b"+/"))
_QUOTED_PRINTABLE = re.compile(r"=(?:3D|0[AD]|2[0BDF])")
_QUOTED = re.compile(r"=(?:([0-9A-F]{2})|[ \t]{0,9}\r?\n)")
_TAG = re.compile(r"<[^<>]{0,300}>")
_ESCAPED_NEWLINE = re.compile(r"\\[nr]")
_BEFORE_DER = re.compile(rb"(?:\xef\xbb\xbf|[\r\n\t ]){1,20}(?=\x30[\x81-\x84])")
_PERCENT = re.compile(r"BEGIN(?:%20|\+)[A-Z]")  # as in the header of a proxy
_ENCODED_PEM = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/=\s]{60,}")  # "-----BEGIN" in base64: attachments, secrets


def _pieces(data: bytes) -> Iterator[Piece]:
    if before := _BEFORE_DER.match(data):
        data = data[before.end() :]
    if data[:1] == b"\x30" and (data[1] & 0x80 if len(data) > 1 else False):  # no text: DER (or BER)
        for der in _der_objects(data):
            yield _piece(der)
        return
    # All that is looked for is ASCII; zeros are UTF-16's, and other characters are text around.
    text = _decoded(_without_mail(data.replace(b"\0", b"").decode("latin-1")))
    frames = (_PRETTY_FRAME if "\xe2" in text else _FRAME).findall(text)[:MOST_OBJECTS]
    for label, body, end in frames:
        yield _framed_piece(label, body, is_whole=bool(end))
    if not frames:
        for match in _BARE_BASE64.finditer(text):
            for der in _der_objects(_decode(match[0])):
                yield _piece(der)
    if "AAAA" in text and _SSH_LINE.search(text):
        yield Piece(Content.SSH_KEY)


def _without_mail(text: str) -> str:
    """Undo what programs, mail and web pages make of a text: `\\n`, quoted-printable, HTML's tags and entities."""
    if "\\" in text:
        text = _ESCAPED_NEWLINE.sub("\n", text)
    if _QUOTED_PRINTABLE.search(text):
        text = _QUOTED.sub(lambda quoted: chr(int(quoted[1], 16)) if quoted[1] else "", text)
    if "<" in text:
        text = _TAG.sub("\n", text)
    return unescape(text) if "&" in text else text


def _decoded(text: str) -> str:
    """Undo what programs make of a PEM text that they pass on: percent signs, base64 once more."""
    if _PERCENT.search(text):
        text = (unquote_plus if "BEGIN+" in text else unquote)(text, "latin-1")
    return _ENCODED_PEM.sub(lambda found: _decode(found[0]).decode("latin-1"), text)


def _framed_piece(label: str, body: str, *, is_whole: bool) -> Piece:
    """Judge by what is inside: people put PKCS#7 into CERTIFICATE frames."""
    if label.strip().startswith("SSH2"):
        return Piece(Content.SSH_KEY)
    objects = list(_der_objects(_decode(body)))
    piece = _piece(objects[0]) if objects else Piece(Content.MALFORMED)
    return Piece(Content.INCOMPLETE) if is_whole and piece.content is Content.TRUNCATED else piece


def _decode(text: str) -> bytes:
    written = text.encode("latin-1", "ignore").translate(None, _NOT_BASE64)
    if len(written) % 4 == 1:  # no number of bytes needs so many digits: the end is missing
        written = written[:-1]
    return a2b_base64(written + b"=" * (-len(written) % 4))


def _der_objects(data: bytes) -> Iterator[bytes]:
    """Yield the sequences that stand one after another in `data`; the last may be cut off."""
    start = 0
    for _ in range(MOST_OBJECTS):
        if data[start : start + 1] != b"\x30":
            return
        end = start + _der_size(data[start : start + 6])
        yield data[start:end]
        start = end
        while data[start : start + 1] in (b"\r", b"\n", b" "):
            start += 1


def _der_size(head: bytes) -> int:
    """Return the number of bytes of the object that begins with `head`, its own head included."""
    if len(head) < 2 or head[1] < 0x80:
        return 2 + (head[1] if len(head) > 1 else 0)
    octets = head[1] & 0x7F
    if octets == 0 or octets > 4:  # BER's indefinite length, or nonsense: take all there is
        return LIMIT_KIB * 1024
    return 2 + octets + int.from_bytes(head[2 : 2 + octets])


def _piece(der: bytes) -> Piece:
    try:
        return Piece(Content.CERTIFICATE, (read_details(der),))
    except UnreadableCertificate:
        pass
    if certificates := _pkcs7_certificates(der):
        return Piece(Content.PKCS7, tuple(certificates))
    for content, load in _LOADERS:
        try:
            load(der)
        except Exception:  # noqa: S112 – parsers of hostile input: whatever they raise means "not this"
            continue
        return Piece(content)
    return Piece(Content.TRUNCATED if len(der) < _der_size(der[:6]) < LIMIT_KIB * 1024 else Content.MALFORMED)


def _load_pkcs7(der: bytes) -> None:
    if cms.ContentInfo.load(der)["content_type"].native not in ("signed_data", "enveloped_data", "data"):
        raise ValueError


_LOADERS = (
    (Content.CSR, x509.load_der_x509_csr),
    (Content.CRL, x509.load_der_x509_crl),
    (Content.PUBLIC_KEY, load_der_public_key),
    (Content.PKCS7, _load_pkcs7),
)


def _pkcs7_certificates(der: bytes) -> list[Details]:
    """Return the readable certificates of a PKCS#7 file; none when it is something else."""
    try:
        info = cms.ContentInfo.load(der)
        if info["content_type"].native != "signed_data":
            return []
        return [read_details(choice.chosen.dump()) for choice in info["content"]["certificates"]]
    except Exception:  # asn1crypto on hostile input
        return []
