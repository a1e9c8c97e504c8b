"""A staged certificate comes into force on its date."""

import datetime as dt
import uuid

import structlog
from django.db import transaction

from adgang.lib.registered import StaleVersion
from certificates.uploading import usable
from organisations.callers import Caller
from organisations.event_tags import Tag
from systems.models import System
from systems.writing import stored, told, write

log = structlog.get_logger("adgang.certificate_change")


def due(at: dt.datetime) -> list[uuid.UUID]:
    """Return the systems whose next certificate's date has come."""
    return list(System.objects.filter(next_certificate_from__lte=at).values_list("pk", flat=True))


def bring_into_force(*, caller: Caller, at: dt.datetime) -> int:
    """Bring every next certificate into force whose date has come; returns how many.

    One that nothing would accept any more stays staged, and the system's page says so. A system that somebody saves
    at this very moment is taken at the next tick.
    """
    return sum(_bring(system_id, caller=caller, at=at) for system_id in due(at))


def _bring(system_id: uuid.UUID, *, caller: Caller, at: dt.datetime) -> bool:
    system = stored(system_id)
    if system is None or system.next_certificate is None:
        return False
    system.next_certificate.organisation = system.organisation
    if not usable(system.next_certificate, at, delegated_cvr=system.delegated_cvr):
        log.warning("next certificate unusable", system=str(system_id), certificate=str(system.next_certificate_id))
        return False
    before = told(system)
    system.certificate, system.next_certificate, system.next_certificate_from = system.next_certificate, None, None
    try:
        with transaction.atomic():
            write(caller=caller, system=system, version=system.version, tag=Tag.CERTIFICATE_IN_FORCE, before=before)
    except StaleVersion:
        return False
    return True
