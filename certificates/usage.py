"""What a certificate's key may be used for: no CA, client authentication, signatures."""

from collections.abc import Iterator

from cryptography.x509.oid import ExtendedKeyUsageOID

from adgang.lib.findings import Finding, finding
from certificates.details import Details

CLIENT_AUTHENTICATION = ExtendedKeyUsageOID.CLIENT_AUTH


def check_usage(details: Details) -> Iterator[Finding]:
    """Yield what keeps the key from serving a system or person; OCES certificates have no extended key usage."""
    if details.is_ca and not details.is_homemade:
        yield finding("kind.ca", subject=details.title)
    extended, usage = details.extensions.extended_key_usage, details.extensions.key_usage
    if extended is not None and CLIENT_AUTHENTICATION.dotted_string not in extended:
        yield finding("kind.extended_key_usage", usages=list(extended))
    if usage is None:
        yield finding("kind.key_usage_missing")
        return
    if "digital_signature" not in usage:
        yield finding("kind.digital_signature", usages=sorted(usage))
    if "key_encipherment" not in usage:
        yield finding("kind.key_encipherment", usages=sorted(usage))
