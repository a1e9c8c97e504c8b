"""Rotation of a system's SSH key: the next one is registered beside the present one, and both count until that retires.

So the server can learn the new key before the system uses it, and no delivery is lost in between.
"""

import datetime as dt
import uuid
from dataclasses import replace

import structlog
from django.db import transaction

from adgang.lib.findings import Finding, finding
from adgang.lib.registered import StaleVersion
from certificates.models import SshKey
from certificates.uploading import ReceivedKey, receive_ssh_key
from organisations.callers import Caller
from organisations.event_tags import Tag
from systems.health import forget_checks
from systems.models import System
from systems.writing import stored, told, write

log = structlog.get_logger("adgang.key_rotation")


def add_next_key(
    *, caller: Caller, system: System, version: int, data: bytes, at: dt.datetime, until: dt.datetime | None = None
) -> ReceivedKey:
    """Judge an uploaded SSH public key and, when nothing refuses it, let it count beside the present one.

    `until`: when the present key retires by itself; None: when somebody says so. The present key itself is refused
    (`rotation.same_key`). The system has a key. Raises `StaleVersion`.
    """
    with transaction.atomic():
        received = receive_ssh_key(caller=caller, organisation=system.organisation, data=data, at=at)
        if received.key is None:
            return received
        if _is_present(system, received.key):
            transaction.set_rollback(True)
            return ReceivedKey(replace(received.verdict, findings=(*received.findings, finding("rotation.same_key"))))
        before = told(system)
        system.next_ssh_key, system.ssh_key_until = received.key, until
        write(caller=caller, system=system, version=version, tag=Tag.SSH_KEY_UPLOADED, before=before)
    return received


def _is_present(system: System, key: SshKey) -> bool:
    return system.ssh_key is not None and system.ssh_key.fingerprint == key.fingerprint


@transaction.atomic
def retire(*, caller: Caller, system: System, version: int) -> list[Finding]:
    """Take the present key away and let the next one stand alone. Returns what refuses it. Raises `StaleVersion`."""
    if system.next_ssh_key is None:
        return [finding("rotation.no_next_key")]
    before = told(system)
    promote(system)
    forget_checks(system)
    write(caller=caller, system=system, version=version, tag=Tag.SSH_KEY_RETIRED, before=before)
    return []


def promote(system: System) -> None:
    """Let the next key, or none, stand alone on the unsaved system."""
    system.ssh_key, system.next_ssh_key, system.ssh_key_until = system.next_ssh_key, None, None


@transaction.atomic
def give_up(*, caller: Caller, system: System, version: int) -> None:
    """Take the next key away; the present one stays, and retires no more. Raises `StaleVersion`."""
    before = told(system)
    system.next_ssh_key = system.ssh_key_until = None
    write(caller=caller, system=system, version=version, tag=Tag.SSH_KEY_REMOVED, before=before)


def retire_due(*, caller: Caller, at: dt.datetime) -> int:
    """Retire every key whose date has come; returns how many.

    A system that somebody saves at this very moment is taken at the next tick.
    """
    due = list(System.objects.filter(ssh_key_until__lte=at).values_list("pk", flat=True))
    return sum(_retire(system_id, caller=caller, at=at) for system_id in due)


def _retire(system_id: uuid.UUID, *, caller: Caller, at: dt.datetime) -> bool:
    system = stored(system_id)
    if system is None or system.ssh_key_until is None or system.ssh_key_until > at:
        return False
    try:
        return not retire(caller=caller, system=system, version=system.version)
    except StaleVersion:
        log.info("key not retired yet", system=str(system_id))
        return False
