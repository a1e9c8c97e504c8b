"""What deserves attention about a registered system, whatever its state."""

import datetime as dt
from collections.abc import Iterator

from adgang.lib.cvr import has_valid_check
from adgang.lib.findings import Finding, Severity, finding
from certificates.uploading import judge_again
from organisations.models import Organisation
from systems.addresses import address_findings
from systems.models import ReceiptFormat, System
from systems.rules import in_production

ADVISED_SENDERS = 5  # the agency's advice to authorities, 2021


def notices(system: System, *, at: dt.datetime) -> list[Finding]:
    """Return what deserves attention about one system: its registration, then its credentials."""
    networks = [allowed.network for allowed in system.allowed_ips.all()]
    return [
        *registration(system),
        *address_findings(networks, production=in_production()),
        *_credentials(system, at),
    ]


def registration(system: System) -> Iterator[Finding]:
    """Yield what deserves attention about the system's own fields, saved or not."""
    if not system.technical_contact_email and not system.technical_contact_phone:
        yield finding("system.no_technical_contact")
    if system.delegated_cvr and not has_valid_check(system.delegated_cvr):
        yield finding("system.delegated_cvr_check", cvr=system.delegated_cvr)
    if system.receipt_format != ReceiptFormat.MEMO:
        yield finding("system.legacy_receipts", format=system.receipt_format)
    if not system.needs.guided:
        yield finding("system.not_guided", protocol=str(system.protocol.label))


def _credentials(system: System, at: dt.datetime) -> Iterator[Finding]:
    certificate = system.certificate
    if certificate and certificate.cvr not in (system.organisation.cvr_number, system.delegated_cvr):
        yield finding("system.certificate_cvr_changed", cvr=certificate.cvr)
    if certificate and system.needs.certificate:
        certificate.organisation = system.organisation
        verdict = judge_again(certificate, at=at, delegated_cvr=system.delegated_cvr)
        yield from (found for found in verdict.findings if found.severity is Severity.WARNING)
    if system.next_certificate and system.next_certificate_from and system.next_certificate_from <= at:
        system.next_certificate.organisation = system.organisation
        verdict = judge_again(system.next_certificate, at=at, delegated_cvr=system.delegated_cvr)
        if not verdict.accepted:
            yield finding("system.next_certificate_unusable", time=system.next_certificate_from)


def many_senders(organisation: Organisation, *, at: dt.datetime, besides: int = 0) -> list[Finding]:
    """Return a notice when more sender systems than advised integrate directly; `besides` counts one to come."""
    standing = System.objects.filter(organisation=organisation, is_sender=True).exclude(active_to__lte=at)
    count = standing.count() + besides
    return [finding("system.many_senders", count=count)] if count > ADVISED_SENDERS else []
