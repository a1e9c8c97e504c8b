"""SSH public keys in wire form (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4): read strictly, one way only."""

import re
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_TYPE_NAME = re.compile(rb"[a-z0-9@.-]{4,64}")
LONGEST_MODULUS = 16384  # bits; what OpenSSH reads at most
RSA, ED25519, DSA = "ssh-rsa", "ssh-ed25519", "ssh-dss"
CURVES: dict[str, ec.EllipticCurve] = {
    "ecdsa-sha2-nistp256": ec.SECP256R1(),
    "ecdsa-sha2-nistp384": ec.SECP384R1(),
    "ecdsa-sha2-nistp521": ec.SECP521R1(),
}
_FIELDS = {RSA: 3, ED25519: 2, DSA: 5, **dict.fromkeys(CURVES, 3)}


class Incomplete(ValueError):
    """The blob ends before the key does."""


class Malformed(ValueError):
    """The blob is no key of its type, or not in its one right form."""


@dataclass(frozen=True, slots=True)
class WireKey:
    """A key in wire form. `bits` as `ssh-keygen -l` counts them; `modulus` and `exponent` of RSA only."""

    blob: bytes
    type: str
    bits: int
    modulus: int = 0
    exponent: int = 0

    @property
    def base64(self) -> str:
        """The blob as it stands in a line."""
        return b64encode(self.blob).decode("ascii")


def type_of(blob: bytes) -> str | None:
    """Return the type that a blob begins with, or None when it begins with none."""
    length = int.from_bytes(blob[:4])
    name = blob[4 : 4 + length]
    return name.decode("ascii") if len(name) == length and _TYPE_NAME.fullmatch(name) else None


def read_blob(blob: bytes) -> WireKey:
    """Return the key in a whole blob. Raises `Incomplete` or `Malformed`; KeyError for a type not known here."""
    kind = type_of(blob)
    if kind is None:
        raise Incomplete if len(blob) < 4 + int.from_bytes(blob[:4]) <= 68 else Malformed
    fields = list(_strings(blob, _FIELDS[kind]))
    match kind:
        case "ssh-ed25519":
            return _ed25519(blob, fields[1])
        case "ssh-rsa":
            exponent, modulus = _number(fields[1]), _number(fields[2])
            if modulus.bit_length() > LONGEST_MODULUS:
                raise Malformed
            return WireKey(blob, kind, modulus.bit_length(), modulus, exponent)
        case "ssh-dss":
            return WireKey(blob, kind, _number(fields[1]).bit_length())
        case _:
            return _ecdsa(blob, kind, fields[1], fields[2])


def write_blob(key: PublicKeyTypes) -> bytes | None:
    """Return the blob of a key read from PEM, or None when SSH has no such type."""
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey):
        return None
    try:
        line = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    except (ValueError, UnsupportedAlgorithm):  # a curve without a name in SSH
        return None
    return a2b_base64(line.split(b" ")[1])


def _strings(blob: bytes, count: int) -> Iterator[bytes]:
    position = 0
    for _ in range(count):
        length = int.from_bytes(blob[position : position + 4])
        end = position + 4 + length
        if end > len(blob):
            raise Incomplete
        yield blob[position + 4 : end]
        position = end
    if position != len(blob):
        raise Malformed


def _number(field: bytes) -> int:
    """An mpint: positive, without needless leading zeros (RFC 4251 §5)."""
    if not field or field[0] & 0x80 or (field[0] == 0 and (len(field) == 1 or not field[1] & 0x80)):
        raise Malformed
    return int.from_bytes(field)


def _ed25519(blob: bytes, point: bytes) -> WireKey:
    if len(point) != 32:
        raise Malformed
    return WireKey(blob, ED25519, 256)


def _ecdsa(blob: bytes, kind: str, curve_name: bytes, point: bytes) -> WireKey:
    curve = CURVES[kind]
    if curve_name.decode("latin-1") != kind.removeprefix("ecdsa-sha2-") or point[:1] != b"\x04":
        raise Malformed
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(curve, point)  # refuses points that are not on the curve
    except ValueError:
        raise Malformed from None
    return WireKey(blob, kind, curve.key_size)
