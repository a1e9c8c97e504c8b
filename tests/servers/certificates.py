"""Server certificates for tests: an authority of one's own, and what it may sign, good and bad."""

import datetime as dt
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A certificate with its private key and, above it, the certificates of its issuers (without the root)."""

    certificate: x509.Certificate
    key: Any
    above: list["Issued"] = field(default_factory=list)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())

    def chain_pem(self, *, complete: bool = True) -> bytes:
        """The certificate, followed by the intermediate ones when `complete`."""
        return self.pem + b"".join(issuer.pem for issuer in self.above if complete)

    def write(self, directory: Path, name: str = "server", *, complete: bool = True) -> tuple[Path, Path]:
        """Write chain and key; return both paths."""
        chain, key = directory / f"{name}.crt", directory / f"{name}.key"
        chain.write_bytes(self.chain_pem(complete=complete))
        key.write_bytes(self.key_pem)
        return chain, key


def authority(name: str = "Prøve-rod", *, issuer: Issued | None = None, now: dt.datetime | None = None) -> Issued:
    """Make a certificate authority, its own or (with `issuer`) an intermediate one."""
    return _issue(name, issuer=issuer, ca=True, now=now or dt.datetime.now(dt.UTC))


def server_certificate(
    issuer: Issued | None,
    *names: str,
    days: float = 90,
    begins: float = -1,
    rsa_bits: int | None = None,
    usages: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.SERVER_AUTH,),
    now: dt.datetime | None = None,
) -> Issued:
    """Make a certificate for host names or addresses, valid from `begins` to `days` days from now (None: by itself)."""
    moment = now or dt.datetime.now(dt.UTC)
    key = rsa.generate_private_key(65537, rsa_bits) if rsa_bits else None
    names_field = x509.SubjectAlternativeName([_general_name(name) for name in names]) if names else None
    further = [names_field, x509.ExtendedKeyUsage(list(usages)) if usages else None]
    return _issue(
        names[0] if names else "uden navn",
        issuer=issuer,
        further=[extension for extension in further if extension],
        start=moment + begins * DAY,
        end=moment + days * DAY,
        key=key,
        now=moment,
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _issue(
    name: str,
    *,
    issuer: Issued | None,
    now: dt.datetime,
    ca: bool = False,
    further: list[Any] | None = None,
    start: dt.datetime | None = None,
    end: dt.datetime | None = None,
    key: Any = None,
) -> Issued:
    own_key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(own_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start or now - 400 * DAY)
        .not_valid_after(end or now + 400 * DAY)
    )
    if ca:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    for extension in further or []:
        builder = builder.add_extension(extension, critical=False)
    certificate = builder.sign(issuer.key if issuer else own_key, hashes.SHA256())
    above = [issuer, *issuer.above] if issuer and issuer.certificate.issuer != issuer.certificate.subject else []
    return Issued(certificate=certificate, key=own_key, above=above)
