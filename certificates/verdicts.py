"""What came of judging a certificate, and how commands, the API and the database show it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from adgang.lib.findings import Finding, accepted
from certificates.kinds import Environment, Generation, Kind

_STORED = (
    *("kind", "generation", "environment", "cvr", "holder_id", "sha256"),
    *("subject", "issuer", "serial_number", "not_before", "not_after"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about a certificate; a value that could not be read is None."""

    findings: tuple[Finding, ...]
    kind: Kind | None = None
    generation: Generation | None = None
    environment: Environment | None = None
    cvr: str | None = None
    holder_id: str | None = None
    sha256: str | None = None
    subject: str | None = None
    issuer: str | None = None
    serial_number: str | None = None  # lower-case hexadecimal digits
    not_before: dt.datetime | None = None
    not_after: dt.datetime | None = None
    revocation: str = "unknown"  # or good, or revoked

    @property
    def accepted(self) -> bool:
        """Whether nothing refuses the certificate."""
        return accepted(self.findings)

    def with_findings(self, further: Iterable[Finding]) -> "Verdict":
        """Return the verdict with more findings at its end."""
        return replace(self, findings=(*self.findings, *further))

    def as_json(self) -> dict[str, Any]:
        """Return the form that commands and the API show, texts in the reader's language."""
        return {
            "accepted": self.accepted,
            "kind": self.kind and str(self.kind),
            "generation": self.generation and str(self.generation),
            "environment": self.environment and str(self.environment),
            "cvr": self.cvr,
            "holder_id": self.holder_id,
            "sha256": self.sha256,
            "subject": self.subject,
            "issuer": self.issuer,
            "serial_number": self.serial_number,
            "not_before": _iso(self.not_before),
            "not_after": _iso(self.not_after),
            "revocation": self.revocation,
            "findings": [found.as_text() for found in self.findings],
        }

    def as_fields(self) -> dict[str, Any]:
        """Return the fields of `models.Certificate` that the verdict of an accepted certificate fills."""
        read = {name: getattr(self, name) for name in _STORED}
        return read | {"findings": [found.as_json() for found in self.findings]}


def _iso(time: dt.datetime | None) -> str | None:
    return None if time is None else time.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
