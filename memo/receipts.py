"""Receipts: what a receiving system tells Digital Post of a message, judged as Digital Post takes it.

Fields: transmissionId, messageUUID, messageId, errorCode, errorMessage, timeStamp, receiptStatus. A positive receipt
has no errorCode (null; an empty text is accepted). `0` is an error like any other: the message is sent again, and in
the end the system is warned of deactivation.
"""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from adgang.lib.findings import Finding, Severity, finding
from memo.simple_types import shown

MAX_BYTES = 1024 * 1024


class Status(StrEnum):
    """How far a message came. RECEIVED is the technical receipt; the others are the business receipt."""

    RECEIVED = "RECEIVED"
    COMPLETED = "COMPLETED"
    INVALID = "INVALID"
    NOT_ALLOWED = "NOT_ALLOWED"


FIELDS = ("transmissionId", "messageUUID", "messageId", "errorCode", "errorMessage", "timeStamp", "receiptStatus")
REQUIRED = ("messageUUID", "timeStamp", "receiptStatus")
GOOD = frozenset({Status.RECEIVED, Status.COMPLETED})


@dataclass(frozen=True)
class Verdict:
    """What Digital Post makes of a receipt. `positive` is None for what is no receipt at all."""

    positive: bool | None
    findings: list[Finding] = field(default_factory=list)
    receipt: dict[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """Whether nothing is wrong with it; a negative receipt may be in order."""
        return not any(one.severity is Severity.ERROR for one in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return {accepted, positive, findings}, as the command shows it."""
        return {
            "accepted": self.accepted,
            "positive": self.positive,
            "findings": [one.as_text() for one in self.findings],
        }


def judge(content: bytes) -> Verdict:
    """Return the verdict on a receipt in JSON. Raises nothing for any content."""
    if len(content) > MAX_BYTES:
        return Verdict(None, [finding("receipt.large")])
    try:
        receipt = json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        return Verdict(None, [finding("receipt.not_json", line=error.lineno)])
    except (UnicodeDecodeError, RecursionError, ValueError):
        return Verdict(None, [finding("receipt.not_json", line=1)])
    if not isinstance(receipt, dict):
        return Verdict(None, [finding("receipt.not_object")])
    return _judge(receipt)


def _judge(receipt: dict[str, Any]) -> Verdict:
    findings = [finding("receipt.missing", field=name) for name in REQUIRED if receipt.get(name) in (None, "")]
    unknown = [name for name in receipt if name not in FIELDS]
    findings += [finding("receipt.unknown", field=shown(name), known=list(FIELDS)) for name in unknown]
    findings += _values(receipt)
    code = receipt.get("errorCode")
    failed = code not in (None, "")
    status = receipt.get("receiptStatus")
    if failed and str(code).strip() in ("0", "0.0"):
        findings.append(finding("receipt.zero", value=shown(str(code))))
    elif failed and isinstance(status, str) and status in GOOD:
        findings.append(finding("receipt.contradiction", code=shown(str(code)), status=status))
    elif not failed and status in list(Status) and status not in GOOD:
        findings.append(finding("receipt.no_reason", status=status))
    if failed or status in (Status.INVALID, Status.NOT_ALLOWED):
        findings.append(finding("receipt.negative"))
        return Verdict(False, findings, receipt)
    findings.append(finding("receipt.technical" if status == Status.RECEIVED else "receipt.positive"))
    return Verdict(True, findings, receipt)


def _values(receipt: dict[str, Any]) -> list[Finding]:
    found: list[Finding] = []
    status, id_, time = (receipt.get(name) for name in ("receiptStatus", "messageUUID", "timeStamp"))
    if status not in (None, "") and status not in list(Status):
        found.append(finding("receipt.status", value=shown(str(status)), choices=list(map(str, Status))))
    if id_ not in (None, "") and not _is_uuid(id_):
        found.append(finding("receipt.uuid", value=shown(str(id_))))
    if time not in (None, "") and not _is_time(time):
        found.append(finding("receipt.time", value=shown(str(time))))
    return found


def _is_uuid(value: object) -> bool:
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
