"""Reading a revocation list (CRL): nothing of it is believed before its authority's signature is verified."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import HashAlgorithm

from adgang.lib.failures import Failure
from certificates.details import Details
from certificates.revocation.entries import (
    ENTRY_BYTES,
    INTEGER,
    SEQUENCE,
    MalformedList,
    UnknownExtension,
    dotted,
    expect,
    extension,
    header,
)
from certificates.revocation.packing import packed
from certificates.signatures import FORGEABLE_HASHES

# Clocks differ by so much, and a list may be fetched the moment it is made.
SKEW = dt.timedelta(minutes=5)
TIMES = (0x17, 0x18)
BEHIND_ENTRIES = 0xA0  # crlExtensions [0]

CRL_NUMBER, DELTA, DISTRIBUTION_POINT = b"\x55\x1d\x14", b"\x55\x1d\x1b", b"\x55\x1d\x1c"
UNDERSTOOD = (CRL_NUMBER, DISTRIBUTION_POINT, b"\x55\x1d\x23", b"\x55\x1d\x2e")  # and the two that may be ignored
FULL_NAME, USERS_ONLY, CAS_ONLY, SOME_REASONS, INDIRECT, ATTRIBUTES = 0xA0, 0x81, 0x82, 0x83, 0x84, 0x85


class ListRefused(Failure):
    """The list cannot be used: `code` is a `crl.…` finding, `params` what its text names."""


@dataclass(frozen=True, slots=True)
class ReadList:
    """A verified list. `number` in decimal digits, "" without one; `entries` as `packing.packed` made them."""

    number: str
    this_update: dt.datetime
    next_update: dt.datetime
    sha256: str
    count: int
    entries: bytes


@dataclass(frozen=True, slots=True)
class _Parts:
    """Where the parts of a list stand in its DER."""

    signed: bytes
    inner_algorithm: bytes
    outer_algorithm: bytes
    entries: tuple[int, int]
    extensions: tuple[int, int]


def read_list(der: bytes, *, authority: Details, address: str, at: dt.datetime) -> ReadList:
    """Return what stands in a CRL of `authority`, verified as of `at`: signature, issuer, key usage, times, extensions.

    `address`: where it was fetched; a list that covers only part of the certificates must be the one of that address.
    Raises `ListRefused` for whatever cannot be used, and nothing else whatever the bytes.
    """
    try:
        return _read(der, authority, address, at)
    except ListRefused:
        raise
    except UnknownExtension as unknown:
        raise ListRefused("crl.critical_extension", oid=str(unknown)) from None
    except Exception as error:  # parsers of hostile bytes: what they raise is not documented
        raise ListRefused("crl.malformed", detail=type(error).__name__) from None


def _read(der: bytes, authority: Details, address: str, at: dt.datetime) -> ReadList:
    crl = x509.load_der_x509_crl(der)
    parts = _parts(der)
    if crl.issuer.public_bytes() != authority.subject_der:
        raise ListRefused("crl.issuer", issuer=authority.title)
    if "crl_sign" not in (authority.extensions.key_usage or ()):
        raise ListRefused("crl.not_allowed", issuer=authority.title)
    _verify(crl, parts, authority)
    this_update, next_update = crl.last_update_utc, crl.next_update_utc
    if next_update is None or this_update > at + SKEW or next_update <= this_update:
        raise ListRefused("crl.times", as_of=this_update)
    if next_update < at:
        raise ListRefused("crl.expired", next_update=next_update)
    number = _number(der, parts, address, is_root=authority.subject_der == authority.issuer_der)
    entries = packed(der, *parts.entries)
    return ReadList(
        number=number,
        this_update=this_update,
        next_update=next_update,
        sha256=hashlib.sha256(der).hexdigest(),
        count=len(entries) // ENTRY_BYTES,
        entries=entries,
    )


def _verify(crl: x509.CertificateRevocationList, parts: _Parts, authority: Details) -> None:
    """Verify the signature over the bytes as they came. Raises `ListRefused`."""
    algorithm, key = crl.signature_hash_algorithm, authority.public_key
    if algorithm is None or algorithm.name in FORGEABLE_HASHES or parts.inner_algorithm != parts.outer_algorithm:
        raise ListRefused("crl.algorithm", algorithm=algorithm.name.upper() if algorithm else "–")
    if not is_signed(key, crl.signature, parts.signed, crl.signature_algorithm_parameters, algorithm):
        raise ListRefused("crl.signature", issuer=authority.title)


def is_signed(key: object, signature: bytes, signed: bytes, scheme: object, algorithm: HashAlgorithm) -> bool:
    """Say whether an RSA signature, PSS or PKCS#1 v1.5, is the key's; OCES authorities make no others."""
    if not isinstance(key, RSAPublicKey) or not isinstance(scheme, PSS | PKCS1v15):
        return False
    try:
        key.verify(signature, signed, scheme, algorithm)
    except Exception:  # InvalidSignature, and what odd parameters bring
        return False
    return True


def _parts(der: bytes) -> _Parts:
    """Take the outermost layers apart. Raises `MalformedList`."""
    begin, end = expect(der, 0, len(der), SEQUENCE)
    if end != len(der):
        raise MalformedList("more than a list")
    inside, after = expect(der, begin, end, SEQUENCE)
    outer, outer_end = expect(der, after, end, SEQUENCE)
    algorithm, entries, extensions = _signed_parts(der, inside, after)
    return _Parts(der[begin:after], der[slice(*algorithm)], der[outer:outer_end], entries, extensions)


def _signed_parts(der: bytes, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Return where algorithm, entries and extensions stand: version? algorithm issuer time time? entries? [0]?"""
    if start < end and der[start] == INTEGER:
        _, start = header(der, start, end)
    algorithm = expect(der, start, end, SEQUENCE)
    _, start = expect(der, algorithm[1], end, SEQUENCE)
    while start < end and der[start] in TIMES:
        _, start = header(der, start, end)
    entries = extensions = (start, start)
    if start < end and der[start] == SEQUENCE:
        entries = header(der, start, end)
        start = entries[1]
    if start < end and der[start] == BEHIND_ENTRIES:
        begin, start = header(der, start, end)
        extensions = expect(der, begin, start, SEQUENCE)
    if start != end:
        raise MalformedList("something else stands there")
    return algorithm, entries, extensions


def _number(der: bytes, parts: _Parts, address: str, *, is_root: bool) -> str:
    """Return the list's number, having refused every critical extension that would change what the list says."""
    number = ""
    for oid, critical, value in _extensions(der, *parts.extensions):
        if oid == DELTA:
            raise ListRefused("crl.delta")
        if oid == DISTRIBUTION_POINT:
            _check_scope(value, address, partial=(USERS_ONLY if is_root else CAS_ONLY, SOME_REASONS, ATTRIBUTES))
        elif oid == CRL_NUMBER:
            first, last = expect(value, 0, len(value), INTEGER)
            number = str(int.from_bytes(value[first : min(last, first + 20)], "big"))
        elif critical and oid not in UNDERSTOOD:
            raise UnknownExtension(dotted(oid))
    return number


def _extensions(data: bytes, position: int, end: int) -> Iterator[tuple[bytes, bool, bytes]]:
    while position < end:
        begin, after = expect(data, position, end, SEQUENCE)
        yield extension(data, begin, after)
        position = after


def _check_scope(value: bytes, address: str, *, partial: tuple[int, ...]) -> None:
    """Refuse a list that speaks for others (indirect), or for a part of what the authority issues (RFC 5280, 5.2.5)."""
    position, end = expect(value, 0, len(value), SEQUENCE)
    while position < end:
        tag = value[position]
        begin, after = header(value, position, end)
        said = value[begin:after] != b"\0"
        if tag == INDIRECT and said:
            raise ListRefused("crl.indirect")
        if tag == FULL_NAME and address.encode() not in value[begin:after]:
            raise ListRefused("crl.partial")
        if tag in partial and said:
            raise ListRefused("crl.partial")
        position = after
