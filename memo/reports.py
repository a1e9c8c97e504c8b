"""What a check says of a message: findings with their places, and what was read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.conf import settings

from adgang.lib.cpr import masked
from adgang.lib.findings import Finding, Severity, finding
from memo.elements import Version
from memo.finding_texts import SERVICE_CODES
from memo.messages import Message
from memo.sniffing import EXTENSIONS

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a message may hold. `stop`: bytes of the file after which reading ends; `findings`: how many are listed.

    Rules M05, M07 and M13 of the agency's tables; the operator's settings change them.
    """

    size: int = int(Decimal("99.5") * MEGABYTE)
    stop: int = 400 * MEGABYTE
    documents: int = 10
    far_days: int = 365
    extensions: frozenset[str] = EXTENSIONS
    findings: int = 500

    @classmethod
    def of_installation(cls, *, stop: int | None = None) -> "Limits":
        """Return the limits that the operator has set; `stop`: an end to reading, in bytes, for this use."""
        return cls(
            size=int(Decimal(settings.ADGANG_MEMO_MAX_MB) * MEGABYTE),
            stop=stop or cls.stop,
            documents=settings.ADGANG_MEMO_MAX_DOCUMENTS,
            far_days=settings.ADGANG_MEMO_FAR_DAYS,
            extensions=frozenset(settings.ADGANG_MEMO_EXTENSIONS) or EXTENSIONS,
        )


@dataclass(frozen=True)
class MemoFinding:
    """A finding and where it is: the path of an element and its line (0: the file as a whole)."""

    finding: Finding
    path: str = ""
    line: int = 0

    @property
    def code(self) -> str:
        """The code of the finding."""
        return self.finding.code

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.finding.severity

    @property
    def ngdp_code(self) -> str | None:
        """The code with which Digital Post itself refuses; None where it is not known."""
        return SERVICE_CODES.get(self.finding.code)

    def as_json(self) -> dict[str, Any]:
        """Return the form in which it is kept, for `from_json`."""
        return {"finding": self.finding.as_json(), "path": self.path, "line": self.line}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "MemoFinding":
        """Return the finding that `as_json` wrote."""
        return cls(Finding.from_json(kept["finding"]), kept["path"], kept["line"])

    def as_text(self) -> dict[str, Any]:
        """Return {code, severity, path, line, message, remedy, ngdp_code}, as commands and the API show it."""
        shown = self.finding.as_text()
        return {
            "code": shown["code"],
            "severity": shown["severity"],
            "path": self.path or None,
            "line": self.line or None,
            "message": shown["message"],
            "remedy": shown["remedy"],
            "ngdp_code": self.ngdp_code,
        }


def found(code: str, path: str = "", line: int = 0, /, **params: Any) -> MemoFinding:
    """Return a finding of the table at a place. CPR numbers in its values are masked."""
    safe = {name: _safe(value) for name, value in params.items()}
    return MemoFinding(finding(code, **safe), masked(path), line)


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    return [_safe(item) for item in value] if isinstance(value, list | tuple) else value


class Place(Protocol):
    """What an organisation knows that a message can be held against: its points, systems, permissions, letter types."""

    def judge(self, message: Message) -> Iterable[MemoFinding]:
        """Return what is wrong with a message that this organisation sends."""


@dataclass(frozen=True)
class Report:
    """What came of a check. `version` is None when the message could not be told to be one.

    `message` is None when there is none to speak of. `size` (bytes) and `sha256` (hex, "" when not asked for) are of
    the file; `wrapped`: the message stood in a kombi_request.
    """

    findings: list[MemoFinding] = field(default_factory=list)
    version: Version | None = None
    message: Message | None = None
    size: int = 0
    sha256: str = ""
    wrapped: bool = False

    @property
    def valid(self) -> bool:
        """Whether nothing refuses the message."""
        return not any(one.severity is Severity.ERROR for one in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return {valid, version, findings}: the contract of `check_memo`."""
        return {
            "valid": self.valid,
            "version": self.version and str(self.version),
            "findings": [one.as_text() for one in self.findings],
        }
