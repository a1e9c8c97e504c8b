"""A public-key infrastructure of our own, of the OCES3 profile: for the demo world and for tests.

Root RSA 4096 and issuing CA RSA 3072, signed RSASSA-PSS with SHA-512; certificates RSA 3072, signed PSS with SHA-256.
Nobody trusts it but an installation in which `trust add --unpinned` has put it, which only test allows.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from certificates.kinds import Kind

PROFILE_POLICIES = {
    Kind.FOCES: "1.2.208.169.1.1.1.3.7.8",
    Kind.VOCES: "1.2.208.169.1.1.1.3.7.8",
    Kind.MOCES: "1.2.208.169.1.1.1.2.7.7",
}
PROFILE_FORMS = {Kind.FOCES: "UI:DK-O:G:", Kind.VOCES: "UI:DK-O:G:", Kind.MOCES: "UI:DK-E:G:"}
LIFETIME = dt.timedelta(days=3 * 365)
CA_LIFETIME = dt.timedelta(days=15 * 365)
CRL_ADDRESS = "http://ca.adgang.invalid/oces/issuing/1/crl/issuing.crl"
ROOT_NAME = "Adgang Demo OCES rod-CA"
ISSUING_NAME = "Adgang Demo OCES udstedende-CA 1"

Key = rsa.RSAPrivateKey


@dataclass(frozen=True)
class Issued:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        """The certificate alone, as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The certificate alone, as DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def key_pem(self) -> bytes:
        """The private key as PEM, unencrypted."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, kw_only=True)
class Holder:
    """To whom a certificate is issued; what is None is left out of the subject."""

    cvr: str | None
    organisation: str
    name: str
    serial_number: str | None

    @property
    def subject(self) -> x509.Name:
        """The subject as OCES3 writes it."""
        parts = [
            (NameOID.COUNTRY_NAME, "DK"),
            (NameOID.ORGANIZATION_IDENTIFIER, f"NTRDK-{self.cvr}" if self.cvr else None),
            (NameOID.ORGANIZATION_NAME, self.organisation),
            (NameOID.SERIAL_NUMBER, self.serial_number),
            (NameOID.COMMON_NAME, self.name),
        ]
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def holder(kind: Kind, *, cvr: str, organisation: str, name: str, holder_id: str | None = None) -> Holder:
    """Return the holder of a certificate of a kind; `holder_id` (a UUID) is kept over renewals."""
    return Holder(
        cvr=cvr,
        organisation=organisation,
        name=name,
        serial_number=PROFILE_FORMS[kind] + (holder_id or str(uuid.uuid4())),
    )


def key_usage(*names: str) -> x509.KeyUsage:
    """Return a keyUsage with the named bits set, such as digital_signature."""
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: name in names for name in every.split()})


PROFILE_USAGES = {
    Kind.FOCES: key_usage("digital_signature", "key_encipherment"),
    Kind.VOCES: key_usage("digital_signature", "content_commitment", "key_encipherment"),
    Kind.MOCES: key_usage("digital_signature", "content_commitment", "key_encipherment"),
}


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What stands in a certificate besides holder and dates; the variants of tests differ from it in one thing."""

    policies: Sequence[str]
    key_usage: x509.KeyUsage | None
    basic_constraints: x509.BasicConstraints | None = field(default_factory=lambda: x509.BasicConstraints(False, None))
    extended_key_usage: Sequence[x509.ObjectIdentifier] = ()
    further: Sequence[tuple[x509.ExtensionType, bool]] = ()  # (extension, critical)
    hash: hashes.HashAlgorithm = field(default_factory=hashes.SHA256)
    pss: bool = True


def profile(kind: Kind) -> Profile:
    """Return the OCES3 profile of a kind."""
    return Profile(policies=[PROFILE_POLICIES[kind]], key_usage=PROFILE_USAGES[kind])


def replaced(what: Profile, **changes: Any) -> Profile:
    """Return a profile that differs from `what` in the named fields."""
    return replace(what, **changes)


@cache
def cheap_key(bits: int = 3072) -> Key:
    """Return a key made once per process: making one takes a while, and most certificates need no key of their own."""
    return new_key(bits)


def new_key(bits: int = 3072) -> Key:
    """Return a fresh RSA key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@dataclass(frozen=True)
class Pki:
    """A root, an issuing CA below it, and what they issue."""

    root: Issued
    issuing: Issued

    def issue(
        self,
        who: Holder,
        what: Profile,
        *,
        at: dt.datetime,
        until: dt.datetime | None = None,
        key: Key | None = None,
    ) -> Issued:
        """Return a certificate valid from `at` until `until` (three years), with `key` or the shared one."""
        key = key or cheap_key()
        builder = _builder(who.subject, self.issuing.certificate.subject, key.public_key(), at, until or at + LIFETIME)
        for extension, critical in _leaf_extensions(what):
            builder = builder.add_extension(extension, critical)
        builder = _key_identifiers(builder, key.public_key(), self.issuing.key)
        return Issued(_sign(builder, self.issuing.key, what.hash, pss=what.pss), key)

    def crl(self, revoked: Iterable[int] = (), *, at: dt.datetime, days: int = 1) -> x509.CertificateRevocationList:
        """Return the issuing CA's list, good for some days from `at`; of a mapping the values are the times."""
        when = revoked if isinstance(revoked, Mapping) else {}
        builder = x509.CertificateRevocationListBuilder(
            issuer_name=self.issuing.certificate.subject, last_update=at, next_update=at + dt.timedelta(days=days)
        )
        for serial_number in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder(serial_number, when.get(serial_number, at)).build()
            )
        builder = builder.add_extension(x509.CRLNumber(int(at.timestamp())), critical=False).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.issuing.key.public_key()), critical=False
        )
        return builder.sign(self.issuing.key, hashes.SHA512(), rsa_padding=_pss(hashes.SHA512()))


def make_pki(*, at: dt.datetime, root_key: Key | None = None, issuing_key: Key | None = None) -> Pki:
    """Return a new hierarchy whose CAs are valid from `at` for fifteen years."""
    root_key, issuing_key = root_key or new_key(4096), issuing_key or new_key(3072)
    root_name, issuing_name = _ca_name(ROOT_NAME), _ca_name(ISSUING_NAME)
    root = issue_ca(root_name, root_key, root_name, root_key, at=at, path_length=None)
    issuing = issue_ca(issuing_name, issuing_key, root_name, root_key, at=at, path_length=0)
    return Pki(root, issuing)


def issue_ca(
    subject: x509.Name,
    key: Key,
    issuer: x509.Name,
    issuer_key: Key,
    *,
    at: dt.datetime,
    path_length: int | None,
    until: dt.datetime | None = None,
) -> Issued:
    """Return a CA certificate of the OCES3 profile: no certificatePolicies, signed PSS with SHA-512."""
    builder = _builder(subject, issuer, key.public_key(), at, until or at + CA_LIFETIME)
    builder = builder.add_extension(x509.BasicConstraints(True, path_length), critical=True)
    builder = builder.add_extension(key_usage("key_cert_sign", "crl_sign"), critical=True)
    builder = _key_identifiers(builder, key.public_key(), issuer_key)
    return Issued(_sign(builder, issuer_key, hashes.SHA512(), pss=True), key)


def _ca_name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DK"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Adgang"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Demo"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPublicKey, start: dt.datetime, end: dt.datetime
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key,
        serial_number=x509.random_serial_number(),
        not_valid_before=start,
        not_valid_after=end,
    )


def _leaf_extensions(what: Profile) -> Sequence[tuple[x509.ExtensionType, bool]]:
    policies = [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in what.policies]
    crl = x509.DistributionPoint([x509.UniformResourceIdentifier(CRL_ADDRESS)], None, None, None)
    listed: list[tuple[x509.ExtensionType | None, bool]] = [
        (x509.CertificatePolicies(policies) if policies else None, False),
        (x509.CRLDistributionPoints([crl]), False),
        (what.basic_constraints, True),
        (what.key_usage, True),
        (x509.ExtendedKeyUsage(what.extended_key_usage) if what.extended_key_usage else None, False),
        *what.further,
    ]
    return [(extension, critical) for extension, critical in listed if extension is not None]


def _key_identifiers(
    builder: x509.CertificateBuilder, key: rsa.RSAPublicKey, issuer_key: Key
) -> x509.CertificateBuilder:
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
    )


def _sign(
    builder: x509.CertificateBuilder, key: Key, algorithm: hashes.HashAlgorithm, *, pss: bool
) -> x509.Certificate:
    return builder.sign(key, algorithm, rsa_padding=_pss(algorithm) if pss else None)  # type: ignore[arg-type]


def _pss(algorithm: hashes.HashAlgorithm) -> padding.PSS:
    return padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)


# --- Kept between starts of the demo -------------------------------------------------------------------------------


def keep(pki: Pki, folder: Path) -> None:
    """Write the hierarchy below `folder`; keys with mode 0600."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, issued in (("root", pki.root), ("issuing", pki.issuing)):
        (folder / f"{name}.pem").write_bytes(issued.pem)
        key = folder / f"{name}.key"
        key.touch(mode=0o600)
        key.write_bytes(issued.key_pem)


def kept(folder: Path) -> Pki | None:
    """Return the hierarchy that `keep` wrote, or None when there is none."""
    if not (folder / "issuing.key").exists():
        return None
    return Pki(*(_kept(folder / name) for name in ("root", "issuing")))


def _kept(path: Path) -> Issued:
    key = cast(Key, load_pem_private_key(path.with_suffix(".key").read_bytes(), password=None))
    return Issued(x509.load_pem_x509_certificate(path.with_suffix(".pem").read_bytes()), key)
