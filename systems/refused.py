"""Certificates and keys in use that were accepted once and are no longer, told to those whose systems stand on them.

The night finds them (`certificates.revocation.refusing`) and marks what is new as untold. An organisation is told when
nothing of it is waiting to be judged any more, so that one mail tells of all that went wrong together; its text is what
is refused when it is sent, each reader's own systems, and to administrators all of them.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from adgang.lib.findings import Finding
from certificates.models import Certificate, KeyStanding, SshKey, Standing
from certificates.revocation.refusing import LEASE, AnyModel
from organisations.mail import queue_mail
from organisations.models import Mail, Organisation
from systems.expiry import LANGUAGE, contacts_of
from systems.models import System
from systems.swap_requests import administrators

log = structlog.get_logger("adgang.revocation")

REFUSED = "credentials_refused"
MODELS: tuple[AnyModel, ...] = (Standing, KeyStanding)


@dataclass(frozen=True)
class Refusal:
    """A certificate or key that is no longer accepted, the first thing that refuses it, and the systems that use it."""

    credential: Certificate | SshKey
    found: Finding
    systems: list[System]

    @property
    def is_key(self) -> bool:
        """Whether it is an SSH key."""
        return isinstance(self.credential, SshKey)

    @property
    def names(self) -> str:
        """The systems by name."""
        return ", ".join(system.name for system in self.systems)

    @property
    def path(self) -> str:
        """The path of the credential's page."""
        cvr = self.systems[0].organisation.cvr_number
        return reverse("public_key" if self.is_key else "certificate", args=[cvr, self.credential.pk])

    @property
    def url(self) -> str:
        """The whole address of that page, for a mail."""
        return f"{settings.ADGANG_BASE_URL}{self.path}"


def refusals(systems: Iterable[System]) -> list[Refusal]:
    """Return what some systems use, now or from a date, and the night has found refused; each credential once.

    The systems come `with_page_data`.
    """
    found: dict[str, Refusal] = {}
    for system in systems:
        for credential in _credentials(system):
            standing = getattr(credential, "standing", None)
            if standing is not None and standing.errors:
                mark = credential.sha256 if isinstance(credential, Certificate) else credential.fingerprint
                found.setdefault(mark, Refusal(credential, standing.errors[0], [])).systems.append(system)
    return list(found.values())


def _credentials(system: System) -> Iterator[Certificate | SshKey]:
    needed = (
        (system.ssh_key, system.next_ssh_key) if system.needs.ssh else (system.certificate, system.next_certificate)
    )
    yield from (credential for credential in needed if credential is not None)


def misplaced(certificates: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of the certificates of vendors that stand in a system which names another vendor, or none."""
    wrong = ~Q(certificate__cvr=F("organisation__cvr_number")) & ~Q(certificate__cvr=F("delegated_cvr"))
    return set(System.objects.filter(wrong, certificate__in=certificates).values_list("certificate", flat=True))


def tell(*, at: dt.datetime) -> int:
    """Tell every organisation in which something new is refused, once; returns how many were told."""
    ready = {pk for model in MODELS for pk in _holders(model, Q(untold=True))}
    for model in MODELS if ready else ():
        # Waiting to be judged, or being judged by some worker.
        ready -= _holders(model, Q(due__lte=at + LEASE) & model.TO_JUDGE)
    return sum(_tell(organisation, at) for organisation in Organisation.objects.filter(pk__in=ready))


def _holders(model: AnyModel, which: Q) -> set[uuid.UUID]:
    return set(model._default_manager.filter(which).values_list(model.HOLDER, flat=True).distinct())


@transaction.atomic
def _tell(organisation: Organisation, at: dt.datetime) -> bool:
    """Queue the mails of one organisation; False when another worker has just done so, or nobody uses what is refused.

    The row that is no longer untold and the mails are one transaction: a lost worker leaves it to the next tick.
    """
    taken = [
        model._default_manager.filter(untold=True, **{model.HOLDER: organisation}).update(untold=False)
        for model in MODELS
    ]
    found = refusals(_standing(organisation, at)) if any(taken) else []
    using = {system.pk: system for refusal in found for system in refusal.systems}
    to = dict.fromkeys((address for system in using.values() for address in contacts_of(system)), LANGUAGE)
    to |= {user.email: user.language for user in administrators(organisation, at)} if using else {}
    for address, language in to.items():
        queue_mail(kind=REFUSED, to=address, organisation=organisation, object_id=organisation.pk, language=language)
    log.warning("credentials no longer accepted", organisation=str(organisation.pk), systems=len(using))
    return bool(to)


def _standing(organisation: Organisation, at: dt.datetime) -> QuerySet[System]:
    """Return the systems of an organisation that are not out of service."""
    kept = System.objects.filter(organisation=organisation).exclude(active_to__lte=at)
    return kept.with_page_data().order_by("name")


def refused_mail(mail: Mail) -> dict[str, Any] | None:
    """Return what is refused now of what concerns the reader; None when nothing is any more."""
    at, organisation = timezone.now(), mail.organisation
    if organisation is None:
        return None
    systems = list(_standing(organisation, at))
    if mail.to.casefold() not in {user.email.casefold() for user in administrators(organisation, at)}:
        systems = [one for one in systems if mail.to.casefold() in {to.casefold() for to in contacts_of(one)}]
    found = refusals(systems)
    return {"refusals": found, "first": found[0]} if found else None
