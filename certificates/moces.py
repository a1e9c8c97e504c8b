"""Signing in with an employee certificate (MOCES) that the proxy asked the browser for.

The proxy has seen that the browser holds the key. Whether the certificate is worth anything is judged here, in full;
what is unknown about its revocation, or known from a list that ran out, refuses.
"""

import datetime as dt
from dataclasses import asdict

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from adgang.lib.findings import Finding, Severity, finding
from certificates.anchors import installed_anchors
from certificates.judging import judge
from certificates.kinds import EMPLOYEE_KIND, Environment
from certificates.models import Revocation
from certificates.reading import read_certificate
from certificates.revocation.answers import looked_up
from organisations import tickets
from organisations.identities import Shown, Way

METHOD = "MOCES"
ROW = "moces_ticket"


def judged(der: bytes | None, *, at: dt.datetime) -> Shown | list[Finding]:
    """Return whose certificate the browser showed, or everything that refuses it."""
    if der is None:
        return [finding("moces.none")]
    reading, anchors = read_certificate(der), installed_anchors()
    verdict = judge(
        reading, at=at, environment=Environment(settings.ADGANG_ENVIRONMENT), anchors=anchors, kinds=EMPLOYEE_KIND
    )
    verdict = looked_up(verdict, reading.certificate, anchors, at=at)
    refusals = [found for found in verdict.findings if found.severity is Severity.ERROR]
    if refusals:
        return refusals
    if verdict.revocation != Revocation.GOOD or not verdict.cvr or not verdict.holder_id:
        return [finding("moces.revocation_unknown")]
    issuer = f"{verdict.generation} {verdict.environment} {verdict.cvr}"  # numbers of holders are the employer's own
    return Shown(method=METHOD, issuer=issuer, subject=verdict.holder_id, cvr=verdict.cvr)


def ticket(shown: Shown, *, state: str, at: dt.datetime) -> str:
    """Return what the host that saw the certificate tells the portal, through the browser, which cannot read it."""
    return tickets.seal({"shown": asdict(shown), "state": state}, row=ROW, at=at)


def opened(told: str, *, at: dt.datetime) -> tuple[Shown, str] | None:
    """Return whose certificate a ticket tells of and the state it was asked with; None when it is not ours or old."""
    kept = tickets.opened(told, row=ROW, at=at)
    return (Shown(**kept["shown"]), str(kept["state"])) if kept else None


def way() -> list[Way]:
    """Return the way in by employee certificate, where the proxy has a host for it."""
    if not settings.ADGANG_MOCES_URL:
        return []
    return [Way(method=METHOD, label=_("Employee certificate (MOCES)"), url_name="moces_start")]
