"""The room's tables."""

from certificates.models.credentials import Certificate, CertificateQuerySet, SshKey, StoredFindings
from certificates.models.standing import KeyStanding, Rechecked, Revocation, Standing
from certificates.models.trust import RevocationList, TrustAnchor

__all__ = [
    "Certificate",
    "CertificateQuerySet",
    "KeyStanding",
    "Rechecked",
    "Revocation",
    "RevocationList",
    "SshKey",
    "Standing",
    "StoredFindings",
    "TrustAnchor",
]
