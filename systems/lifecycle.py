"""Into service now or on a date, and out again: what a system needs for it, and the change itself.

The state is nothing but two dates (see `systems.states`). What is needed is the table `systems.protocols.NEEDS`.
"""

import datetime as dt
from collections.abc import Iterator
from typing import cast

from django.db import transaction
from django.utils import timezone

from adgang.lib.findings import Finding, Severity, finding
from certificates.kinds import SYSTEM_KINDS
from certificates.models import Certificate
from certificates.revocation.standing import freshness
from certificates.uploading import judge_again
from organisations.callers import Caller
from organisations.event_tags import Tag
from systems.models import DeliveryTally, System
from systems.models.check_run import GOOD
from systems.protocols import EndpointKind
from systems.rows import Shown, Validity
from systems.states import COMMITTED, IN_SERVICE, State, state_between
from systems.writing import told, write


def state(system: Shown, at: dt.datetime) -> State:
    """Return the system's state at a moment."""
    return state_between(system.active_from, system.active_to, at)


def in_service(system: Shown, at: dt.datetime) -> bool:
    """Say whether the system is in service at a moment."""
    return state(system, at) in IN_SERVICE


def certificate_at(system: System, at: dt.datetime) -> Certificate | None:
    """Return the certificate that is, or will be, in force at a moment: the staged one from its date on, if it fits."""
    return cast("Certificate | None", validity_at(system, at))


def validity_at(system: Shown, at: dt.datetime) -> Certificate | Validity | None:
    """Return `certificate_at` of a system or of a list's row; of the row, what it holds of the certificate."""
    staged = system.next_certificate
    if staged is not None and system.next_certificate_from is not None and system.next_certificate_from <= at:
        return staged if fits(staged, system, at) else system.certificate
    return system.certificate


def fits(certificate: Certificate | Validity, system: Shown, at: dt.datetime) -> bool:
    """Say whether a certificate is of the system's time, kind and CVR; nothing is judged anew."""
    return (
        certificate.not_before <= at <= certificate.not_after
        and certificate.kind in SYSTEM_KINDS
        and certificate.cvr in (system.organisation.cvr_number, system.delegated_cvr)
    )


def lacking(system: System, *, at: dt.datetime) -> list[Finding]:
    """Return everything that keeps the system from being in service at `at`, in the order in which one mends it."""
    return [
        *_endpoints_lacking(system),
        *_ssh_lacking(system),
        *_token_lacking(system),
        *_certificate_lacking(system, at),
    ]


def found_of(system: System, *, at: dt.datetime) -> tuple[list[Finding], list[Finding]]:
    """Return what the system lacks, now or from its planned beginning, and why its connection is in doubt.

    A system in service is in no doubt: `connected` tells of it.
    """
    planned = state(system, at) is State.PLANNED and system.active_from
    return lacking(system, at=planned or at), [] if in_service(system, at) else doubts(system)


def _endpoints_lacking(system: System) -> Iterator[Finding]:
    if system.needs.endpoint is EndpointKind.NONE:
        return
    if system.is_recipient and not system.endpoint:
        yield finding("system.endpoint_missing")
    if system.is_sender and not system.receipt_endpoint:
        yield finding("system.receipt_endpoint_missing")


def _ssh_lacking(system: System) -> Iterator[Finding]:
    if not system.needs.ssh:
        return
    if not system.ssh_username:
        yield finding("system.ssh_username_missing")
    if system.ssh_key is None:
        yield finding("system.ssh_key_missing")


def _token_lacking(system: System) -> Iterator[Finding]:
    if system.needs.token and system.token is None:
        yield finding("system.token_missing")


def _certificate_lacking(system: System, at: dt.datetime) -> Iterator[Finding]:
    if not system.needs.certificate:
        return
    certificate = certificate_at(system, at)
    if certificate is None:
        yield finding("system.certificate_missing")
        return
    certificate.organisation = system.organisation
    verdict = judge_again(certificate, at=at, delegated_cvr=system.delegated_cvr)
    yield from (found for found in verdict.findings if found.severity is Severity.ERROR)


def doubts(system: System) -> list[Finding]:
    """Return why the connection is in doubt; with a reason the system can be taken into service all the same."""
    health = system.known_health
    if health is not None and (health.last_check_status in GOOD or health.confirmed):
        return []
    return [finding("system.check_failed" if health and health.last_check_status else "system.not_checked")]


@transaction.atomic
def activate(*, caller: Caller, system: System, version: int, at: dt.datetime, reason: str = "") -> list[Finding]:
    """Take the system into service from `at`, and for good: an end that was set is taken off.

    `reason` overrules doubts about the connection. Returns everything that refuses it; empty when it was done, or was
    so already. Raises `StaleVersion`.
    """
    now = state(system, at)
    if now is State.ACTIVE:
        return []
    if refused := refusals(system, at=at, doubted=not reason.strip()):
        return refused
    before = told(system)
    DeliveryTally.objects.filter(system=system).delete()  # the seven-day rule begins anew
    system.active_from = system.active_from if now is State.EXPIRING else at
    system.active_to = None
    write(caller=caller, system=system, version=version, tag=Tag.SYSTEM_ACTIVATED, before=before, reason=reason)
    return []


@transaction.atomic
def plan(
    *, caller: Caller, system: System, version: int, at: dt.datetime, begin: dt.datetime, reason: str = ""
) -> list[Finding]:
    """Let the system go into service by itself at `begin`; what it needs then must be there now.

    As `activate`; refused besides when it is in service already or `begin` has passed.
    """
    if begin <= at:
        return [finding("system.plan_in_the_past", time=begin)]
    if in_service(system, at):
        return [finding("system.in_service_already", name=system.name)]
    if refused := refusals(system, at=begin, doubted=not reason.strip()):
        return refused
    before = told(system)
    system.active_from, system.active_to = begin, None
    write(caller=caller, system=system, version=version, tag=Tag.SYSTEM_ACTIVATED, before=before, reason=reason)
    return []


def refusals(system: System, *, at: dt.datetime, doubted: bool) -> list[Finding]:
    """Return what keeps the system from going into service at `at`; `doubted`: doubts about its connection, too."""
    refused = lacking(system, at=at)
    if system.needs.certificate and system.certificate is not None:
        refused += freshness(system.certificate, at=timezone.now())  # today, whenever it is to begin
    if doubted and doubts(system):
        refused.append(finding("system.reason_missing"))
    return refused


@transaction.atomic
def deactivate(
    *, caller: Caller, system: System, version: int, at: dt.datetime, end: dt.datetime | None = None, reason: str = ""
) -> list[Finding]:
    """Take the system out of service now, or at `end`; of a planned one, cancel the plan or give it an end.

    Returns what refuses it; empty when it was done. Raises `StaleVersion`.
    """
    if refused := _end_refusals(system, at=at, end=end):
        return refused
    before = told(system)
    if state(system, at) is State.PLANNED and end is None:
        system.active_from = system.active_to = None
    else:
        system.active_to = end or at
    write(caller=caller, system=system, version=version, tag=Tag.SYSTEM_DEACTIVATED, before=before, reason=reason)
    return []


def _end_refusals(system: System, *, at: dt.datetime, end: dt.datetime | None) -> list[Finding]:
    if state(system, at) not in COMMITTED:
        return [finding("system.not_in_service", name=system.name)]
    if end is not None and end <= at:
        return [finding("system.end_in_the_past", time=end)]
    if end is not None and system.active_from is not None and end <= system.active_from:
        return [finding("system.end_before_beginning", time=system.active_from)]
    return []
