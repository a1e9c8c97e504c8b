"""Private keys are recognised before anything is parsed, so that nothing of one is ever kept.

The search goes by signature, not by parser: a damaged, truncated or oddly wrapped private key is
still a private key. It looks at the bytes as they came, at the same text in UTF-16 and UTF-32,
and at what the base64 or hexadecimal digits in it stand for.
"""

import re
import string
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class PrivateKeyForm(StrEnum):
    """What held the private key; decides which advice helps."""

    PLAIN = "plain"  # readable by anyone who has the file
    ENCRYPTED = "encrypted"  # behind a password
    OPENSSH = "openssh"
    PUTTY = "putty"
    PKCS12 = "pkcs12"
    KEYSTORE = "keystore"


@dataclass(frozen=True, slots=True)
class _Signature:
    """A pattern, run only where one of its `needles` stands: most files hold none of them."""

    form: PrivateKeyForm
    needles: tuple[bytes, ...]
    pattern: re.Pattern[bytes]


def _signature(form: PrivateKeyForm, needles: tuple[bytes, ...], pattern: bytes) -> _Signature:
    return _Signature(form, needles, re.compile(pattern, re.DOTALL))


# A blank, however mail programs and editors wrote it. It shares no character with a word, or matching could take ages.
_GAP = rb"(?:[^a-z0-9]|nbsp|%20|=20|\\u0020){1,12}"
_FRAME = rb"(?:begin|end)" + _GAP + rb"(?:[a-z0-9.]{2,12}" + _GAP + rb"){0,3}?private" + _GAP + b"key"
_LENGTH = rb"(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)"  # DER, or the indefinite 0x80 of BER

# Matched against the text in lower case; the first match wins, so the most telling come first.
_TEXT_SIGNATURES = (
    _signature(
        PrivateKeyForm.PUTTY,
        (b"putty-user-key-file", b"private-"),
        rb"putty-user-key-file|private-(?:lines|mac|hash)\s*:",
    ),
    _signature(
        PrivateKeyForm.OPENSSH,
        (b"openssh-key-v1\x00", b"openssh", b"ssh private key", b"ssh2"),
        rb"openssh-key-v1\x00|ssh private key file format"
        rb"|(?:begin|end)" + _GAP + rb"(?:openssh|ssh2" + _GAP + rb"encrypted)" + _GAP + b"private",
    ),
    _signature(
        PrivateKeyForm.ENCRYPTED,
        (b"encrypted",),
        rb"(?:begin|end)" + _GAP + rb"encrypted" + _GAP + rb"private|proc-type:\s*4\s*,\s*encrypted",
    ),
    _signature(PrivateKeyForm.PLAIN, (b"private",), _FRAME + rb"|private-?(?:exponent|key)\s*:"),
    # the same numbers as an XML signature or a JSON web key
    _signature(
        PrivateKeyForm.PLAIN,
        (b"<inverseq>", b'"dq"', b'"d"'),
        rb'<inverseq>|"dq"\s*:|"d"\s*:\s*"[\w-]{20}',
    ),
)

_BINARY_SIGNATURES = (
    # PKCS#12: version 3, then contents of type data or signedData (RFC 7292 §4)
    _signature(
        PrivateKeyForm.PKCS12,
        (b"\x02\x01\x03\x30",),
        rb"\x30" + _LENGTH + rb"\x02\x01\x03\x30" + _LENGTH
        + rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x01\x02]",
    ),
    # Java's JKS and JCEKS, BouncyCastle's BKS: magic number, version
    _signature(
        PrivateKeyForm.KEYSTORE,
        (b"\xfe\xed\xfe\xed", b"\xce\xce\xce\xce", b"\x00\x00\x00\x14"),
        rb"\A\xfe\xed\xfe\xed|(?:\xfe\xed\xfe\xed|\xce\xce\xce\xce)\x00\x00\x00[\x01\x02]"
        rb"|\A\x00\x00\x00[\x01\x02]\x00\x00\x00\x14",
    ),
    # EncryptedPrivateKeyInfo names a password scheme of PKCS#5 or PKCS#12; no certificate does
    _signature(
        PrivateKeyForm.ENCRYPTED,
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05", b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01"),
        rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05[\x01-\x0d]"
        rb"|\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01[\x01-\x06]",
    ),
    # PKCS#1 and DSA: version, then a long number; SEC 1: version 1, then the number as octets
    _signature(
        PrivateKeyForm.PLAIN,
        (b"\x02\x01\x00\x02", b"\x02\x01\x01\x02", b"\x02\x01\x01\x04"),
        rb"\x30" + _LENGTH + rb"\x02\x01[\x00\x01]\x02(?:[\x20-\x7f]|\x81.|\x82..)"
        rb"|\x30" + _LENGTH + rb"\x02\x01\x01\x04[\x14-\x48]",
    ),
    # Microsoft's PVK file and PRIVATEKEYBLOB
    _signature(
        PrivateKeyForm.PLAIN,
        (b"\x1e\xf1\xb5\xb0", b"RSA2", b"DSS2"),
        rb"\A\x1e\xf1\xb5\xb0|\x07\x02\x00\x00\x00[\xa4\x22\x24]\x00\x00(?:RSA2|DSS2)",
    ),
)  # fmt: skip

_PKCS8_NEEDLE = re.compile(rb"\x02\x01[\x00\x01]\x30([\x03-\x7f]|\x81.|\x82..)\x06", re.DOTALL)
# One of these stands in whatever a signature matches; they are few, because most files are searched for them in vain,
# and patterns, because the search for a pattern leaps from one of its first bytes to the next.
_TELLTALE_TEXTS = tuple(map(re.compile, (rb"pr(?:ivate|oc-type)", rb"-key-", rb"<inverseq>", rb'"dq?"')))
_TELLTALE_BYTES = tuple(map(re.compile, (rb"\x02\x01[\x00\x01\x03]", rb"\x86\xf7\x0d\x01[\x05\x0c]", rb"\x00\x00\x00")))
_TELLTALE_STARTS = (b"\xfe\xed\xfe\xed", b"\x1e\xf1\xb5\xb0")
_HEX_DIGITS = bytes(ord("h") if chr(byte) in string.hexdigits else 0 for byte in range(256))
_LONG_HEX = b"h" * 48
_HEX_RUN = re.compile(rb"[0-9A-Fa-f]{48,}")
_ESCAPE = re.compile(rb"\\[nrt]")
_WRAPPING = b" \t\r\n\v\f\"'>|,:"  # blanks, quotes, mail's quoting
_BASE64 = (string.ascii_letters + string.digits + "+/").encode("ascii")
_NO_BASE64 = bytes(set(range(256)) - set(_BASE64 + b"-_"))
_TO_BASE64 = bytes.maketrans(b"-_" + _NO_BASE64, b"+/" + b" " * len(_NO_BASE64))
_SHORTEST_BASE64 = 24
_DEPTH = 3  # base64 of a PEM file in base64 is the worst that people have been seen to send


def find_private_key(data: bytes) -> PrivateKeyForm | None:
    """Say whether `data` holds a private key or a container made to hold one, and of what form.

    Never raises and keeps nothing. Errs on the side of caution: a certificate file never matches,
    but a truncated or damaged key does.
    """
    views = list(_views(data, _DEPTH))
    if not _may_match(views):  # one look over everything spares most files the looks at each part
        return None
    return next((form for view in views if (form := _match(view))), None)


def _may_match(views: list[bytes]) -> bool:
    """Say whether anything telltale stands anywhere; it may also stand across two parts, which then match nothing.

    The binary ones are looked for only where there are bytes that no text has.
    """
    words = b"\n".join(views).lower()
    if any(telltale.search(words) for telltale in _TELLTALE_TEXTS):
        return True
    binary = [view for view in views if not view.isascii() or b"\0" in view or b"\1" in view]
    if any(view.startswith(_TELLTALE_STARTS) for view in binary):
        return True
    whole = b"\n".join(binary)
    return any(telltale.search(whole) for telltale in _TELLTALE_BYTES)


def _match(view: bytes) -> PrivateKeyForm | None:
    for text, signatures in ((view.lower(), _TEXT_SIGNATURES), (view, _BINARY_SIGNATURES)):
        for signature in signatures:
            for needle in signature.needles:
                if needle in text and signature.pattern.search(text):
                    return signature.form
    return PrivateKeyForm.PLAIN if _has_pkcs8(view) else None


def _has_pkcs8(view: bytes) -> bool:
    """PKCS#8: version, AlgorithmIdentifier, then an OCTET STRING (in a certificate: a name)."""
    for found in _PKCS8_NEEDLE.finditer(view):
        length = found[1]
        size = int.from_bytes(length[1:]) if len(length) > 1 else length[0]
        after = found.end(1) + size
        if view[after : after + 1] == b"\x04":
            return True
    return False


def _views(data: bytes, depth: int) -> Iterator[bytes]:
    yield data
    text = data.replace(b"\0", b"")  # UTF-16 and UTF-32 are ASCII with zeros between
    if len(text) < len(data):
        yield text
    for run in _encoded_runs(text):
        if depth and run[:64].replace(b"\0", b"").isascii():  # text once more
            yield from _views(run, depth - 1)
        else:
            yield run


def _encoded_runs(text: bytes) -> Iterator[bytes]:
    """What the runs of base64 and hexadecimal digits in `text` decode to."""
    joined = (_ESCAPE.sub(b"", text) if b"\\" in text else text).translate(None, _WRAPPING)
    for digits in _HEX_RUN.findall(joined) if _LONG_HEX in joined.translate(_HEX_DIGITS) else ():
        yield bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    for run in joined.replace(b"-----", b" ").translate(_TO_BASE64).split():
        if len(run) >= _SHORTEST_BASE64:
            yield from _decoded(run)


def _decoded(digits: bytes) -> Iterator[bytes]:
    """What a run of base64 digits stands for; words before a key shift it by an unknown number of them."""
    for start in range(4):
        whole = (len(digits) - start) // 4 * 4
        decoded = a2b_base64(digits[start : start + whole])
        yield decoded
        if _is_one_object(decoded):  # the digits begin where it does
            break


def _is_one_object(decoded: bytes) -> bool:
    """Say whether this is a long DER sequence from its first byte to its last, but for what padding cuts off."""
    return decoded[:2] == b"\x30\x82" and 0 <= int.from_bytes(decoded[2:4]) + 4 - len(decoded) <= 2
