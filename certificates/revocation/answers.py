"""The one question, was this certificate revoked, and its answer: good, revoked or unknown, with source and age."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from functools import lru_cache

from adgang.lib.findings import Finding, finding
from certificates.anchors import Anchor, Anchors
from certificates.details import Details
from certificates.models import Revocation, RevocationList
from certificates.path import is_issued_by
from certificates.revocation.entries import Revoked, find
from certificates.verdicts import Verdict

CRL, OCSP = "crl", "ocsp"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known. `as_of` is when the source was made, `valid_until` how long it holds; `lack` why it is unknown."""

    status: Revocation = Revocation.UNKNOWN
    source: str = ""
    as_of: dt.datetime | None = None
    valid_until: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    reason: str = ""
    lack: str = "revocation.unknown"

    def finding(self) -> Finding:
        """Return the answer as a finding; unknown refuses nothing."""
        values = {"source": self.source, "as_of": self.as_of}
        match self.status:
            case Revocation.GOOD:
                return finding("revocation.good", **values)
            case Revocation.REVOKED:
                return finding("revocation.revoked", **values, revoked_at=self.revoked_at, reason=self.reason)
        return finding("revocation.pending" if self.lack == "revocation.pending" else "revocation.unknown")


def answered(verdict: Verdict, answer: Answer) -> Verdict:
    """Return a verdict in which the answer stands where judging left the question open."""
    findings = tuple(answer.finding() if one.code == "revocation.unknown" else one for one in verdict.findings)
    return replace(verdict, findings=findings, revocation=answer.status.value)


def looked_up(verdict: Verdict, details: Details | None, anchors: Anchors, *, at: dt.datetime) -> Verdict:
    """Return a verdict with what the stored lists say, for a certificate that is not registered; no network."""
    return verdict if details is None else answered(verdict, RevocationLists().answer(details, anchors, at=at))


class RevocationLists:
    """The stored lists by authority, read once; hand the same object to every question of a batch."""

    def __init__(self) -> None:
        rows = RevocationList.objects.defer("entries").select_related("anchor")
        self._by_authority = {row.anchor.sha256: row for row in rows}

    def of(self, authority: Anchor) -> RevocationList | None:
        """Return the list of an authority, if one has ever been stored."""
        row = self._by_authority.get(authority.details.sha256)
        return row if row is not None and row.this_update is not None else None

    def answer(self, details: Details, anchors: Anchors, *, at: dt.datetime) -> Answer:
        """Return what the stored lists say of a certificate at `at`: no network.

        What a list says of a revoked certificate stays true when the list grows old; that a serial number is missing
        means nothing then. A certificate whose authority was revoked itself is revoked.
        """
        authority = issuer_of(details, anchors)
        if authority is None:
            return Answer()
        above = issuer_of(authority.details, anchors)
        if above is not None and (caught := self._entry(authority.details, above)) is not None:
            return self._revoked(above, caught)
        if (caught := self._entry(details, authority)) is not None:
            return self._revoked(authority, caught)
        return self._missing(details, authority, at)

    def _entry(self, details: Details, authority: Anchor) -> Revoked | None:
        row = self.of(authority)
        return find(entries_of(row.pk, row.sha256), details.serial_number) if row else None

    def _revoked(self, authority: Anchor, entry: Revoked) -> Answer:
        row = self._by_authority[authority.details.sha256]
        return Answer(Revocation.REVOKED, CRL, row.this_update, row.next_update, entry.at, entry.reason)

    def _missing(self, details: Details, authority: Anchor, at: dt.datetime) -> Answer:
        row = self.of(authority)
        if row is None or row.next_update is None:
            return Answer(lack="revocation.no_list")
        if row.next_update < at or details.serial_number <= 0:
            return Answer(as_of=row.this_update, valid_until=row.next_update, lack="revocation.stale")
        return Answer(Revocation.GOOD, CRL, row.this_update, row.next_update)


def issuer_of(details: Details, anchors: Anchors) -> Anchor | None:
    """Return the installed authority that issued a certificate: by its name, and by its key where two bear the name."""
    named = [anchor for anchor in anchors.named(details.issuer_der) if anchor.details.sha256 != details.sha256]
    if len(named) > 1:
        named = [anchor for anchor in named if is_issued_by(details, anchor.details)]
    return named[0] if named else None


@lru_cache(maxsize=8)
def entries_of(anchor_id: uuid.UUID, sha256: str) -> bytes:
    """Return the entries of a stored list, kept by the list's fingerprint; a list stored meanwhile serves as well."""
    entries = RevocationList.objects.filter(pk=anchor_id).values_list("entries", flat=True).first()
    return bytes(entries or b"")
