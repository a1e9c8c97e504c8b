"""One certificate takes the place of another in every system that uses it: a preview, then authority by authority.

Each authority is one transaction, all or nothing, so that a fault in one holds back no other.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from adgang.lib.findings import Finding, Severity, finding
from adgang.lib.registered import StaleVersion, save_version
from certificates.anchors import Anchors, installed_anchors
from certificates.models import Certificate
from certificates.uploading import (
    ReceivedCertificate,
    certificate_entry,
    judge_again,
    receive_certificate,
    receive_copy,
)
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Organisation
from organisations.rights import Right
from systems.credential_page import Elsewhere, elsewhere, visible_systems
from systems.credential_rows import uses_certificate
from systems.credentials import put_in_force
from systems.models import System
from systems.writing import entry, told


@dataclass(frozen=True)
class Candidate:
    """A system in the preview; `findings` say why the new certificate does not fit, or what to mind."""

    system: System
    findings: tuple[Finding, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing refuses."""
        return all(found.severity is not Severity.ERROR for found in self.findings)


@dataclass(frozen=True)
class Preview:
    """What a swap would do: the caller's systems by authority, and authorities that can only be asked."""

    authorities: Sequence[tuple[Organisation, Sequence[Candidate]]]
    others: Sequence[Elsewhere]

    @property
    def count(self) -> int:
        """How many systems can be changed."""
        return sum(one.fits for _organisation, candidates in self.authorities for one in candidates)

    @property
    def total(self) -> int:
        """How many systems of the caller use the old certificate."""
        return sum(len(candidates) for _organisation, candidates in self.authorities)


@dataclass(frozen=True)
class Outcome:
    """What came of one authority: the systems changed, or why none was."""

    organisation: Organisation
    changed: Sequence[System] = ()
    refused: Sequence[Candidate] = ()
    stale: bool = False


def receive_renewal(*, caller: Caller, old: Certificate, data: bytes, at: dt.datetime) -> ReceivedCertificate:
    """Receive the certificate that is to follow `old`, for no system yet; nothing is in force by it.

    The very same certificate is refused: `swap.same`.
    """
    delegated = old.cvr if old.cvr != old.organisation.cvr_number else ""
    with transaction.atomic():
        received = receive_certificate(
            caller=caller, organisation=old.organisation, data=data, at=at, delegated_cvr=delegated
        )
        if received.certificate is None:
            return received
        if received.certificate.sha256 == old.sha256:
            return ReceivedCertificate(received.verdict.with_findings([finding("swap.same")]))
        events.record(caller, old.organisation, certificate_entry(received.certificate))
    return received


def preview(
    *, caller: Caller, old: Certificate, new: Certificate, at: dt.datetime, begin: dt.datetime | None = None
) -> Preview:
    """Return what it would do to put `new` in the place of `old`, now or at `begin`; nothing is changed.

    Authorities where the caller has no right are named only when the old certificate is issued to its own organisation.
    """
    anchors = installed_anchors()
    using = visible_systems(caller, Right.SYSTEMS_CHANGE).filter(uses_certificate(old.sha256))
    candidates = [candidate(system, new, at=begin or at, anchors=anchors) for system in using]
    grouped = groupby(candidates, key=lambda one: one.system.organisation)
    own = old.cvr == old.organisation.cvr_number == new.cvr
    others = elsewhere(old.sha256, besides=[one.system for one in candidates]) if own else []
    return Preview(
        authorities=[(organisation, list(group)) for organisation, group in grouped],
        others=[one for one in others if one.organisation.pk != old.organisation_id],
    )


def candidate(system: System, new: Certificate, *, at: dt.datetime, anchors: Anchors) -> Candidate:
    """Judge the new certificate for one system as of a moment."""
    certificate = copy(new)
    certificate.organisation = system.organisation
    verdict = judge_again(certificate, at=at, delegated_cvr=system.delegated_cvr, anchors=anchors)
    return Candidate(system, tuple(found for found in verdict.findings if found.severity is not Severity.INFO))


def renews(*, caller: Caller, certificate: Certificate) -> list[tuple[Certificate, int]]:
    """Return the earlier certificates of the same holder still in use, and in how many of the caller's systems."""
    earlier = Certificate.objects.filter(
        organisation=certificate.organisation,
        user=None,
        cvr=certificate.cvr,
        holder_id=certificate.holder_id,
        not_after__lt=certificate.not_after,
    ).order_by("-not_after", "-uploaded")
    once = {one.sha256: one for one in earlier}
    using = visible_systems(caller, Right.SYSTEMS_CHANGE)
    counted = [(one, using.filter(certificate__sha256=one.sha256).count()) for one in once.values()]
    return [(one, count) for one, count in counted if count]


def carry_out(
    *,
    caller: Caller,
    old: Certificate,
    new: Certificate,
    chosen: Mapping[uuid.UUID, int],
    at: dt.datetime,
    begin: dt.datetime | None = None,
    reason: str = "",
) -> list[Outcome]:
    """Put `new` in the place of `old` in the chosen systems (id: version as previewed), now or at `begin`.

    Systems that the caller may not change, or that use the old one no more, are passed over.
    """
    using = visible_systems(caller, Right.SYSTEMS_CHANGE).filter(uses_certificate(old.sha256), pk__in=chosen)
    outcomes = []
    for organisation, group in groupby(using, key=lambda system: system.organisation):
        swap = Swap(caller, old, new, at, begin, reason)
        outcomes.append(swap.in_authority(organisation, [(system, chosen[system.pk]) for system in group]))
    return outcomes


@dataclass(frozen=True)
class Swap:
    """One swap as it was decided on."""

    caller: Caller
    old: Certificate
    new: Certificate
    at: dt.datetime
    begin: dt.datetime | None = None
    reason: str = ""

    def in_authority(
        self,
        organisation: Organisation,
        systems: Sequence[tuple[System, int]],
        *,
        also: Callable[[], list[tuple[Organisation, events.Entry]]] = list,
    ) -> Outcome:
        """Change the systems of one authority in one transaction; a refusal or a stale one leaves all as they were.

        `also` does what belongs to the same transaction, and returns its events.
        """
        anchors = installed_anchors()
        judged = [
            candidate(system, self.new, at=self.begin or self.at, anchors=anchors) for system, _version in systems
        ]
        if refused := [one for one in judged if not one.fits]:
            return Outcome(organisation, refused=refused)
        try:
            with transaction.atomic():
                done = [(organisation, self._change(system, version)) for system, version in systems]
                events.record_all(self.caller, [*done, *also()])
        except StaleVersion:
            return Outcome(organisation, stale=True)
        return Outcome(organisation, changed=[system for system, _version in systems])

    def _change(self, system: System, version: int) -> events.Entry:
        before = told(system)
        kept = self._kept_by(system)
        if system.certificate is not None and system.certificate.sha256 == self.old.sha256:
            put_in_force(system, kept, begin=self.begin)
        else:
            system.next_certificate = kept  # the old one was staged; its date stands
        save_version(system, version=version)
        return entry(system, tag=Tag.CERTIFICATE_REPLACED, before=before, after=told(system), reason=self.reason)

    def _kept_by(self, system: System) -> Certificate:
        if system.organisation_id == self.new.organisation_id:
            return self.new
        received = receive_copy(
            caller=self.caller,
            organisation=system.organisation,
            certificate=self.new,
            at=self.begin or self.at,
            delegated_cvr=system.delegated_cvr,
        )
        if received.certificate is None:
            raise ValueError("a certificate that fitted was refused")
        return received.certificate


def changed_systems(outcomes: Iterable[Outcome]) -> list[System]:
    """Return every system that was changed."""
    return [system for outcome in outcomes for system in outcome.changed]
