"""P7: a certificate check without network, from the uploaded bytes to all findings."""

from collections.abc import Callable
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from benchmarks.registry import Measurement, benchmark, median_pair, median_seconds
from certificates.judging import judge
from certificates.kinds import Environment, Kind
from certificates.reading import read_certificate
from tests.factories import certificates as make

CHECKS = 200
BAR_RATIO, BAR_PER_SECOND = 4.0, 1500
KINDS = (Kind.FOCES, Kind.VOCES, Kind.MOCES)


def _verification(certificate: x509.Certificate, authority: x509.Certificate) -> Callable[[], None]:
    """Return the bare verification of a certificate's signature: no parsing, no look at anything else."""
    key, hashed = authority.public_key(), certificate.signature_hash_algorithm
    scheme = certificate.signature_algorithm_parameters
    assert isinstance(key, RSAPublicKey)
    assert isinstance(scheme, AsymmetricPadding)
    assert hashed is not None
    return partial(key.verify, certificate.signature, certificate.tbs_certificate_bytes, scheme, hashed)


@benchmark("P7", "certificate check without network")
def check_to_findings() -> Measurement:
    """Read and judge PEM files of the OCES3 profile; the reference verifies the same two signatures of each, bare."""
    hierarchy, anchors = make.the_pki(), make.the_anchors()
    leaves = [
        make.issued(kind=KINDS[n % len(KINDS)], name=f"System {n}", holder_id=f"0f8fad5b-d9cb-469f-a165-{n:012x}")
        for n in range(CHECKS)
    ]
    files = [leaf.pem for leaf in leaves]
    issuing, root = hierarchy.issuing.certificate, hierarchy.root.certificate
    signed = [pair for leaf in leaves for pair in ((leaf.certificate, issuing), (issuing, root))]

    def full() -> None:
        for file in files:
            reading = read_certificate(file)
            verdict = judge(reading, at=make.AT, environment=Environment.TEST, anchors=anchors, cvr=make.CVR)
            assert verdict.accepted

    bare_calls = [_verification(certificate, authority) for certificate, authority in signed]

    def bare() -> None:
        for verify in bare_calls:
            verify()

    verdict = judge(read_certificate(files[0]), at=make.AT, environment=Environment.TEST, anchors=anchors, cvr=make.CVR)
    texts = median_seconds(verdict.as_json)
    checked, reference = (seconds / CHECKS for seconds in median_pair(full, bare))
    return Measurement(
        value=round(checked * 1e6),
        unit="µs",
        reference=round(reference * 1e6),
        bar=f"≤ {BAR_RATIO:.0f} ×, ≥ {BAR_PER_SECOND:,} checks/s on one core",
        met=checked <= BAR_RATIO * reference and 1 / checked >= BAR_PER_SECOND,
        notes=f"{1 / checked:,.0f} checks/s, from a PEM file to every finding (their texts, made for a reader, take "
        f"{texts * 1e6:.0f} µs more); the reference verifies the two signatures that every check verifies, of "
        "certificate and issuing CA, with keys that are loaded already",
    )
