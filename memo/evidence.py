"""What a check said, carried by the person's own browser until they ask for it as a file or keep it as evidence.

Nothing is kept here unless somebody says so, so the page holds the verdict itself, signed by this installation.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction

from adgang.lib.cpr import masked
from adgang.lib.findings import Severity
from memo.models import Evidence, LetterType
from memo.reports import MemoFinding, Report
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.events import Entry
from organisations.models import Organisation
from systems.models import System

SALT = "memo.verdict"
LIFETIME = dt.timedelta(hours=12)
MAX_NAME = 200


@dataclass(frozen=True)
class Verdict:
    """What was found of one file. `owner`: the CVR number it was checked for, "" where nobody was signed in."""

    filename: str
    sha256: str
    size: int
    version: str
    findings: list[MemoFinding]
    owner: str = ""

    @classmethod
    def of(cls, report: Report, *, filename: str, owner: str = "") -> "Verdict":
        """Return the verdict of a report; the file's name with CPR numbers masked."""
        name = masked(filename)[:MAX_NAME]
        return cls(name, report.sha256, report.size, str(report.version or ""), report.findings, owner)

    @property
    def valid(self) -> bool:
        """Whether nothing refuses the file."""
        return self.count(Severity.ERROR) == 0

    def count(self, severity: Severity) -> int:
        """Return how many findings are that bad."""
        return sum(one.severity is severity for one in self.findings)

    def signed(self) -> str:
        """Return the verdict as a text that only this installation can have made."""
        findings = [one.as_json() for one in self.findings]
        kept = [self.filename, self.sha256, self.size, self.version, findings, self.owner]
        return signing.dumps(kept, salt=SALT, compress=True)

    @classmethod
    def from_signed(cls, text: str, *, owner: str) -> "Verdict | None":
        """Return what `signed` made for the same owner; None for anything else, or after half a day."""
        try:
            name, sha256, size, version, findings, of = signing.loads(text, salt=SALT, max_age=LIFETIME)
            made = cls(name, sha256, size, version, [MemoFinding.from_json(one) for one in findings], of)
        except (signing.BadSignature, ValueError, TypeError, KeyError):
            return None
        return made if made.owner == owner else None

    def as_json(self) -> dict[str, Any]:
        """Return {filename, sha256, size, valid, version, findings}, the report for a vendor."""
        return {
            "filename": self.filename,
            "sha256": self.sha256,
            "size": self.size,
            "valid": self.valid,
            "version": self.version or None,
            "findings": [one.as_text() for one in self.findings],
        }


@transaction.atomic
def keep(
    *,
    caller: Caller,
    organisation: Organisation,
    verdict: Verdict,
    system: System | None,
    letter_type: LetterType | None,
    at: dt.datetime,
) -> Evidence:
    """Keep a verdict for a sender system or a letter type of the organisation; recorded."""
    about = system or letter_type
    kept = Evidence.objects.create(
        organisation=organisation,
        system=system,
        letter_type=letter_type,
        about=str(about or organisation),
        filename=verdict.filename,
        sha256=verdict.sha256,
        size=verdict.size,
        memo_version=verdict.version,
        valid=verdict.valid,
        errors=verdict.count(Severity.ERROR),
        warnings=verdict.count(Severity.WARNING),
        codes=sorted({one.code for one in verdict.findings if one.severity is not Severity.INFO}),
        kept=at,
        kept_by=caller.user,
    )
    tag = Tag.MEMO_SEND_VALIDATED if kept.valid else Tag.MEMO_SEND_VALIDATION_FAILED
    after = {"filename": kept.filename, "sha256": kept.sha256, "errors": kept.errors, "warnings": kept.warnings}
    obj = about or organisation
    events.record(caller, organisation, Entry(tag=tag, obj=obj, after=after, system_id=system.pk if system else None))
    return kept
