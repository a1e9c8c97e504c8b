"""Findings by API: code, how bad, what was found and what to do, as pages and commands tell them."""

from collections.abc import Iterable

from adgang.lib import findings
from adgang.lib.api.wire import Text, Wire


class Finding(Wire):
    """One thing found. `severity` is error, warning or info; the texts are in the language that was asked for."""

    code: Text = None
    severity: Text = None
    message: Text = None
    remedy: Text = None


class Findings(Wire):
    """What was found; an empty list says that nothing was."""

    findings: list[Finding]


def finding_wire(found: findings.Finding) -> Finding:
    """Return one finding as it travels."""
    return Finding(**found.as_text())


def findings_wire(listed: Iterable[findings.Finding]) -> Findings:
    """Return findings as they travel."""
    return Findings(findings=[finding_wire(found) for found in listed])
