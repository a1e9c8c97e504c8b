"""How a certificate was signed: what can be forged, and what is taken."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding

FORGEABLE_HASHES = frozenset({"md5", "sha1"})
TAKEN_HASHES = frozenset({"sha256", "sha384", "sha512"})


def forgeable_hash(certificate: x509.Certificate) -> str | None:
    """Return the name of a hash with which signatures can be forged, None when the signature has a sound one."""
    try:
        algorithm = certificate.signature_hash_algorithm
    except Exception:  # UnsupportedAlgorithm and its kin: nothing here could verify it anyway
        return str(certificate.signature_algorithm_oid.dotted_string)
    return algorithm.name.upper() if algorithm and algorithm.name in FORGEABLE_HASHES else None


def odd_algorithm(certificate: x509.Certificate) -> str | None:
    """Return what is odd about the algorithm of an RSA signature, None when it is one of those that OCES uses.

    Taken are PKCS#1 v1.5, and PSS with one hash throughout and a salt of its length (RFC 8017 §9.1, CA/Browser Forum).
    """
    try:
        hashed, scheme = certificate.signature_hash_algorithm, certificate.signature_algorithm_parameters
    except Exception:  # as above
        return str(certificate.signature_algorithm_oid.dotted_string)
    if hashed is None or hashed.name not in TAKEN_HASHES:
        return str(certificate.signature_algorithm_oid.dotted_string)
    if isinstance(scheme, padding.PSS) and scheme._salt_length != hashed.digest_size:
        return f"RSASSA-PSS, {hashed.name.upper()}, salt {scheme._salt_length}"
    return None
