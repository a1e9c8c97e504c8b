"""A system's credentials: its certificate, the one staged to follow, and its SSH key."""

import datetime as dt

from django.db import transaction

from adgang.lib.findings import Finding, Severity, finding
from certificates.models import Certificate
from certificates.uploading import (
    ReceivedCertificate,
    ReceivedKey,
    judge_again,
    receive_certificate,
    receive_ssh_key,
)
from organisations.callers import Caller
from organisations.event_tags import Tag
from systems.health import forget_checks
from systems.key_rotation import promote
from systems.models import System
from systems.writing import told, write


def give_certificate(
    *, caller: Caller, system: System, version: int, data: bytes, at: dt.datetime, begin: dt.datetime | None = None
) -> ReceivedCertificate:
    """Judge an uploaded certificate and, when nothing refuses it, put it in force: now, or at `begin`.

    What is staged for `begin` is judged as of then. The result says what was found; without a certificate nothing was
    changed. Raises `StaleVersion`.
    """
    with transaction.atomic():
        received = receive_certificate(
            caller=caller,
            organisation=system.organisation,
            data=data,
            at=at,
            in_force_from=begin,
            delegated_cvr=system.delegated_cvr,
        )
        if received.certificate is not None:
            before = told(system)
            put_in_force(system, received.certificate, begin=begin)
            write(caller=caller, system=system, version=version, tag=Tag.CERTIFICATE_UPLOADED, before=before)
        return received


def put_in_force(system: System, certificate: Certificate, *, begin: dt.datetime | None = None) -> None:
    """Set the certificate on the unsaved system: now, or as the next one from `begin`."""
    if begin is None:
        system.certificate = certificate
    else:
        system.next_certificate, system.next_certificate_from = certificate, begin


@transaction.atomic
def remove_certificate(*, caller: Caller, system: System, version: int, reason: str = "") -> None:
    """Take the certificate out of force; it stays among the organisation's. Raises `StaleVersion`."""
    before = told(system)
    system.certificate = None
    write(caller=caller, system=system, version=version, tag=Tag.CERTIFICATE_REMOVED, before=before, reason=reason)


@transaction.atomic
def remove_next_certificate(*, caller: Caller, system: System, version: int) -> None:
    """Give up the certificate that was staged. Raises `StaleVersion`."""
    before = told(system)
    system.next_certificate = system.next_certificate_from = None
    write(caller=caller, system=system, version=version, tag=Tag.CERTIFICATE_REMOVED, before=before)


@transaction.atomic
def restore_certificate(*, caller: Caller, system: System, version: int, at: dt.datetime) -> list[Finding]:
    """Put the certificate back in force that the renewal of the token removed.

    Returns what refuses it, the certificate's own findings among them; empty when it was done. Raises `StaleVersion`.
    """
    token = system.token
    removed = token.removed_certificate if token else None
    if token is None or removed is None:
        return [finding("system.no_removed_certificate")]
    removed.organisation = system.organisation
    verdict = judge_again(removed, at=at, delegated_cvr=system.delegated_cvr)
    if not verdict.accepted:
        return [found for found in verdict.findings if found.severity is Severity.ERROR]
    before = told(system)
    system.certificate = removed
    token.removed_certificate = None
    token.save(update_fields=["removed_certificate"])
    write(caller=caller, system=system, version=version, tag=Tag.CERTIFICATE_RESTORED, before=before)
    return []


def give_ssh_key(*, caller: Caller, system: System, version: int, data: bytes, at: dt.datetime) -> ReceivedKey:
    """Judge an uploaded SSH public key and, when nothing refuses it, make it the system's only one.

    The result says what was found; without a key nothing was changed. Raises `StaleVersion`.
    """
    with transaction.atomic():
        received = receive_ssh_key(caller=caller, organisation=system.organisation, data=data, at=at)
        if received.key is not None:
            before = told(system)
            system.ssh_key, system.next_ssh_key, system.ssh_key_until = received.key, None, None
            forget_checks(system)
            write(caller=caller, system=system, version=version, tag=Tag.SSH_KEY_UPLOADED, before=before)
        return received


@transaction.atomic
def remove_ssh_key(*, caller: Caller, system: System, version: int, reason: str = "") -> None:
    """Take the key away from the system; one in rotation beside it takes its place. Raises `StaleVersion`."""
    before = told(system)
    promote(system)
    forget_checks(system)
    write(caller=caller, system=system, version=version, tag=Tag.SSH_KEY_REMOVED, before=before, reason=reason)
