"""A revoked certificate is taken out of force in every system that stands on it, and people are told.

Found by asking which systems use a certificate that is known to be revoked: a lost worker leaves nothing half done, for
the next tick asks the same. One transaction for each system: the change, its event, the note for the overview, mails.
"""

import datetime as dt
import uuid
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from adgang.lib.registered import StaleVersion
from certificates.models import Certificate, Revocation
from certificates.revocation.standing import known
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.mail import about, queue_mail
from organisations.models import Mail
from systems.expiry import LANGUAGE, contacts_of
from systems.models import RevokedUse, System
from systems.swap_requests import administrators
from systems.writing import stored, told, write

log = structlog.get_logger("adgang.revocation")

REVOKED = "certificate_revoked"
CALLER = "take_out_of_force"


def standing_on_revoked() -> Q:
    """Return the condition of systems whose certificate, in force or staged, is revoked."""
    return Q(certificate__standing__revocation=Revocation.REVOKED) | Q(
        next_certificate__standing__revocation=Revocation.REVOKED
    )


def take_out_of_force(*, at: dt.datetime) -> int:
    """Take every revoked certificate out of force; returns in how many systems. Doing it again does nothing.

    A system that somebody saves at this very moment is taken at the next tick.
    """
    found = System.objects.filter(standing_on_revoked()).values_list("pk", flat=True)
    return sum(_take(system_id, at=at) for system_id in list(found))


def _take(system_id: uuid.UUID, *, at: dt.datetime) -> bool:
    system = stored(system_id)
    if system is None:
        return False
    before, uses = told(system), []
    if is_revoked(system.certificate):
        uses.append(RevokedUse(system=system, certificate=system.certificate, staged=False, taken=at))
        system.certificate = None
    if is_revoked(system.next_certificate):
        uses.append(RevokedUse(system=system, certificate=system.next_certificate, staged=True, taken=at))
        system.next_certificate = system.next_certificate_from = None
    if not uses:
        return False
    try:
        with transaction.atomic():
            RevokedUse.objects.bulk_create(uses, ignore_conflicts=True)
            _mail(system, uses[0], at)
            caller = Caller.task(CALLER)
            write(caller=caller, system=system, version=system.version, tag=Tag.CERTIFICATE_REVOKED, before=before)
    except StaleVersion:
        return False
    log.warning("revoked certificate out of force", system=str(system_id))
    return True


def is_revoked(certificate: Certificate | None) -> bool:
    """Say whether a certificate is known to be revoked."""
    standing = getattr(certificate, "standing", None)
    return standing is not None and standing.revocation == Revocation.REVOKED


def _mail(system: System, use: RevokedUse, at: dt.datetime) -> None:
    to = dict.fromkeys(contacts_of(system), LANGUAGE)
    to |= {user.email: user.language for user in administrators(system.organisation, at)}
    kept = RevokedUse.objects.get(system=system, certificate=use.certificate)
    for address, language in to.items():
        queue_mail(kind=REVOKED, to=address, organisation=system.organisation, object_id=kept.pk, language=language)


def revoked_mail(mail: Mail) -> dict[str, Any] | None:
    """Return the use, and the page on which another certificate is uploaded."""
    uses = RevokedUse.objects.select_related("system__organisation", "certificate__standing")
    use = uses.filter(pk=about(mail)).first()
    if use is None:
        return None
    system = use.system
    path = reverse("system", args=[system.organisation.cvr_number, system.pk])
    return {"use": use, "finding": found(use), "url": f"{settings.ADGANG_BASE_URL}{path}"}


def found(use: RevokedUse) -> str:
    """Return what is known of the revocation, in the reader's language."""
    return known(use.certificate, at=use.taken).finding().message
