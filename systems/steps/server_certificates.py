"""Judging the certificate a server showed: every cause on its own, after the handshake and apart from it."""

import datetime as dt
import re
import ssl
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)
from django.conf import settings

from adgang.lib.failures import Failure
from systems.steps.peers import printable

EXPIRING_DAYS = 30
SMALLEST_RSA_BITS = 2048
SHOWN_NAMES = 10
DEBIAN_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(kw_only=True)
class ServerCertificate:
    """`faults`: (code, params) of what is wrong, worst first; `found`: what the page shows."""

    faults: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)


def judge(chain: list[bytes], host: str, *, at: dt.datetime) -> ServerCertificate:
    """Judge the certificates (DER, the server's own first) that `host` showed, at the time `at`.

    Trusted are the system's certificate authorities and those of `ADGANG_EXTRA_CA_FILE`.
    Raises Failure `tls.no_certificate` or `tls.unreadable_certificate`.
    """
    if not chain:
        raise Failure("tls.no_certificate")
    try:
        certificates = [x509.load_der_x509_certificate(der) for der in chain]
        leaf = certificates[0]
        judged = ServerCertificate(found=_found(leaf, at))
        checks = (_dates(leaf, at), _name(leaf, host), _trust(certificates, at), _purpose(leaf), _key(leaf))
    except Exception as error:  # the parser raises many kinds, and any of them says the same
        raise Failure("tls.unreadable_certificate") from error
    judged.faults = [fault for check in checks for fault in check]
    return judged


def _found(leaf: x509.Certificate, at: dt.datetime) -> dict[str, Any]:
    return {
        "subject": _common_name(leaf.subject),
        "issuer": _common_name(leaf.issuer),
        "names": _shown_names(leaf),
        "not_after": leaf.not_valid_after_utc.isoformat(),
        "days_left": (leaf.not_valid_after_utc - at).days,
        "key": _key_name(leaf),
        "fingerprint": leaf.fingerprint(hashes.SHA256()).hex(),
    }


def _dates(leaf: x509.Certificate, at: dt.datetime) -> list[tuple[str, dict[str, Any]]]:
    days = (leaf.not_valid_after_utc - at).days
    if at > leaf.not_valid_after_utc:
        return [("tls.expired", {"server_until": leaf.not_valid_after_utc})]
    if at < leaf.not_valid_before_utc:
        return [("tls.not_yet_valid", {"server_from": leaf.not_valid_before_utc})]
    return [("tls.expiring", {"server_until": leaf.not_valid_after_utc, "days": days})] if days <= EXPIRING_DAYS else []


def _name(leaf: x509.Certificate, host: str) -> list[tuple[str, dict[str, Any]]]:
    if any(_matches(name, host) for name in _names(leaf)):
        return []
    return [("tls.wrong_name", {"host": host, "names": ", ".join(_shown_names(leaf))})]


def _matches(name: str, host: str) -> bool:
    """RFC 9525 §6.3: a wildcard stands for the whole left-most label and nothing else."""
    wanted, offered = host.lower().rstrip("."), name.lower().rstrip(".")
    if offered.startswith("*."):
        return "." in wanted and not _is_address(wanted) and wanted.partition(".")[2] == offered[2:]
    return wanted == offered


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _trust(certificates: list[x509.Certificate], at: dt.datetime) -> list[tuple[str, dict[str, Any]]]:
    leaf, roots = certificates[0], trusted_roots()
    issuer = {"issuer": _common_name(leaf.issuer)}
    if leaf in roots or _verifies(certificates, roots, at):
        return []
    if _is_self_signed(leaf):
        return [("tls.self_signed", {})]
    if len(certificates) == 1:
        return [("tls.incomplete_chain", issuer)]
    return [("tls.untrusted_issuer", issuer)]


def _verifies(certificates: list[x509.Certificate], roots: tuple[x509.Certificate, ...], at: dt.datetime) -> bool:
    """Find a path to a trusted root. Dates of the server's own certificate are told apart, so it is verified as of a
    moment at which it was valid; names are told apart too, so it is verified as if it were a client's."""
    leaf = certificates[0]
    moment = min(max(at, leaf.not_valid_before_utc), leaf.not_valid_after_utc)
    builder = PolicyBuilder().store(_store(roots)).time(moment).max_chain_depth(6)
    policies = builder.extension_policies(ca_policy=_authority_policy(), ee_policy=ExtensionPolicy.permit_all())
    try:
        policies.build_client_verifier().verify(leaf, certificates[1:])
    except VerificationError:
        return False
    return True


def _authority_policy() -> ExtensionPolicy:
    policy = ExtensionPolicy.permit_all()
    policy = policy.require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _may_issue)
    return policy.may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign)


def _may_issue(_policy: Any, _certificate: x509.Certificate, extension: x509.BasicConstraints) -> None:
    if not extension.ca:
        raise ValueError("not a certificate authority")


def _may_sign(_policy: Any, _certificate: x509.Certificate, extension: x509.KeyUsage | None) -> None:
    if extension and not extension.key_cert_sign:
        raise ValueError("may not sign certificates")


def _purpose(leaf: x509.Certificate) -> list[tuple[str, dict[str, Any]]]:
    try:
        usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return []
    for_servers = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    return [] if any(usage in for_servers for usage in usages) else [("tls.wrong_purpose", {})]


def _is_self_signed(leaf: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(leaf)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _key(leaf: x509.Certificate) -> list[tuple[str, dict[str, Any]]]:
    faults: list[tuple[str, dict[str, Any]]] = []
    key = leaf.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < SMALLEST_RSA_BITS:
        faults.append(("tls.weak_key", {"key": _key_name(leaf)}))
    if isinstance(leaf.signature_hash_algorithm, hashes.SHA1 | hashes.MD5):
        faults.append(("tls.weak_signature", {"algorithm": leaf.signature_hash_algorithm.name.upper()}))
    return faults


def _key_name(leaf: x509.Certificate) -> str:
    match leaf.public_key():
        case rsa.RSAPublicKey() as key:
            return f"RSA {key.key_size}"
        case ec.EllipticCurvePublicKey() as curve:
            return f"ECDSA {curve.curve.name}"
        case other:
            return type(other).__name__.removeprefix("_").removesuffix("PublicKey")


def _common_name(name: x509.Name) -> str:
    parts = name.get_attributes_for_oid(NameOID.COMMON_NAME) or name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return printable(str(parts[0].value) if parts else name.rfc4514_string())[:100]


def _names(leaf: x509.Certificate) -> list[str]:
    try:
        extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(address) for address in extension.get_values_for_type(x509.IPAddress)]
    return extension.get_values_for_type(x509.DNSName) + addresses


def _shown_names(leaf: x509.Certificate) -> list[str]:
    return [printable(name) for name in _names(leaf)[:SHOWN_NAMES]]


def trusted_roots() -> tuple[x509.Certificate, ...]:
    """Return the certificate authorities trusted for servers: the system's and the operator's own."""
    paths = (system_bundle(), settings.ADGANG_EXTRA_CA_FILE)
    return tuple(root for path in paths if path for root in _roots(path, Path(path).stat().st_mtime_ns))


def system_bundle() -> str:
    """Return the path of the system's file of certificate authorities; empty when it has none."""
    known = ssl.get_default_verify_paths()
    candidates = (known.cafile, known.openssl_cafile, DEBIAN_BUNDLE)
    return next((path for path in candidates if path and Path(path).is_file()), "")


@lru_cache(maxsize=4)
def _roots(path: str, _changed: int) -> tuple[x509.Certificate, ...]:
    roots = []
    for pem in PEM.findall(Path(path).read_bytes()):
        try:
            with warnings.catch_warnings(action="ignore"):  # about old roots with a negative serial number
                roots.append(x509.load_pem_x509_certificate(pem))
        except ValueError:  # a root the library no longer reads; it can vouch for nothing then
            continue
    return tuple(roots)


@lru_cache(maxsize=4)
def _store(roots: tuple[x509.Certificate, ...]) -> Store:
    return Store(list(roots))
