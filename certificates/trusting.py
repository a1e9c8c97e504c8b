"""Installing authorities: known ones by their fingerprint, unknown ones in test only."""

import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from adgang.lib.findings import Finding, accepted, finding
from adgang.lib.snapshots import snapshot
from certificates.authorities import DENIED, KNOWN
from certificates.details import Details
from certificates.kinds import Environment, Generation
from certificates.models import TrustAnchor
from certificates.path import is_issued_by
from certificates.reading import read_authorities
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry


@dataclass(frozen=True)
class Candidate:
    """A CA certificate that is to be installed, and what was found about it."""

    details: Details
    environment: Environment
    generation: Generation
    pinned: bool
    findings: tuple[Finding, ...]

    @property
    def is_root(self) -> bool:
        """Whether it is its own issuer."""
        return self.details.subject_der == self.details.issuer_der

    def as_anchor(self) -> TrustAnchor:
        """Return the row to be installed."""
        details = self.details
        return TrustAnchor(
            pem=ssl.DER_cert_to_PEM_cert(details.der),
            sha256=details.sha256,
            environment=self.environment,
            generation=self.generation,
            is_root=self.is_root,
            pinned=self.pinned,
            subject=details.subject,
            issuer=details.issuer,
            not_before=details.not_before,
            not_after=details.not_after,
        )


@dataclass(frozen=True)
class Trusted:
    """What came of installing: rows that are new, rows that stood already, and everything found, by file."""

    added: list[TrustAnchor]
    present: list[TrustAnchor]
    findings: list[tuple[str, Finding]]

    @property
    def refused(self) -> bool:
        """Whether anything was refused; then nothing was installed."""
        return not accepted(found for _, found in self.findings)


def trust(
    *, caller: Caller, files: Sequence[tuple[str, bytes]], environment: Environment | None, unpinned: bool
) -> Trusted:
    """Install the CA certificates in `files`, (name, content) each: all of them, or none when any is refused.

    A known authority goes into its own environment; `environment` may only confirm it. An unknown one is taken in
    test alone, with a warning that `unpinned` silences. Installing again changes nothing.
    """
    read = [(name, read_authorities(content)) for name, content in files]
    unreadable = [(name, found) for name, found in read if isinstance(found, Finding)]
    every = [details for _, found in read if not isinstance(found, Finding) for details in found]
    candidates = [
        (name, _candidate(details, every, environment, unpinned=unpinned))
        for name, found in read
        if not isinstance(found, Finding)
        for details in found
    ]
    findings = unreadable + [(name, found) for name, candidate in candidates for found in candidate.findings]
    if not accepted(found for _, found in findings):
        return Trusted([], [], findings)
    added, present = _install(caller, [candidate for _, candidate in candidates])
    return Trusted(added, present, findings)


def distrust(*, caller: Caller, anchor: TrustAnchor) -> None:
    """Remove an installed authority; recorded in the operator's chain. Removing one that is gone does nothing."""
    with transaction.atomic():
        standing = TrustAnchor.objects.select_for_update().filter(pk=anchor.pk).first()
        if standing is None:
            return
        entry = Entry(tag=Tag.TRUST_ANCHOR_REMOVED, obj=standing, before=snapshot(standing))
        TrustAnchor.objects.filter(pk=standing.pk).delete()
        events.record(caller, None, entry)


def _candidate(
    details: Details, every: Sequence[Details], environment: Environment | None, *, unpinned: bool
) -> Candidate:
    known = KNOWN.get(details.sha256)
    wanted = environment or Environment(settings.ADGANG_ENVIRONMENT)
    if known:
        findings = _judge_known(known.environment, environment, details)
        return Candidate(details, known.environment, known.generation, True, tuple(findings))
    findings = _judge_unknown(details, every, wanted, unpinned=unpinned)
    return Candidate(details, wanted, Generation.OCES3, False, tuple(findings))


def _judge_known(own: Environment, wanted: Environment | None, details: Details) -> Iterator[Finding]:
    if wanted is not None and wanted is not own:
        yield finding("trust.environment", subject=details.title, environment=own, expected=wanted)


def _judge_unknown(
    details: Details, every: Sequence[Details], wanted: Environment, *, unpinned: bool
) -> Iterator[Finding]:
    if details.sha256 in DENIED:
        yield finding("trust.denied", subject=details.title)
        return
    if not details.is_ca or "key_cert_sign" not in (details.extensions.key_usage or ()):
        yield finding("trust.not_ca", subject=details.title)
        return
    if Environment.PRODUCTION in (wanted, settings.ADGANG_ENVIRONMENT):
        yield finding("trust.unknown", subject=details.title, sha256=details.sha256)
    elif not unpinned:
        yield finding("trust.unpinned", subject=details.title, sha256=details.sha256)
    yield from _judge_signature(details, [*every, *_installed()])


def _judge_signature(details: Details, authorities: Iterable[Details]) -> Iterator[Finding]:
    """An authority must be signed by the one it names; an issuing CA without its root is of no use yet."""
    namesakes = [authority for authority in authorities if authority.subject_der == details.issuer_der]
    if not namesakes:
        yield finding("trust.root_missing", subject=details.title, issuer=details.issuer_title)
    elif not any(is_issued_by(details, authority) for authority in namesakes):
        yield finding("trust.signature", subject=details.title, issuer=details.issuer_title)


def _installed() -> list[Details]:
    found = [read_authorities(row.pem.encode("ascii")) for row in TrustAnchor.objects.filter(is_root=True)]
    return [details for each in found if not isinstance(each, Finding) for details in each]


def _install(caller: Caller, candidates: Sequence[Candidate]) -> tuple[list[TrustAnchor], list[TrustAnchor]]:
    with transaction.atomic():
        fingerprints = [candidate.details.sha256 for candidate in candidates]
        present = {row.sha256: row for row in TrustAnchor.objects.filter(sha256__in=fingerprints)}
        new = {
            candidate.details.sha256: candidate.as_anchor()
            for candidate in candidates
            if candidate.details.sha256 not in present
        }
        TrustAnchor.objects.bulk_create(new.values())
        entries = [Entry(tag=Tag.TRUST_ANCHOR_ADDED, obj=row, after=snapshot(row)) for row in new.values()]
        if entries:
            events.record_all(caller, [(None, entry) for entry in entries])
    return list(new.values()), list(present.values())
