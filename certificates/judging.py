"""Judging a certificate: one function that collects everything there is to say, in the order people think.

Pure: no clock, no network, no database. Time, environment and authorities are arguments.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import PublicKeyAlgorithmOID

from adgang.lib.findings import Finding, finding
from certificates import keys
from certificates.anchors import Anchors
from certificates.details import Details, UnreadableCertificate, read_details
from certificates.kinds import ANY_KIND, EMPLOYEE_KIND, SYSTEM_KINDS, Environment, Generation, Kind
from certificates.path import check_path
from certificates.profile import Profile, read_profile
from certificates.reading import Reading
from certificates.signatures import forgeable_hash
from certificates.usage import check_usage
from certificates.verdicts import Verdict

# The last day of NemID's certificates was 31 October 2023, in Danish time.
OCES2_END = dt.datetime(2023, 10, 31, 23, 0, tzinfo=dt.UTC)
WARN, NOTICE = dt.timedelta(days=30), dt.timedelta(days=90)
MINIMUM_BITS = {Generation.OCES3: 3072, Generation.OCES2: 2048}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a certificate; see `judge`."""

    at: dt.datetime
    environment: Environment
    cvr: str | None
    delegated_cvr: str | None
    kinds: frozenset[Kind]


def judge(
    upload: Reading | bytes,
    *,
    at: dt.datetime,
    environment: Environment,
    anchors: Anchors,
    cvr: str | None = None,
    delegated_cvr: str | None = None,
    kinds: frozenset[Kind] = ANY_KIND,
) -> Verdict:
    """Return everything there is to say about a certificate as of `at`, an aware time.

    `upload`: what `read_certificate` returned, or a certificate in DER. `environment`: where it is to be used.
    `cvr` and `delegated_cvr`: whose it must be (None: anyone's). `kinds`: which are wanted. Raises nothing, whatever
    the bytes. Revocation is not looked up: it is "unknown" and refuses nothing.
    """
    reading = upload if isinstance(upload, Reading) else _read(upload)
    if reading.certificate is None:
        return Verdict(reading.findings)
    details = reading.certificate
    profile = read_profile(details)
    path = check_path(details, profile, anchors, at=at)
    found_environment = path.environment or profile.environment
    question = Question(at, environment, cvr, delegated_cvr, kinds)
    findings = (
        *reading.findings,
        *_generation(details, profile, question),
        *_environment(found_environment, question),
        *path.findings,
        *_dates(details, profile, question),
        *_kind(details, profile, question),
        *check_usage(details),
        *_cvr(profile, question),
        *_key(details, profile),
        finding("revocation.unknown"),
    )
    return Verdict(
        findings=findings,
        kind=profile.kind,
        generation=profile.generation,
        environment=found_environment,
        cvr=profile.cvr,
        holder_id=profile.holder_id,
        sha256=details.sha256,
        subject=details.subject,
        issuer=details.issuer,
        serial_number=f"{details.serial_number:x}",
        not_before=details.not_before,
        not_after=details.not_after,
    )


def _read(der: bytes) -> Reading:
    try:
        return Reading(read_details(der))
    except UnreadableCertificate:
        return Reading(None, (finding("upload.malformed"),))


def _order(profile: Profile, question: Question) -> str:
    """What to order instead: the same kind where it is wanted, else what is wanted."""
    if profile.kind in question.kinds:
        return str(profile.kind)
    return str(Kind.MOCES) if question.kinds == EMPLOYEE_KIND else "SYSTEM"


def _generation(details: Details, profile: Profile, question: Question) -> Iterator[Finding]:
    order = _order(profile, question)
    match profile.generation:
        case None:
            yield finding("generation.unknown", issuer=details.issuer_title)
        case Generation.OCES1:
            yield finding("generation.oces1", order=order)
        case Generation.OCES2:
            closed = finding("generation.closed", order=order)
            yield closed.softened() if question.at < OCES2_END else closed


def _environment(found: Environment | None, question: Question) -> Iterator[Finding]:
    if found is not None and found is not question.environment:
        yield finding("environment.wrong", environment=found, expected=question.environment)


def _dates(details: Details, profile: Profile, question: Question) -> Iterator[Finding]:
    at, order = question.at, _order(profile, question)
    left = details.not_after - at
    if at < details.not_before:
        yield finding("date.not_yet_valid", not_before=details.not_before)
    if at > details.not_after:
        yield finding("date.expired", not_after=details.not_after, order=order)
    elif left <= NOTICE:
        code = "date.expires_soon" if left <= WARN else "date.expires"
        yield finding(code, not_after=details.not_after, days=left.days, order=order)


def _kind(details: Details, profile: Profile, question: Question) -> Iterator[Finding]:
    if profile.is_personal:
        yield finding("kind.personal", order=_order(profile, question))
        return
    if profile.holder_id is None:
        yield finding("kind.holder_missing", subject=details.subject)
    elif profile.form_generation is not profile.policy_generation is not None:
        yield finding("kind.form", generation=profile.policy_generation, form=profile.form_generation)
    elif profile.policy_kinds and not profile.policy_kinds & profile.form_kinds:
        yield finding("kind.mismatch", policy_kind=sorted(profile.policy_kinds), form_kind=sorted(profile.form_kinds))
    if profile.kind is not None and profile.kind not in question.kinds:
        yield _wrong_kind(profile.kind, question.kinds)


def _wrong_kind(kind: Kind, wanted: frozenset[Kind]) -> Finding:
    if wanted == SYSTEM_KINDS:
        return finding("kind.employee")
    return finding("kind.wrong", kind=kind, expected=sorted(wanted)[0])


def _cvr(profile: Profile, question: Question) -> Iterator[Finding]:
    expected, delegated = question.cvr, question.delegated_cvr
    if expected is None and profile.cvr is None and profile.holder_id:
        yield finding("cvr.none")
    if expected is None or profile.cvr == expected or profile.is_personal:
        return
    if profile.cvr is None:
        yield finding("cvr.missing", expected=expected)
    elif profile.cvr == delegated:
        yield finding("cvr.delegated", found=profile.cvr, expected=expected)
    elif question.kinds == EMPLOYEE_KIND:
        yield finding("cvr.wrong_employee", found=profile.cvr, expected=expected)
    elif delegated:
        yield finding("cvr.wrong_delegated", found=profile.cvr, expected=expected, delegated=delegated)
    else:
        yield finding("cvr.wrong", found=profile.cvr, expected=expected)


def _key(details: Details, profile: Profile) -> Iterator[Finding]:
    key = details.public_key
    if isinstance(key, RSAPublicKey) and not _signs_only(details.certificate):
        yield from _rsa(key, MINIMUM_BITS.get(profile.generation or Generation.OCES3, 2048))
    else:
        yield finding("key.type", type=_key_type(details.certificate))
    if algorithm := forgeable_hash(details.certificate):
        yield finding("signature.weak", algorithm=algorithm)


def _rsa(key: RSAPublicKey, minimum: int) -> Iterator[Finding]:
    numbers = key.public_numbers()
    if key.key_size < minimum:
        yield finding("key.size", bits=key.key_size, expected=minimum)
    if not keys.exponent_is_sound(numbers.e):
        yield finding("key.exponent", exponent=str(numbers.e))
    if weakness := keys.weakness(numbers.n):
        yield finding("key.weak", weakness=weakness)


def _signs_only(certificate: x509.Certificate) -> bool:
    """Say whether an RSA key is bound to RSASSA-PSS (RFC 4055 §1.2): it can decrypt nothing."""
    return certificate.public_key_algorithm_oid == PublicKeyAlgorithmOID.RSASSA_PSS


def _key_type(certificate: x509.Certificate) -> str:
    try:
        return str(certificate.public_key_algorithm_oid._name)
    except Exception:  # the same parser of the same odd key
        return "–"
