"""What stands in a certificate, read once. Whatever cannot be read raises `UnreadableCertificate`, nothing else.

OCES2 certificates carry Latin-1 in a VisibleString, on which cryptography raises; the extensions of those are read with
asn1crypto, which does not look into texts that nobody asks for.
"""

import datetime as dt
import hashlib
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from asn1crypto import core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import NameOID

# basicConstraints, keyUsage, extKeyUsage, certificatePolicies
UNDERSTOOD = ("2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.32")

_ALWAYS_STATED = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign"),
)
_USAGES = {name: name for name in (*_ALWAYS_STATED, "encipher_only", "decipher_only")} | {
    "content_commitment": "non_repudiation"  # as people know it
}

_SHORT_NAMES = {
    NameOID.ORGANIZATION_IDENTIFIER: "organizationIdentifier",
    NameOID.SERIAL_NUMBER: "serialNumber",
    NameOID.EMAIL_ADDRESS: "emailAddress",
    NameOID.GIVEN_NAME: "givenName",
    NameOID.SURNAME: "surname",
}


class UnreadableCertificate(ValueError):
    """The bytes are not a certificate that can be read."""


@dataclass(frozen=True, slots=True)
class Extensions:
    """The extensions that matter here; OIDs are dotted. None: the certificate does not state it."""

    is_ca: bool
    key_usage: frozenset[str] | None  # such as digital_signature, non_repudiation
    extended_key_usage: tuple[str, ...] | None
    policies: tuple[str, ...]
    critical: tuple[str, ...]  # every critical extension, understood or not


@dataclass(frozen=True, slots=True)
class EncodedName:
    """A name, told from others by its encoding alone."""

    der: bytes
    name: x509.Name = field(compare=False)


@lru_cache(maxsize=64)
def _issuer_text(issuer: EncodedName) -> str:
    return name_text(issuer.name)


@dataclass(frozen=True)
class Details:
    """A certificate and what was read from it."""

    der: bytes
    certificate: x509.Certificate
    subject_der: bytes  # the whole names as encoded: what path building compares
    issuer_der: bytes
    extensions: Extensions
    subject_name: x509.Name
    issuer_name: x509.Name
    serial_number: int
    not_before: dt.datetime
    not_after: dt.datetime

    @property
    def is_ca(self) -> bool:
        """Whether it may issue certificates."""
        return self.extensions.is_ca

    @property
    def is_homemade(self) -> bool:
        """Whether its holder made it (as `openssl req -x509` does): it may issue, but does not say that it signs."""
        return self.is_ca and self.subject_der == self.issuer_der and self.extensions.key_usage is None

    @cached_property
    def sha256(self) -> str:
        """The certificate's fingerprint: lower-case hexadecimal digits."""
        return hashlib.sha256(self.der).hexdigest()

    @cached_property
    def subject(self) -> str:
        """The whole subject as text (RFC 4514)."""
        return name_text(self.subject_name)

    @cached_property
    def issuer(self) -> str:
        """The whole issuer as text (RFC 4514)."""
        return _issuer_text(EncodedName(self.issuer_der, self.issuer_name))

    @cached_property
    def _subject_values(self) -> dict[x509.ObjectIdentifier, list[str]]:
        values: dict[x509.ObjectIdentifier, list[str]] = {}
        for part in self.subject_name:
            values.setdefault(part.oid, []).append(str(part.value))
        return values

    def subject_attribute(self, oid: x509.ObjectIdentifier) -> str | None:
        """Return the attribute's value when it stands in the subject exactly once, else None."""
        values = self._subject_values.get(oid, ())
        return values[0] if len(values) == 1 else None

    @cached_property
    def public_key(self) -> CertificatePublicKeyTypes | None:
        """The key, or None when it is of a kind that is not supported or is no possible key."""
        try:
            return self.certificate.public_key()
        except Exception:  # besides ValueError, the library raises its own for odd keys
            return None

    @property
    def title(self) -> str:
        """What to call the certificate in a sentence: its common name, else the whole subject."""
        return printable(self.subject_attribute(NameOID.COMMON_NAME) or self.subject)

    @property
    def issuer_title(self) -> str:
        """What to call the issuer in a sentence."""
        return printable(attribute(self.issuer_name, NameOID.COMMON_NAME) or self.issuer or "–")


def printable(text: str) -> str:
    """Return a text that anybody may have chosen, fit for a page or a terminal: control characters become "?"."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "?" for letter in text)


_ESCAPED = re.compile(r'[\\"+,;<>\0]|^[# ]| $', re.MULTILINE)


def name_text(name: x509.Name) -> str:
    """Return a name as text (RFC 4514), fit for a page or a terminal."""
    parts = [part for relative in reversed(name.rdns) for part in relative]
    texts = [text for part in parts if isinstance(text := part.value, str)]
    if len(texts) < len(parts) or len(parts) > len(name.rdns) or _ESCAPED.search("\n".join(texts)):
        return printable(name.rfc4514_string(_SHORT_NAMES))
    kinds = [_SHORT_NAMES.get(part.oid) or part.rfc4514_attribute_name for part in parts]
    return printable(",".join(map("{}={}".format, kinds, texts)))


def attribute(name: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    """Return the attribute's value when it stands in the name exactly once, else None."""
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if len(found) == 1 else None


def read_details(der: bytes) -> Details:
    """Return what stands in a certificate in DER. Raises `UnreadableCertificate`."""
    try:
        with warnings.catch_warnings():
            # an odd serial number, name or algorithm is no reason to write to the log
            warnings.simplefilter("ignore")
            return _read(der)
    except UnreadableCertificate:
        raise
    except Exception as error:  # two parsers of hostile input: what they raise is not documented
        raise UnreadableCertificate(type(error).__name__) from None


def _read(der: bytes) -> Details:
    certificate = x509.load_der_x509_certificate(der)
    subject_der, issuer_der = _raw_names(der)
    try:
        extensions = _extensions(certificate.extensions)
    except ValueError:
        extensions = _lenient_extensions(der)
    return Details(
        der=der,
        certificate=certificate,
        subject_der=subject_der,
        issuer_der=issuer_der,
        extensions=extensions,
        subject_name=_name(lambda: certificate.subject, subject_der),
        issuer_name=_issuer_name(_Issuer(issuer_der, certificate)),
        serial_number=certificate.serial_number,
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def _extensions(found: x509.Extensions) -> Extensions:
    values: dict[type, Any] = {type(extension.value): extension.value for extension in found}
    basic, usage = values.get(x509.BasicConstraints), values.get(x509.KeyUsage)
    extended, policies = values.get(x509.ExtendedKeyUsage), values.get(x509.CertificatePolicies)
    return Extensions(
        is_ca=basic is not None and basic.ca,
        key_usage=None if usage is None else _usage(usage),
        extended_key_usage=None if extended is None else tuple(purpose.dotted_string for purpose in extended),
        policies=() if policies is None else tuple(policy.policy_identifier.dotted_string for policy in policies),
        critical=tuple(extension.oid.dotted_string for extension in found if extension.critical),
    )


def _usage(usage: x509.KeyUsage) -> frozenset[str]:
    agreement = ("encipher_only", "decipher_only") if usage.key_agreement else ()
    return frozenset(_USAGES[name] for name in (*_ALWAYS_STATED, *agreement) if getattr(usage, name))


def _raw_names(der: bytes) -> tuple[bytes, bytes]:
    """Return subject and issuer as they stand in a certificate, which is known to be DER (RFC 5280 §4.1)."""
    start = _content(der, _content(der, 0))  # of what is to be signed
    serial_number = _end(der, start) if der[start] == 0xA0 else start  # the version may be left out
    issuer = _end(der, _end(der, serial_number))
    validity = _end(der, issuer)
    subject = _end(der, validity)
    return der[subject : _end(der, subject)], der[issuer:validity]


def _content(der: bytes, start: int) -> int:
    """Return where the content of the object at `start` begins."""
    length = der[start + 1]
    return start + 2 + (length & 0x7F if length & 0x80 else 0)


def _end(der: bytes, start: int) -> int:
    """Return where the object at `start` ends."""
    content = _content(der, start)
    return content + (int.from_bytes(der[start + 2 : content]) if der[start + 1] & 0x80 else der[start + 1])


def _name(strict: Callable[[], x509.Name], der: bytes) -> x509.Name:
    try:
        return strict()
    except ValueError:
        return _lenient_name(der)


@dataclass(frozen=True, slots=True)
class _Issuer:
    """The issuer of a certificate, told from others by its encoding alone."""

    der: bytes
    certificate: x509.Certificate = field(compare=False)


@lru_cache(maxsize=64)
def _issuer_name(issuer: _Issuer) -> x509.Name:
    """Return the name; few issuers stand in many certificates, and are read once."""
    return _name(lambda: issuer.certificate.issuer, issuer.der)


def _lenient_name(der: bytes) -> x509.Name:
    """Read a name whose texts are Latin-1 where their type says T.61 (OCES1)."""
    parts = [part for relative in asn1.Name.load(der).chosen for part in relative]
    read = [(x509.ObjectIdentifier(part["type"].dotted), _lenient_text(part["value"].chosen)) for part in parts]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in read])


def _lenient_text(value: core.Asn1Value) -> str:
    is_latin1 = isinstance(value, core.TeletexString)  # whatever T.61 says: nobody ever wrote it otherwise
    return (bytes(value.contents).decode("latin-1") if is_latin1 else str(value.native)) or "–"


def _lenient_extensions(der: bytes) -> Extensions:
    """Read the extensions of a certificate whose texts are not what they claim to be (OCES2)."""
    extensions: dict[str, asn1.Extension] = {}
    for extension in asn1.Certificate.load(der)["tbs_certificate"]["extensions"]:
        oid = extension["extn_id"].dotted
        if oid in extensions:
            raise UnreadableCertificate("an extension stands twice")
        extensions[oid] = extension
    basic, usage, extended, policies = (
        extensions[oid]["extn_value"].parsed if oid in extensions else None for oid in UNDERSTOOD
    )
    return Extensions(
        is_ca=basic is not None and bool(basic["ca"].native),
        key_usage=None if usage is None else frozenset(usage.native),
        extended_key_usage=None if extended is None else tuple(purpose.dotted for purpose in extended),
        policies=() if policies is None else tuple(policy["policy_identifier"].dotted for policy in policies),
        critical=tuple(oid for oid, extension in extensions.items() if extension["critical"].native),
    )
