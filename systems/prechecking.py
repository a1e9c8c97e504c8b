"""Check before use: would this certificate or key do for a system? Judged as an upload would be; nothing is stored."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from adgang.lib.findings import Finding, accepted, finding
from certificates.anchors import installed_anchors
from certificates.details import Details
from certificates.judging import judge
from certificates.kinds import ANY_KIND, SYSTEM_KINDS, Environment, Kind
from certificates.reading import read_certificate
from certificates.revocation.answers import looked_up
from certificates.ssh_keys import SshVerdict, judge_ssh_key
from certificates.ssh_reading import looks_like_ssh_key
from certificates.verdicts import Verdict
from organisations.models import Organisation
from systems.credential_rows import uses_certificate, uses_key
from systems.models import System


@dataclass(frozen=True)
class Precheck:
    """What was found; `candidates` are the certificates when several could be meant."""

    verdict: Verdict | SshVerdict
    findings: tuple[Finding, ...]
    candidates: tuple[Details, ...] = ()

    @property
    def is_ssh_key(self) -> bool:
        """Whether it was judged as an SSH key."""
        return isinstance(self.verdict, SshVerdict)

    @property
    def accepted(self) -> bool:
        """Whether nothing refuses it."""
        return accepted(self.findings)


def precheck(
    content: bytes,
    *,
    organisation: Organisation,
    system: System | None,
    systems: QuerySet[System],
    at: dt.datetime,
) -> Precheck:
    """Judge what was uploaded for a system of the organisation, or for none in particular. Raises nothing.

    `systems`: those that may be named as using it already.
    """
    if looks_like_ssh_key(content):
        return _key(content, system, systems)
    looked = judged(
        content,
        at=at,
        cvr=organisation.cvr_number,
        delegated_cvr=system.delegated_cvr or None if system else None,
        kinds=SYSTEM_KINDS if system else ANY_KIND,
    )
    verdict = looked.verdict
    users = systems.filter(uses_certificate(verdict.sha256)) if verdict.sha256 else systems.none()
    findings = (*verdict.findings, *_wrong_sort(system, is_key=False), *_in_use(users), *_renews(verdict, systems))
    return Precheck(verdict, findings, looked.candidates)


@dataclass(frozen=True)
class Judged:
    """A certificate and what was found about it; None when none could be read."""

    verdict: Verdict
    certificate: Details | None
    candidates: tuple[Details, ...]


def judged(
    content: bytes,
    *,
    at: dt.datetime,
    kinds: frozenset[Kind],
    cvr: str | None = None,
    delegated_cvr: str | None = None,
) -> Judged:
    """Judge a certificate as of now, its revocation looked up where a list is at hand. Raises nothing."""
    reading, anchors = read_certificate(content), installed_anchors()
    verdict = judge(
        reading,
        at=at,
        environment=Environment(settings.ADGANG_ENVIRONMENT),
        anchors=anchors,
        cvr=cvr,
        delegated_cvr=delegated_cvr,
        kinds=kinds,
    )
    return Judged(looked_up(verdict, reading.certificate, anchors, at=at), reading.certificate, reading.candidates)


def _key(content: bytes, system: System | None, systems: QuerySet[System]) -> Precheck:
    verdict = judge_ssh_key(content, refuse_short_rsa=settings.ADGANG_REFUSE_SHORT_RSA)
    users = systems.filter(uses_key(verdict.fingerprint)) if verdict.fingerprint else systems.none()
    return Precheck(verdict, (*verdict.findings, *_wrong_sort(system, is_key=True), *_in_use(users)))


def _wrong_sort(system: System | None, *, is_key: bool) -> list[Finding]:
    """Return a refusal when the system's protocol wants the other sort of credential."""
    if system is None or system.needs.ssh == is_key:
        return []
    code = "precheck.needs_certificate" if is_key else "precheck.needs_key"
    return [finding(code, system=system.name, protocol=str(system.protocol.label))]


def _in_use(users: QuerySet[System]) -> list[Finding]:
    names = sorted(set(users.values_list("name", flat=True)))
    return [finding("precheck.in_use", systems=names)] if names else []


def _renews(verdict: Verdict, systems: QuerySet[System]) -> list[Finding]:
    if not verdict.holder_id or verdict.not_after is None:
        return []
    same = systems.filter(certificate__cvr=verdict.cvr, certificate__holder_id=verdict.holder_id)
    names = sorted(same.filter(certificate__not_after__lt=verdict.not_after).values_list("name", flat=True))
    return [finding("precheck.renews", systems=names)] if names else []
