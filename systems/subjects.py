"""What a check of a system is about, read from the database once, before anything is dialled."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from adgang.lib.findings import Finding, Severity, finding
from certificates.models import SshKey
from certificates.ssh_keys import judge_ssh_key
from certificates.uploading import judge_again
from systems.lifecycle import certificate_at
from systems.models import Protocol, System
from systems.steps.subject import PublicKey, Subject

# The protocols whose addresses are dialled; SFTP has a host instead, the others call us.
DIALLED = frozenset({Protocol.SMTP, Protocol.REST_PUSH, Protocol.AS4})
CALLING = frozenset(Protocol) - DIALLED - {Protocol.SFTP}


def subject_of(system: System, *, at: dt.datetime) -> Subject:
    """Return what is to be checked of `system` as of `at`; its certificate, key, token and health are read too."""
    protocol = system.protocol
    relay = system.smtp_relay_host if protocol is Protocol.SMTP else ""
    host = system.sftp_host if protocol is Protocol.SFTP else ""
    calls = protocol in CALLING
    token, health = (system.token, system.known_health) if calls else (None, None)
    return Subject(
        protocol=system.service_protocol,
        **_endpoints(system),
        relay_host=relay,
        relay_port=system.smtp_relay_port if relay else None,
        ssh_host=host,
        ssh_port=system.sftp_port,
        ssh_folder=system.sftp_folder if host else "",
        ssh_username=system.ssh_username if system.needs.ssh else "",
        ssh_key=_public_key(system.ssh_key) if system.needs.ssh else None,
        next_ssh_key=_public_key(system.next_ssh_key) if system.needs.ssh else None,
        pinned_host_key=system.pinned_host_key if host else "",
        token_created=_iso(token.created if token else None),
        networks=tuple(system.allowed_ips.values_list("network", flat=True)) if calls else (),
        last_seen=_iso(health.last_seen if health else None),
        mark=system.pk.hex[:12],
        **_credential(system, at),
    )


def hosts_of(system: System) -> list[str]:
    """Return what a check of the system would dial, for the limits per host, without reading anything else."""
    relay = system.smtp_relay_host if system.protocol is Protocol.SMTP else ""
    host = system.sftp_host if system.protocol is Protocol.SFTP else ""
    dialled = Subject(
        protocol=system.service_protocol,
        **_endpoints(system),
        relay_host=relay,
        relay_port=system.smtp_relay_port if relay else None,
        ssh_host=host,
        ssh_port=system.sftp_port,
    )
    return dialled.hosts()


def _endpoints(system: System) -> dict[str, Any]:
    """Return the addresses to dial, each once, and the codes of those that the system's role needs and lacks."""
    if system.protocol not in DIALLED:
        return {}
    wanted = {"system.endpoint_missing": system.endpoint} if system.is_recipient else {}
    wanted |= {"system.receipt_endpoint_missing": system.receipt_endpoint} if system.is_sender else {}
    return {
        "places": tuple(dict.fromkeys(place for place in wanted.values() if place)),
        "lacking_endpoints": tuple(code for code, place in wanted.items() if not place),
    }


def _credential(system: System, at: dt.datetime) -> dict[str, Any]:
    if system.needs.ssh:
        return _key(system)
    certificate = certificate_at(system, at)
    if certificate is None:
        return {"credential_findings": (finding("system.certificate_missing"),)}
    shown = {"kind": certificate.kind, "sha256": certificate.sha256, "not_after": _iso(certificate.not_after)}
    verdict = judge_again(certificate, at=at, delegated_cvr=system.delegated_cvr)
    return {"credential": shown, "credential_findings": _worth_saying(verdict.findings)}


def _key(system: System) -> dict[str, Any]:
    missing = [] if system.ssh_username else [finding("system.ssh_username_missing")]
    if system.ssh_key is None:
        return {"credential_findings": (*missing, finding("system.ssh_key_missing"))}
    shown = {"fingerprint": system.ssh_key.fingerprint, "username": system.ssh_username}
    return {"credential": shown, "credential_findings": (*missing, *_key_findings(system.ssh_key))}


def _public_key(key: SshKey | None) -> PublicKey | None:
    return PublicKey(type=key.type, blob=key.blob, fingerprint=key.fingerprint) if key else None


def _key_findings(key: SshKey) -> tuple[Finding, ...]:
    """Judge the key itself anew: what was found at its upload also tells of its use elsewhere, which is no fault."""
    verdict = judge_ssh_key(key.line.encode(), refuse_short_rsa=settings.ADGANG_REFUSE_SHORT_RSA)
    return _worth_saying(verdict.findings)


def _worth_saying(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(found for found in findings if found.severity is not Severity.INFO)


def _iso(time: dt.datetime | None) -> str:
    return time.isoformat() if time else ""
