"""What an authority answers by OCSP: made by the demo's hierarchy, for the demo's endpoint and for tests."""

import datetime as dt
from collections.abc import Mapping, Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from adgang.demo.pki import Issued, Pki, holder, new_key, profile, replaced
from certificates.kinds import Kind

HOLDS = dt.timedelta(hours=8)
MALFORMED = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST).public_bytes(
    Encoding.DER
)


def delegate(
    pki: Pki, *, at: dt.datetime, usages: Sequence[x509.ObjectIdentifier] | None = None, no_check: bool = True
) -> Issued:
    """Return a responder's certificate with its key, as the authority issues it for nothing but OCSP."""
    what = replaced(
        profile(Kind.FOCES),
        extended_key_usage=[ExtendedKeyUsageOID.OCSP_SIGNING] if usages is None else usages,
        further=[(x509.OCSPNoCheck(), False)] if no_check else [],
    )
    who = holder(Kind.FOCES, cvr="12345678", organisation="Adgang Demo", name="OCSP")
    return pki.issue(who, what, at=at - dt.timedelta(days=1), until=at + dt.timedelta(days=30), key=new_key(2048))


def answer(
    asked: bytes,
    pki: Pki,
    revoked: Mapping[int, dt.datetime],
    *,
    at: dt.datetime,
    signer: Issued | None = None,
    holds: dt.timedelta | None = HOLDS,
) -> bytes:
    """Return the answer in DER to a request in DER: every serial number but those `revoked` (with when) is good.

    Signed by the authority itself, or by `signer`, whose certificate then comes with the answer.
    """
    try:
        request = ocsp.load_der_ocsp_request(asked)
        serial, algorithm = request.serial_number, request.hash_algorithm
    except ValueError:
        return MALFORMED
    when, by = revoked.get(serial), signer or pki.issuing
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=request.issuer_name_hash,
        issuer_key_hash=request.issuer_key_hash,
        serial_number=serial,
        algorithm=algorithm,
        cert_status=ocsp.OCSPCertStatus.REVOKED if when else ocsp.OCSPCertStatus.GOOD,
        this_update=at,
        next_update=at + holds if holds else None,
        revocation_time=when,
        revocation_reason=x509.ReasonFlags.key_compromise if when else None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, by.certificate)
    if signer:
        builder = builder.certificates([signer.certificate])
    for extension in request.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            builder = builder.add_extension(extension.value, critical=False)
    return builder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)
