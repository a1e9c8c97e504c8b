"""From the other side: a system calls in, and is told of its credential and its address whether each was accepted.

Nothing here refuses a call; whoever asks gets the judgement. Only a call that was accepted in every part is a sign of
life, which is kept in the health row and never makes a form about the system stale.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings

from adgang.lib.findings import Finding, Severity, finding
from adgang.lib.snapshots import as_json
from certificates.models import Certificate
from certificates.uploading import judge_again
from systems.lifecycle import certificate_at
from systems.models import System, SystemHealth


class Part(StrEnum):
    """What of a call is judged."""

    TOKEN = "token"  # noqa: S105 – a name, not a token
    KEY = "key"
    CERTIFICATE = "certificate"
    ADDRESS = "address"


class Way(StrEnum):
    """How the system called."""

    API = "API"
    SFTP = "SFTP"


@dataclass(frozen=True)
class Judgement:
    """What was found of each part of a call; an error is what was not accepted."""

    parts: dict[Part, Finding]

    @property
    def accepted(self) -> bool:
        """Whether every part was."""
        return all(is_accepted(found) for found in self.parts.values())

    def as_json(self) -> dict[str, Any]:
        """Return it for programs, with texts in the reader's language."""
        return {str(part): shown(found) for part, found in self.parts.items()}


def is_accepted(found: Finding) -> bool:
    """Say whether a finding lets a part of a call through."""
    return found.severity is not Severity.ERROR


def shown(found: Finding) -> dict[str, Any]:
    """Return a finding as an answer to a call shows it."""
    told = {"accepted": is_accepted(found), "code": found.code, "message": found.message}
    return told | ({"remedy": found.remedy} if found.remedy else {})


def of_certificate(system: System, shown_der: bytes | None, *, at: dt.datetime) -> Finding:
    """Judge the certificate of a connection: it must be the one in force, or the one staged to follow."""
    expected = certificate_at(system, at)
    if expected is None and system.next_certificate is None:
        return finding("call.certificate_not_registered")
    if shown_der is None:
        return finding("call.certificate_missing")
    sha256 = hashlib.sha256(shown_der).hexdigest()
    candidates = ((expected, "call.certificate_accepted"), (system.next_certificate, "call.certificate_next"))
    for registered, code in candidates:
        if registered is not None and registered.sha256.lower() == sha256:
            return _refusal(system, registered, at) or finding(code, sha256=sha256)
    return finding("call.certificate_other", sha256=sha256, expected=expected.sha256 if expected else "")


def _refusal(system: System, certificate: Certificate, at: dt.datetime) -> Finding | None:
    """Return the first reason why the certificate is not accepted today."""
    verdict = judge_again(certificate, at=at, delegated_cvr=system.delegated_cvr)
    return next((found for found in verdict.findings if found.severity is Severity.ERROR), None)


def of_address(system: System, address: str) -> Finding:
    """Judge where a call came from: one of the allowed addresses, or anywhere when none is listed."""
    networks = [allowed.network for allowed in system.allowed_ips.all()]
    if not networks:
        return finding("call.address_any", address=address)
    if not address:
        return finding("call.address_unknown")
    try:
        peer = ip_address(address)
    except ValueError:
        return finding("call.address_unknown")
    peer = getattr(peer, "ipv4_mapped", None) or peer
    within = any(peer in ip_network(network) for network in networks)
    return finding("call.address_accepted" if within else "call.address_refused", address=str(peer))


def of_token() -> Finding:
    """Return what is said of a token that was right; a wrong one is told to nobody but the owner's own page."""
    return finding("call.token_accepted")


def judge(system: System, *, certificate: bytes | None, address: str, at: dt.datetime) -> Judgement:
    """Judge a call of the API whose token was right."""
    return Judgement(
        {
            Part.TOKEN: of_token(),
            Part.CERTIFICATE: of_certificate(system, certificate, at=at),
            Part.ADDRESS: of_address(system, address),
        }
    )


def note(system_id: uuid.UUID, judgement: Judgement, *, way: Way, address: str, at: dt.datetime) -> None:
    """Keep the latest call for the system's page, and the sign of life when all of it was accepted. One statement.

    It runs for ids that no system has too, so that nobody can tell from the time it takes.
    """
    told = {
        "at": as_json(at),
        "way": str(way),
        "address": address,
        "accepted": judgement.accepted,
        "parts": {str(part): found.as_json() for part, found in judgement.parts.items()},
    }
    seen = {"last_seen": at} if judgement.accepted else {}
    SystemHealth.objects.filter(system=system_id).update(last_call=told, **seen)


def note_wrong_token(system_id: uuid.UUID, *, address: str, at: dt.datetime) -> None:
    """Keep that somebody called with the system's id and another token."""
    judgement = Judgement({Part.TOKEN: finding("call.token_wrong", address=address)})
    note(system_id, judgement, way=Way.API, address=address, at=at)


def curl(system: System) -> str:
    """Return the command with which whoever runs the system asks who it is here; its secrets stay with them.

    It calls the host that asks for certificates, where there is one: the other hands none on.
    """
    url = f"{settings.ADGANG_MOCES_URL or settings.ADGANG_BASE_URL}/apis/adgang/v1/whoami"
    return f'curl -u "{system.pk}:$TOKEN" --cert system.pem --key system.key {url}'


@dataclass(frozen=True)
class LastCall:
    """The latest call as the system's page shows it."""

    at: dt.datetime
    way: Way
    address: str
    accepted: bool
    findings: list[Finding]


def last_call(system: System) -> LastCall | None:
    """Return the system's latest call, if it ever called."""
    health = system.known_health
    if health is None or not health.last_call:
        return None
    told = health.last_call
    return LastCall(
        dt.datetime.fromisoformat(told["at"]), Way(told["way"]), told["address"], told["accepted"], list(_found(told))
    )


def _found(told: dict[str, Any]) -> Iterator[Finding]:
    for kept in told["parts"].values():
        try:
            yield Finding.from_json(kept)
        except KeyError:  # a code that this version has given up
            continue
