"""Asking an authority directly about one certificate (OCSP, RFC 6960), as a second opinion beside its list.

The question goes over plain http, so the answer counts for nothing before it is found to be about this very
certificate, signed by its authority or a responder that the authority named, and of now.
"""

import datetime as dt
import secrets
from collections.abc import Iterator

from asn1crypto import ocsp as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from adgang.lib.deadlines import Deadline
from adgang.lib.dial import Ports
from adgang.lib.failures import Failure
from adgang.lib.http import fetch
from certificates.details import Details, read_details
from certificates.models import Revocation
from certificates.path import is_issued_by
from certificates.revocation.answers import OCSP, Answer
from certificates.revocation.lists import SKEW, is_signed

SECONDS = 3  # for everything: name, connection, answer
LIMIT_BYTES = 64 * 1024
# An answer that does not say how long it holds was made for the question.
HOLDS = dt.timedelta(hours=24)
MAX_RESPONDERS = 4
NONCE_BYTES = 16
Hash = type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512]
HASHES: dict[str, Hash] = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}


class OcspFailed(Failure):
    """No answer that can be used; `code` says why: `ocsp.malformed`, `.status`, `.other`, `.signature`, `.times` …"""


def ask(details: Details, authority: Details, *, address: str, at: dt.datetime) -> Answer:
    """Return what the authority's responder at `address` says of a certificate, verified as of `at`; within 3 seconds.

    Raises `Failure`: `OcspFailed`, or what `adgang.lib.http.fetch` raises; never anything else.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    request = _request(details, authority, nonce)
    answer = fetch(
        address,
        body=request.public_bytes(_DER),
        content_type="application/ocsp-request",
        limit=LIMIT_BYTES,
        deadline=Deadline(SECONDS),
        ports=Ports.REVOCATION,
    )
    return read_answer(answer.body, request, authority, nonce=nonce, at=at)


def _request(details: Details, authority: Details, nonce: bytes) -> ocsp.OCSPRequest:
    # SHA-1 names the certificate here and protects nothing; it is the one algorithm that every responder knows.
    builder = ocsp.OCSPRequestBuilder().add_certificate(details.certificate, authority.certificate, _NAMING)
    return builder.add_extension(x509.OCSPNonce(nonce), critical=False).build()


def read_answer(body: bytes, request: ocsp.OCSPRequest, authority: Details, *, nonce: bytes, at: dt.datetime) -> Answer:
    """Return what a responder's answer to `request` says. Raises `OcspFailed`, whatever the bytes."""
    try:
        response = ocsp.load_der_ocsp_response(body)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise OcspFailed("ocsp.status", status=response.response_status.name)
        _check_signature(body, response, authority, at)
        _check_nonce(response, nonce)
        return _answer(_single(response, request), at)
    except OcspFailed:
        raise
    except Exception as error:  # parsers of hostile bytes: what they raise is not documented
        raise OcspFailed("ocsp.malformed", detail=type(error).__name__) from None


def _check_signature(body: bytes, response: ocsp.OCSPResponse, authority: Details, at: dt.datetime) -> None:
    signed = response.tbs_response_bytes
    algorithm, scheme = _algorithm(body)
    for signer in _signers(response, authority, at):
        if is_signed(signer.public_key, response.signature, signed, scheme, algorithm):
            return
    raise OcspFailed("ocsp.signature")


def _algorithm(body: bytes) -> tuple[hashes.HashAlgorithm, PSS | PKCS1v15]:
    """Return hash and padding; the parameters of PSS are not to be had from cryptography for OCSP."""
    stated = asn1.OCSPResponse.load(body).basic_ocsp_response["signature_algorithm"]
    name = stated.hash_algo
    if name not in HASHES:  # SHA-1 can be forged
        raise OcspFailed("ocsp.signature", algorithm=name)
    algorithm = HASHES[name]()
    if stated.signature_algo != "rsassa_pss":
        return algorithm, PKCS1v15()
    return algorithm, PSS(MGF1(algorithm), stated["parameters"]["salt_length"].native)


def _signers(response: ocsp.OCSPResponse, authority: Details, at: dt.datetime) -> Iterator[Details]:
    """Yield who may have signed: the authority itself, and responders that it issued a certificate for nothing else."""
    if _is_named(response, authority):
        yield authority
    for certificate in response.certificates[:MAX_RESPONDERS]:
        responder = read_details(certificate.public_bytes(_DER))
        if _is_named(response, responder) and _is_delegated(responder, authority, at):
            yield responder


def _is_named(response: ocsp.OCSPResponse, signer: Details) -> bool:
    if response.responder_name is not None:
        return response.responder_name.public_bytes() == signer.subject_der
    identifier = x509.SubjectKeyIdentifier.from_public_key(signer.certificate.public_key())
    return response.responder_key_hash == identifier.digest


def _is_delegated(responder: Details, authority: Details, at: dt.datetime) -> bool:
    """Delegation (RFC 6960, 4.2.2.2): issued by the authority itself, for OCSP, and not itself to be asked about."""
    usages = responder.extensions.extended_key_usage or ()
    extensions = {extension.oid for extension in responder.certificate.extensions}
    return (
        ExtendedKeyUsageOID.OCSP_SIGNING.dotted_string in usages
        and x509.OCSPNoCheck.oid in extensions
        and responder.not_before - SKEW <= at <= responder.not_after
        and is_issued_by(responder, authority)
    )


def _check_nonce(response: ocsp.OCSPResponse, nonce: bytes) -> None:
    """An answer without a nonce was made in advance, which many responders do; with another it is no answer to us."""
    for extension in response.extensions:
        if isinstance(extension.value, x509.OCSPNonce) and extension.value.nonce != nonce:
            raise OcspFailed("ocsp.nonce")


def _single(response: ocsp.OCSPResponse, request: ocsp.OCSPRequest) -> ocsp.OCSPSingleResponse:
    """Return the answer about the certificate that was asked about; one about another is none."""
    asked = (request.serial_number, request.issuer_name_hash, request.issuer_key_hash)
    for single in response.responses:
        same = (single.serial_number, single.issuer_name_hash, single.issuer_key_hash) == asked
        if same and isinstance(single.hash_algorithm, hashes.SHA1):
            return single
    raise OcspFailed("ocsp.other")


def _answer(single: ocsp.OCSPSingleResponse, at: dt.datetime) -> Answer:
    made, until = single.this_update_utc, single.next_update_utc or single.this_update_utc + HOLDS
    if made > at + SKEW or until < at - SKEW or until < made:
        raise OcspFailed("ocsp.times", as_of=made)
    match single.certificate_status:
        case ocsp.OCSPCertStatus.GOOD:
            return Answer(Revocation.GOOD, OCSP, made, until)
        case ocsp.OCSPCertStatus.REVOKED:
            reason = single.revocation_reason.value if single.revocation_reason else ""
            return Answer(Revocation.REVOKED, OCSP, made, until, single.revocation_time_utc, reason)
    raise OcspFailed("ocsp.unknown")


_DER = Encoding.DER
_NAMING = hashes.SHA1()  # noqa: S303 – see `_request`
