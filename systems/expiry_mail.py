"""The mail about certificates that expire: for each reader what concerns them, as it is while the mail is sent."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from organisations.mail import about
from organisations.mail_preferences import choice_context
from organisations.models import Mail, Organisation
from systems.credential_words import common_name
from systems.expiry import REPLACED, contacts_of
from systems.models import ExpiryDigest, ExpiryNotice, System
from systems.swap_requests import administrators


@dataclass(frozen=True)
class Line:
    """One certificate in the mail; `days` are those left, negative when it is over; `is_own` the reader's own MOCES."""

    name: str
    until: dt.datetime
    days: int
    systems: str
    url: str
    is_own: bool


def digest_mail(mail: Mail) -> dict[str, Any] | None:
    """Return what the mail tells its reader; None when nothing of it concerns them any more."""
    digest = ExpiryDigest.objects.select_related("organisation").filter(pk=about(mail)).first()
    if digest is None:
        return None
    at = timezone.now()
    notices = ExpiryNotice.objects.filter(organisation=digest.organisation, day=digest.day)
    kept = notices.select_related("certificate__user").order_by("certificate__not_after")
    told = [(notice, line) for notice in kept if (line := _line(mail, digest.organisation, notice, at))]
    if not told:
        return None
    expiring = [line for notice, line in told if notice.threshold != REPLACED]
    replaced = [line for notice, line in told if notice.threshold == REPLACED]
    nearest = expiring[0] if expiring else None
    of_systems = any(not line.is_own for line in expiring)
    return {"expiring": expiring, "replaced": replaced, "nearest": nearest, "of_systems": of_systems} | choice_context(
        mail
    )


def _line(mail: Mail, organisation: Organisation, notice: ExpiryNotice, at: dt.datetime) -> Line | None:
    certificate, owner = notice.certificate, notice.certificate.user
    if owner is not None:
        page, names = "moces_upload", []
        if owner.email.casefold() != mail.to.casefold():
            return None
        path = reverse(page, args=[organisation.cvr_number])
    else:
        names = list(_concerned(mail, organisation, notice, at))
        path = reverse("certificate", args=[organisation.cvr_number, certificate.pk])
        if not names:
            return None
    return Line(
        name=common_name(certificate.subject),
        until=certificate.not_after,
        days=(timezone.localdate(certificate.not_after) - timezone.localdate(at)).days,
        systems=", ".join(names),
        url=f"{settings.ADGANG_BASE_URL}{path}",
        is_own=owner is not None,
    )


def _concerned(mail: Mail, organisation: Organisation, notice: ExpiryNotice, at: dt.datetime) -> Iterator[str]:
    """Yield the systems of the notice that concern the reader: all for an administrator, else those they stand for."""
    administers = mail.to.casefold() in {user.email.casefold() for user in administrators(organisation, at)}
    for system in System.objects.filter(pk__in=notice.systems):
        if administers or mail.to.casefold() in {email.casefold() for email in contacts_of(system)}:
            yield system.name
