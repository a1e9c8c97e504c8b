"""Keys and certificates of the demo's endpoints: a small authority of their own, kept with the demo's other files.

They vouch for servers, as any public authority does; they have nothing to do with the demo's OCES certificates.
"""

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

import paramiko
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

from adgang.demo.addresses import HOST, Endpoint

AUTHORITY_LIFETIME = dt.timedelta(days=3650)
LIFETIME = dt.timedelta(days=365)
RENEWED_BEFORE = dt.timedelta(days=60)
EXPIRED_SINCE = dt.timedelta(days=12)

Key = ec.EllipticCurvePrivateKey


def authority() -> Path:
    """Return the file with the certificate of the endpoints' authority, made when it is not there."""
    path = _folder() / "servers-ca.pem"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name, now = _name("Adgang Demo server-CA"), dt.datetime.now(dt.UTC)
        builder = _builder(name, name, key, now, now + AUTHORITY_LIFETIME)
        builder = builder.add_extension(x509.BasicConstraints(True, 0), critical=True)
        _write_secret(path.with_suffix(".key"), _pem(key))
        path.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


def tls_context(endpoint: Endpoint) -> ssl.SSLContext:
    """Return the server side of TLS for an endpoint; the certificate of MAIL_EXPIRED expired twelve days ago."""
    path = _folder() / f"{endpoint.name.lower()}.pem"
    if not path.exists() or (endpoint is not Endpoint.MAIL_EXPIRED and _ends_soon(path)):
        _issue(path, expired=endpoint is Endpoint.MAIL_EXPIRED)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def host_key(endpoint: Endpoint) -> paramiko.PKey:
    """Return the host key that an SFTP endpoint shows, made when it is not there."""
    return _host_key(endpoint.name.lower())


def pinned_line(endpoint: Endpoint) -> str:
    """Return the host key to pin for a system of the demo, as `type base64`; for SFTP_CHANGED one it had before."""
    key = _host_key("sftp_before_the_change") if endpoint is Endpoint.SFTP_CHANGED else host_key(endpoint)
    return f"{key.get_name()} {key.get_base64()}"


def _host_key(name: str) -> paramiko.PKey:
    path = _folder() / f"{name}.hostkey"
    if not path.exists():
        _write_secret(path, _openssh(ed25519.Ed25519PrivateKey.generate()))
    return paramiko.Ed25519Key(filename=str(path))


def _issue(path: Path, *, expired: bool) -> None:
    authority_path = authority()
    issuer = x509.load_pem_x509_certificate(authority_path.read_bytes())
    issuer_key = serialization.load_pem_private_key(authority_path.with_suffix(".key").read_bytes(), password=None)
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)  # noqa: S101 – written by `authority`
    key = ec.generate_private_key(ec.SECP256R1())
    end = dt.datetime.now(dt.UTC) + (-EXPIRED_SINCE if expired else LIFETIME)
    builder = _builder(_name(f"Adgang Demo {path.stem}"), issuer.subject, key, end - LIFETIME, end)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    builder = builder.add_extension(alternative, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    certificate = builder.sign(issuer_key, hashes.SHA256())
    # The authority comes along: a server shows its whole chain.
    chain = [each.public_bytes(serialization.Encoding.PEM) for each in (certificate, issuer)]
    _write_secret(path, b"".join([*chain, _pem(key)]))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, start: dt.datetime, end: dt.datetime
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=start,
        not_valid_after=end,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _ends_soon(path: Path) -> bool:
    end = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    return end - dt.datetime.now(dt.UTC) < RENEWED_BEFORE


def _pem(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _openssh(key: ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )


def _write_secret(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)


def _folder() -> Path:
    folder: Path = settings.VAR_DIR / "demo"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
