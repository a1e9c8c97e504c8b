"""The path from a certificate over an installed issuing CA to an installed root.

RFC 5280's policy processing is left out on purpose: the OCES authorities carry no certificatePolicies, so it would
refuse every certificate. The policy is read from the certificate and the authority is pinned instead.
"""

import datetime as dt
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, VerificationError

from adgang.lib.findings import Finding, finding
from certificates.anchors import Anchor, Anchors
from certificates.details import UNDERSTOOD, Details
from certificates.kinds import Environment
from certificates.profile import Profile
from certificates.signatures import forgeable_hash, odd_algorithm

LONGEST_DETAIL = 200  # what a library has to say about hostile bytes may be long
SERIAL_BITS = 8 * 20  # RFC 5280 §4.1.2.2: at most 20 octets


@dataclass(frozen=True, slots=True)
class Path:
    """Where a certificate leads: `environment` of the authority that issued it (None: not installed), and findings."""

    environment: Environment | None = None
    findings: tuple[Finding, ...] = ()


def check_path(details: Details, profile: Profile, anchors: Anchors, *, at: dt.datetime) -> Path:
    """Trace a certificate to an installed root, both CAs being valid at `at`.

    The certificate's own dates are no concern of the path: where `at` lies outside them, the nearest moment inside is
    taken, so that an expired certificate is told to be expired and nothing else.
    """
    issuers = [anchor for anchor in anchors.named(details.issuer_der) if not anchor.is_root]
    if not issuers:
        return Path(findings=(_unknown_issuer(details, profile),))
    moment = min(max(at, details.not_before), details.not_after)
    try:
        issuer = _verify(details, anchors, moment)
    except VerificationError as error:
        return Path(issuers[0].environment, tuple(_explain(details, issuers, anchors, moment, error)))
    return Path(issuer.environment)


def _unknown_issuer(details: Details, profile: Profile) -> Finding:
    if details.issuer_der == details.subject_der:
        return finding("path.self_signed")
    return finding("path.not_installed" if profile.issuer else "path.unknown_issuer", issuer=details.issuer_title)


def _verify(details: Details, anchors: Anchors, moment: dt.datetime) -> Anchor:
    """Return the issuing CA of a path that holds. Raises VerificationError."""
    if anchors.store is None:
        raise VerificationError("no root is installed")
    verifier = (
        PolicyBuilder()
        .store(anchors.store)
        .time(moment)
        .max_chain_depth(1)  # one CA between certificate and root
        .extension_policies(ca_policy=_CA_POLICY, ee_policy=_LEAF_POLICY)
        .build_client_verifier()
    )
    intermediates = [anchor.details.certificate for anchor in anchors.named(details.issuer_der) if anchor.may_issue]
    chain = verifier.verify(details.certificate, intermediates).chain
    return next(anchor for anchor in anchors.named(details.issuer_der) if anchor.details.certificate == chain[1])


def _explain(
    details: Details, issuers: list[Anchor], anchors: Anchors, moment: dt.datetime, error: VerificationError
) -> list[Finding]:
    """Say why there is no path, as a person would ask; what the certificate itself does wrong is found elsewhere."""
    if forgeable_hash(details.certificate):  # told as such, and verified by nobody any more
        return []
    if odd := odd_algorithm(details.certificate):
        return [finding("path.algorithm", algorithm=odd)]
    signers = [issuer for issuer in issuers if is_issued_by(details, issuer.details)]
    if not signers:
        return [finding("path.signature", issuer=details.issuer_title)]
    issuer = signers[0]
    if odd := odd_algorithm(issuer.details.certificate):
        return [finding("path.issuer_unfit", issuer=details.issuer_title, detail=odd)]
    if not issuer.may_issue:
        return [finding("path.issuer_unfit", issuer=details.issuer_title, detail="keyCertSign, cA")]
    roots = [root for root in anchors.roots if is_issued_by(issuer.details, root.details)]
    if not roots:
        return [finding("path.root_missing", issuer=details.issuer_title)]
    if not roots[0].may_issue:
        return [finding("path.issuer_unfit", issuer=issuer.details.issuer_title, detail="keyCertSign, cA")]
    if outside := [anchor for anchor in (issuer, roots[0]) if not anchor.valid_at(moment)]:
        dates = outside[0].details
        return [finding("path.ca_dates", issuer=dates.title, not_before=dates.not_before, not_after=dates.not_after)]
    if unknown := [oid for oid in details.extensions.critical if oid not in UNDERSTOOD]:
        return [finding("path.critical_extension", oid=oid) for oid in unknown]
    if details.is_ca:  # told as such
        return []
    if fault := _fault_above(error):
        return [finding("path.issuer_unfit", issuer=details.issuer_title, detail=fault)]
    if details.serial_number < 0 or details.serial_number.bit_length() > SERIAL_BITS:
        return [finding("path.serial_number")]
    return [finding("path.invalid", detail=str(error).partition(" (encountered")[0][:LONGEST_DETAIL])]


def _fault_above(error: VerificationError) -> str:
    """Return what the library holds against an authority on the path, "" when that is not what it says."""
    told = str(error).rpartition("candidates exhausted: ")[2][:LONGEST_DETAIL]
    return told if any(sign in told for sign in ("CA", "RSA key is too weak", "critical extensions")) else ""


def is_issued_by(certificate: Details, authority: Details) -> bool:
    """Say whether a certificate was signed with the authority's key, and names it."""
    try:
        certificate.certificate.verify_directly_issued_by(authority.certificate)
    except Exception:  # InvalidSignature, ValueError, TypeError and whatever odd algorithms bring
        return False
    return True


# --- What is asked of extensions on the path -----------------------------------------------------------------------
# What the extensions say is judged by us, from what was read once: of the certificate in `usage.py`, of authorities in
# `anchors.Anchor.may_issue`. The library's own defaults are those of web servers and demand a subjectAltName, which
# OCES certificates lack. Critical extensions that nobody here understands it refuses all the same.

_CA_POLICY = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.CRITICAL, None)
    .require_present(x509.KeyUsage, Criticality.CRITICAL, None)
)
_LEAF_POLICY = ExtensionPolicy.permit_all().may_be_present(x509.CertificatePolicies, Criticality.AGNOSTIC, None)
