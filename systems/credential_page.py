"""What the page of one credential tells: where it is used, what came before and after it, what is wrong with it."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db.models import Q, QuerySet

from adgang.lib.findings import Finding, Severity
from certificates.details import read_details
from certificates.kinds import ANY_KIND, Kind
from certificates.models import Certificate, SshKey
from certificates.ssh_keys import judge_ssh_key
from certificates.uploading import judge_again
from organisations.callers import Caller
from organisations.models import Organisation
from organisations.rights import Right
from systems.credential_rows import uses_certificate, uses_key
from systems.credential_words import left_text
from systems.models import CertificateSwapRequest, System

ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True)
class Use:
    """A system that uses the credential; `staged` when it is to take over on `begin` (None: beside the present one)."""

    system: System
    staged: bool
    begin: dt.datetime | None
    foreign: bool


@dataclass(frozen=True)
class Elsewhere:
    """How many systems of another authority use the credential, of which the reader may see none."""

    organisation: Organisation
    count: int


def visible_systems(caller: Caller, right: Right) -> QuerySet[System]:
    """Return the systems of every organisation for which the caller has the right."""
    condition = Q(pk__in=[])
    for organisation in caller.organisations:
        only = caller.grants(organisation).systems(right)
        condition |= Q(organisation=organisation) if only is None else Q(organisation=organisation, pk__in=only)
    return System.objects.filter(condition).with_page_data().order_by("organisation__name", "name")


class CertificatePage:
    """A certificate as its page shows it at one moment, to one caller."""

    def __init__(self, certificate: Certificate, *, caller: Caller, at: dt.datetime) -> None:
        self.certificate, self.caller, self.at = certificate, caller, at
        self.details = read_details(certificate.der)
        self.is_personal = certificate.kind == Kind.MOCES

    @property
    def is_over(self) -> bool:
        """Whether it has expired."""
        return self.certificate.not_after <= self.at

    @property
    def left(self) -> str:
        """How long it is still valid."""
        return left_text(self.certificate.not_after, self.at)

    @property
    def is_delegated(self) -> bool:
        """Whether it is issued to a vendor rather than to the organisation itself."""
        return self.certificate.cvr != self.certificate.organisation.cvr_number

    @cached_property
    def uses(self) -> list[Use]:
        """The systems that use it, of every authority where the caller may see them."""
        sha256 = self.certificate.sha256
        found = visible_systems(self.caller, Right.SYSTEMS_VIEW).filter(uses_certificate(sha256))
        return [self._use(system, sha256) for system in found]

    def _use(self, system: System, sha256: str) -> Use:
        staged = not (system.certificate and system.certificate.sha256 == sha256)
        foreign = system.organisation_id != self.certificate.organisation_id
        return Use(system, staged, system.next_certificate_from if staged else None, foreign)

    @cached_property
    def elsewhere(self) -> list[Elsewhere]:
        """Authorities whose systems use it unseen; told to the organisation to which it is issued, and to no other."""
        return (
            [] if self.is_delegated else elsewhere(self.certificate.sha256, besides=[use.system for use in self.uses])
        )

    @cached_property
    def findings(self) -> list[Finding]:
        """What there is to say of it today, the worst first."""
        delegated = self.certificate.cvr if self.is_delegated else ""
        verdict = judge_again(self.certificate, at=self.at, kinds=ANY_KIND, delegated_cvr=delegated)
        return sorted(verdict.findings, key=lambda found: ORDER.index(found.severity))

    @cached_property
    def slot(self) -> list[Certificate]:
        """Every certificate of the same holder that the organisation has, the one that ends last first, each once."""
        own = self.certificate
        same = Certificate.objects.filter(
            organisation=own.organisation, user=own.user_id, cvr=own.cvr, holder_id=own.holder_id
        ).order_by("-not_after", "-uploaded")
        once = {one.sha256: one for one in reversed(same)}
        return sorted(once.values(), key=lambda one: one.not_after, reverse=True)

    @property
    def successor(self) -> Certificate | None:
        """The certificate of the same holder that ends next after this one."""
        later = [one for one in self.slot if one.not_after > self.certificate.not_after]
        return later[-1] if later else None

    @property
    def predecessor(self) -> Certificate | None:
        """The certificate of the same holder that ended last before this one."""
        earlier = [one for one in self.slot if one.not_after < self.certificate.not_after]
        return earlier[0] if earlier else None

    @cached_property
    def requests(self) -> QuerySet[CertificateSwapRequest]:
        """What was asked of other authorities about it."""
        own = self.certificate
        return CertificateSwapRequest.objects.filter(asked_by=own.organisation, old_sha256=own.sha256).select_related(
            "organisation", "certificate"
        )

    @property
    def may_change(self) -> bool:
        """Whether the caller may replace it somewhere."""
        organisation = self.certificate.organisation
        grants = self.caller.grants(organisation)
        return not self.is_personal and (
            grants.allow(Right.SYSTEMS_CHANGE)
            or any(grants.allow(Right.SYSTEMS_CHANGE, use.system.pk) for use in self.uses)
        )

    @property
    def registrations(self) -> list[uuid.UUID]:
        """The ids under which the organisation received it."""
        own = self.certificate
        same = Certificate.objects.same_as(own.sha256).filter(organisation=own.organisation, user=own.user_id)
        return list(same.values_list("pk", flat=True))


def elsewhere(sha256: str, *, besides: Iterable[System]) -> list[Elsewhere]:
    """Return the authorities of systems that use a certificate, without those `besides`."""
    seen = [system.pk for system in besides]
    counts: dict[uuid.UUID, Elsewhere] = {}
    for system in System.objects.filter(uses_certificate(sha256)).exclude(pk__in=seen).select_related("organisation"):
        had = counts.get(system.organisation_id)
        counts[system.organisation_id] = Elsewhere(system.organisation, had.count + 1 if had else 1)
    return sorted(counts.values(), key=lambda one: one.organisation.name.casefold())


class SshKeyPage:
    """An SSH key as its page shows it, to one caller."""

    def __init__(self, key: SshKey, *, caller: Caller) -> None:
        self.key, self.caller = key, caller

    @cached_property
    def uses(self) -> list[Use]:
        """The systems that use it, of every authority where the caller may see them."""
        found = visible_systems(self.caller, Right.SYSTEMS_VIEW).filter(uses_key(self.key.fingerprint))
        return [self._use(system) for system in found]

    def _use(self, system: System) -> Use:
        staged = not (system.ssh_key and system.ssh_key.fingerprint == self.key.fingerprint)
        foreign = system.organisation_id != self.key.organisation_id
        return Use(system, staged, system.ssh_key_until if staged else None, foreign)

    @property
    def is_shared(self) -> bool:
        """Whether several systems use one and the same key."""
        return len(self.uses) > 1

    @property
    def used_elsewhere(self) -> bool:
        """Whether systems that the caller may not see use it too."""
        seen = [use.system.pk for use in self.uses]
        return System.objects.filter(uses_key(self.key.fingerprint)).exclude(pk__in=seen).exists()

    @property
    def findings(self) -> list[Finding]:
        """What there is to say of it today, the worst first; where else it was in use, as found at its upload."""
        verdict = judge_ssh_key(self.key.line.encode(), refuse_short_rsa=settings.ADGANG_REFUSE_SHORT_RSA)
        uses = [found for found in self.key.found if found.code.startswith("ssh.used_")]
        return sorted([*verdict.findings, *uses], key=lambda found: ORDER.index(found.severity))

    @property
    def registrations(self) -> list[uuid.UUID]:
        """The ids under which the organisation received it."""
        same = SshKey.objects.filter(organisation=self.key.organisation, fingerprint=self.key.fingerprint)
        return list(same.values_list("pk", flat=True))
