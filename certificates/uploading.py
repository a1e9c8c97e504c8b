"""Receiving certificates and SSH keys: read, judge, and keep what is acceptable. Nothing else is kept."""

import datetime as dt
import ssl
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from adgang.lib.findings import Finding, finding
from adgang.lib.snapshots import snapshot
from certificates.anchors import Anchors, installed_anchors
from certificates.details import Details
from certificates.judging import judge
from certificates.kinds import EMPLOYEE_KIND, SYSTEM_KINDS, Environment, Kind
from certificates.models import Certificate, SshKey
from certificates.reading import read_certificate
from certificates.revocation import standing
from certificates.revocation.answers import Answer, RevocationLists, answered
from certificates.ssh_keys import SshVerdict, judge_ssh_key
from certificates.verdicts import Verdict
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Organisation, User


@dataclass(frozen=True, slots=True)
class ReceivedCertificate:
    """What came of an upload: `certificate` when it was accepted and kept, else None; the verdict says why.

    `candidates` holds the certificates when the upload held several that could be meant.
    """

    verdict: Verdict
    certificate: Certificate | None = None
    candidates: tuple[Details, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found, errors and the rest."""
        return self.verdict.findings


@dataclass(frozen=True, slots=True)
class ReceivedKey:
    """What came of an uploaded SSH key: `key` when it was accepted and kept, else None; the verdict says why."""

    verdict: SshVerdict
    key: SshKey | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found, errors and the rest."""
        return self.verdict.findings


def receive_certificate(
    *,
    caller: Caller,
    organisation: Organisation,
    data: bytes,
    at: dt.datetime,
    kinds: frozenset[Kind] = SYSTEM_KINDS,
    delegated_cvr: str = "",
    user: User | None = None,
    in_force_from: dt.datetime | None = None,
) -> ReceivedCertificate:
    """Judge an upload for the organisation and keep it when nothing refuses.

    `data`: the file or pasted text, as it came. `kinds`: which are wanted (`SYSTEM_KINDS`, or a single one).
    `delegated_cvr`: the system's vendor, whose certificate is accepted as well. `user`: the person whose own (MOCES)
    it is. `in_force_from`: when it is to be used, if that is later; it is judged as of then. A private key is refused
    before anything is parsed and appears nowhere in the result. Raises nothing for any `data`. No event is recorded:
    put `certificate_entry(received.certificate)` into the one `record_all` that ends the caller's transaction.
    """
    reading, anchors = read_certificate(data), installed_anchors()
    verdict = judge(
        reading,
        at=in_force_from or at,
        environment=Environment(settings.ADGANG_ENVIRONMENT),
        anchors=anchors,
        cvr=organisation.cvr_number,
        delegated_cvr=delegated_cvr or None,
        kinds=kinds,
    )
    answer = Answer()
    if reading.certificate is not None:
        answer = RevocationLists().answer(reading.certificate, anchors, at=at)
        verdict = answered(verdict, answer)
    earlier = _earlier(verdict, organisation)
    if verdict.sha256:
        verdict = verdict.with_findings(_uses(verdict, organisation, earlier, delegated_cvr))
    if not verdict.accepted or reading.certificate is None:
        return ReceivedCertificate(verdict, candidates=reading.candidates)
    # One certificate is kept once, however many systems use it.
    if known := next((one for one in earlier if one.user_id == (user.pk if user else None)), None):
        return ReceivedCertificate(verdict, known)
    certificate = Certificate.objects.create(
        organisation=organisation,
        user=user,
        pem=ssl.DER_cert_to_PEM_cert(reading.certificate.der),
        uploaded=at,
        uploaded_by_id=caller.user.pk if caller.user else None,
        **verdict.as_fields(),
    )
    standing.begin(certificate, answer, at=at)
    return ReceivedCertificate(verdict, certificate)


def receive_copy(
    *, caller: Caller, organisation: Organisation, certificate: Certificate, at: dt.datetime, delegated_cvr: str
) -> ReceivedCertificate:
    """Receive a certificate that another organisation has, for systems of this one; as `receive_certificate`."""
    return receive_certificate(
        caller=caller,
        organisation=organisation,
        data=certificate.pem.encode(),
        at=at,
        delegated_cvr=delegated_cvr,
    )


def receive_ssh_key(*, caller: Caller, organisation: Organisation, data: bytes, at: dt.datetime) -> ReceivedKey:
    """Judge an uploaded SSH public key and keep it when nothing refuses.

    As `receive_certificate`: raises nothing for any `data`, records no event (`ssh_key_entry`).
    """
    verdict = judge_ssh_key(data, refuse_short_rsa=settings.ADGANG_REFUSE_SHORT_RSA)
    if verdict.fingerprint:
        verdict = replace(verdict, findings=(*verdict.findings, *_key_uses(verdict.fingerprint, organisation)))
    if not verdict.accepted or verdict.type is None or verdict.bits is None or verdict.fingerprint is None:
        return ReceivedKey(verdict)
    key = SshKey.objects.create(
        organisation=organisation,
        type=verdict.type,
        bits=verdict.bits,
        fingerprint=verdict.fingerprint,
        blob=verdict.blob,
        comment=verdict.comment,
        findings=[found.as_json() for found in verdict.findings],
        uploaded=at,
        uploaded_by_id=caller.user.pk if caller.user else None,
    )
    return ReceivedKey(verdict, key)


def certificate_entry(certificate: Certificate, *, system_id: uuid.UUID | None = None) -> Entry:
    """Return the event of a received certificate, for the one `record_all` of the transaction."""
    return Entry(tag=Tag.CERTIFICATE_UPLOADED, obj=certificate, after=snapshot(certificate), system_id=system_id)


def ssh_key_entry(key: SshKey, *, system_id: uuid.UUID | None = None) -> Entry:
    """Return the event of a received SSH key, for the one `record_all` of the transaction."""
    return Entry(tag=Tag.SSH_KEY_UPLOADED, obj=key, after=snapshot(key), system_id=system_id)


def receive_own_certificate(
    *, caller: Caller, organisation: Organisation, user: User, data: bytes, at: dt.datetime
) -> ReceivedCertificate:
    """Receive a person's employee certificate (MOCES), issued in the organisation, and record it.

    It is shown on the person's page and never enables sign-in by itself.
    """
    with transaction.atomic():
        received = receive_certificate(
            caller=caller, organisation=organisation, data=data, at=at, kinds=EMPLOYEE_KIND, user=user
        )
        if received.certificate:
            events.record(caller, organisation, certificate_entry(received.certificate))
    return received


def remove_own_certificate(*, caller: Caller, certificate: Certificate) -> None:
    """Remove a person's employee certificate and record it."""
    with transaction.atomic():
        before, organisation, key = snapshot(certificate), certificate.organisation, certificate.pk
        certificate.delete()
        certificate.pk = key  # the event names what was removed
        events.record(caller, organisation, Entry(tag=Tag.CERTIFICATE_REMOVED, obj=certificate, before=before))


def forget(user: User) -> set[uuid.UUID]:
    """Remove the employee certificates of a person who is erased, and return their ids; fills the slot of the name."""
    own = Certificate.objects.filter(user=user)
    ids = set(own.values_list("pk", flat=True))
    own.delete()
    return ids


def judge_again(
    certificate: Certificate,
    *,
    at: dt.datetime,
    kinds: frozenset[Kind] = SYSTEM_KINDS,
    delegated_cvr: str = "",
    anchors: Anchors | None = None,
) -> Verdict:
    """Judge a kept certificate as of `at`: what would be said if it were uploaded then.

    `anchors`: `installed_anchors()`, read once by a caller that judges many. The certificate's organisation is read.
    """
    verdict = judge(
        certificate.der,
        at=at,
        environment=Environment(settings.ADGANG_ENVIRONMENT),
        anchors=anchors or installed_anchors(),
        cvr=certificate.organisation.cvr_number,
        delegated_cvr=delegated_cvr or None,
        kinds=kinds,
    )
    return answered(verdict, standing.known(certificate, at=at))


def usable(certificate: Certificate | None, at: dt.datetime, *, delegated_cvr: str = "") -> bool:
    """Say whether a system can stand on this credential at that time: nothing refuses it."""
    return certificate is not None and judge_again(certificate, at=at, delegated_cvr=delegated_cvr).accepted


def _earlier(verdict: Verdict, organisation: Organisation) -> list[Certificate]:
    """Return the certificate as the organisation has it already, the first upload first."""
    if not verdict.sha256:
        return []
    return list(Certificate.objects.same_as(verdict.sha256).filter(organisation=organisation).order_by("uploaded"))


def _uses(
    verdict: Verdict, organisation: Organisation, earlier: list[Certificate], delegated_cvr: str
) -> Iterable[Finding]:
    """Yield where else it is in use; at another organisation only what no delegation explains, or another environment.

    A vendor's certificate serves many authorities: here or there it is accepted as the vendor's.
    """
    if earlier:
        yield finding("use.before", uploaded=earlier[0].uploaded)
    unexplained = ~Q(environment=settings.ADGANG_ENVIRONMENT)
    if verdict.cvr != delegated_cvr:
        unexplained |= Q(cvr=F("organisation__cvr_number"))
    same = Certificate.objects.same_as(verdict.sha256 or "").exclude(organisation=organisation)
    if same.filter(unexplained).exists():
        yield finding("use.other_organisation")


def _key_uses(fingerprint: str, organisation: Organisation) -> Iterable[Finding]:
    same = SshKey.objects.filter(fingerprint=fingerprint)
    if own := same.filter(organisation=organisation).order_by("uploaded").first():
        yield finding("ssh.used_before", uploaded=own.uploaded)
    if same.exclude(organisation=organisation).exists():
        yield finding("ssh.used_by_other")
