"""What the rooms below may learn of systems: open problems, links, and what a departing person leaves."""

import datetime as dt
import uuid
from collections.abc import Iterator

from django.db.models import F, Model, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.dates import day, moment
from adgang.lib.problems import Problem, Weight
from certificates.models import Certificate, SshKey
from organisations.models import Organisation, User
from systems.connected import Lack, connected
from systems.deliveries import countdown
from systems.lifecycle import certificate_at
from systems.models import CertificateSwapRequest, CheckBatch, RevokedUse, System, SystemTemplate, TemplateUse
from systems.refused import refusals
from systems.showing import EXPIRES_SOON

SHOWN_NAMES = 5
# The kinds of logged objects that have a page here, by the names that the log gives them.
PAGES: dict[str, tuple[type[Model], str]] = {
    "system": (System, "system"),
    "certificate": (Certificate, "certificate"),
    "sshkey": (SshKey, "public_key"),
    "checkbatch": (CheckBatch, "check_batch"),
    "systemtemplate": (SystemTemplate, "system_template"),
    "certificateswaprequest": (CertificateSwapRequest, "swap_request"),
}


def open_problems(organisation: Organisation) -> list[Problem]:
    """Return what needs attention about the organisation's systems in service."""
    at = timezone.now()
    systems = list(System.objects.filter(organisation=organisation).in_service(at).with_page_data())
    revoked = revoked_uses(systems)
    return [
        *_revoked(revoked),
        *_refused(systems),
        *_undelivered(systems, at),
        *_failing(systems, at),
        *_expired(systems, at),
        *_unconnected([system for system in systems if system.pk not in revoked], at),
        *_expiring(systems, at),
        *_no_default(organisation, systems),
        *_asked(organisation),
        *_offered(organisation),
    ]


def system_url(system: System) -> str:
    """Return the URL of the system's page."""
    return reverse("system", args=[system.organisation.cvr_number, system.pk])


def by_certificate(systems: list[System], at: dt.datetime) -> Iterator[tuple[Certificate, list[System]]]:
    """Yield each certificate that is in force in some systems, with those systems; what is staged follows by itself."""
    certificates: dict[str, Certificate] = {}
    users: dict[str, list[System]] = {}
    for system in systems:
        certificate = None if system.needs.ssh else certificate_at(system, at)
        if certificate is not None and system.next_certificate is None:
            certificates.setdefault(certificate.sha256, certificate)
            users.setdefault(certificate.sha256, []).append(system)
    for sha256, using in users.items():
        yield certificates[sha256], using


def _expired(systems: list[System], at: dt.datetime) -> Iterator[Problem]:
    for certificate, using in by_certificate(systems, at):
        if certificate.not_after <= at:
            text = ngettext(
                "The certificate of %(systems)s expired on %(date)s, and the system is in service.",
                "The certificate of %(systems)s expired on %(date)s, and the systems are in service.",
                len(using),
            )
            yield Problem(
                weight=Weight.ERROR,
                text=text % {"systems": names_of(using), "date": day(certificate.not_after)},
                cure=_("Order a new one today, upload it and put it into every system that uses the old one."),
                url=certificate_url(using[0], certificate),
            )


def names_of(systems: list[System]) -> str:
    """Return the names of some systems, the first few when they are many."""
    names = [system.name for system in systems]
    if len(names) <= SHOWN_NAMES:
        return ", ".join(names)
    more = len(names) - SHOWN_NAMES
    return _("%(names)s and %(count)s more") % {"names": ", ".join(names[:SHOWN_NAMES]), "count": more}


def certificate_url(system: System, certificate: Certificate) -> str:
    """Return the URL of the page of the certificate that a system uses."""
    return reverse("certificate", args=[system.organisation.cvr_number, certificate.pk])


def is_expired(system: System, at: dt.datetime) -> bool:
    """Say whether the system stands on a certificate that has expired, with none to follow it."""
    return any(certificate.not_after <= at for certificate, _using in by_certificate([system], at))


def revoked_uses(systems: list[System]) -> dict[uuid.UUID, RevokedUse]:
    """Return the systems that have had no certificate since theirs was revoked, each with that use of it."""
    bare = [system.pk for system in systems if system.certificate is None]
    uses = RevokedUse.objects.filter(system__in=bare, staged=False).order_by("taken")
    return {use.system_id: use for use in uses.select_related("system__organisation", "certificate__standing")}


def _revoked(revoked: dict[uuid.UUID, RevokedUse]) -> Iterator[Problem]:
    for use in revoked.values():
        when = day(use.certificate.standing.revoked_at or use.taken)
        text = _(
            "The certificate of %(system)s was revoked on %(date)s and is out of force; the system stands without."
        )
        yield Problem(
            weight=Weight.ERROR,
            first=True,
            text=text % {"system": use.system.name, "date": when},
            cure=_("Order a new one in MitID Erhverv today, and upload it on the system's page."),
            url=system_url(use.system),
        )


def _refused(systems: list[System]) -> Iterator[Problem]:
    """What the night finds wrong that was right at upload: an issuer was removed, a rule sharpened."""
    for refusal in refusals(systems):
        text = (
            _("The SSH key of %(system)s is no longer accepted. %(found)s")
            if refusal.is_key
            else _("The certificate of %(system)s is no longer accepted. %(found)s")
        )
        yield Problem(
            weight=Weight.ERROR,
            text=text % {"system": names_of(refusal.systems), "found": refusal.found.message},
            cure=refusal.found.remedy,
            url=refusal.path,
        )


def _undelivered(systems: list[System], at: dt.datetime) -> Iterator[Problem]:
    for system in systems:
        count = countdown(getattr(system, "deliveries", None), at=at) if system.is_recipient else None
        if count is not None:
            text = ngettext(
                "Nothing can be delivered to %(system)s: %(count)s day is left of seven.",
                "Nothing can be delivered to %(system)s: %(count)s days are left of seven.",
                count.left,
            )
            yield Problem(
                weight=Weight.ERROR,
                first=True,
                text=text % {"system": system.name, "count": count.left},
                cure=_("Mend the fault and test the connection: one delivery that succeeds is enough."),
                url=health_url(system),
            )


def _failing(systems: list[System], at: dt.datetime) -> Iterator[Problem]:
    for system in systems:
        health = system.known_health
        if health is not None and health.is_failing and health.state_since:
            text = _("The checks of %(system)s have failed since %(time)s.")
            yield Problem(
                weight=Weight.ERROR,
                text=text % {"system": system.name, "time": moment(health.state_since)},
                cure=_("See what the last check found, and what to do about it."),
                url=health_url(system),
            )


def health_url(system: System) -> str:
    """Return the URL of the page of the system's health."""
    return reverse("system_health", args=[system.organisation.cvr_number, system.pk])


def _asked(organisation: Organisation) -> Iterator[Problem]:
    waiting = CertificateSwapRequest.objects.filter(organisation=organisation).waiting().select_related("asked_by")
    for request in waiting:
        yield Problem(
            weight=Weight.WARNING,
            text=_("%(asker)s asks you to replace a certificate.") % {"asker": request.asked_by.name},
            cure=_("Look at the request, and accept or decline it."),
            url=reverse("swap_request", args=[organisation.cvr_number, request.pk]),
        )


def _offered(organisation: Organisation) -> Iterator[Problem]:
    """What a vendor has changed in its standard system, and nobody here has answered."""
    uses = TemplateUse.objects.filter(system__organisation=organisation, template__retired=None)
    waiting = uses.filter(edition__lt=F("template__edition")).select_related("system", "template__organisation")
    for use in waiting:
        values = {"vendor": use.template.organisation.name, "system": use.system.name}
        yield Problem(
            weight=Weight.NOTICE,
            text=_("%(vendor)s has changed the standard system that %(system)s is made from.") % values,
            cure=_("Look at what is new, and decide what to take over."),
            url=reverse("system_template_offer", args=[organisation.cvr_number, use.system_id]),
        )


def _unconnected(systems: list[System], at: dt.datetime) -> Iterator[Problem]:
    for system in systems:
        lack = connected(system, at).lack
        if lack is Lack.CREDENTIAL and not is_expired(system, at):
            yield Problem(
                weight=Weight.ERROR,
                text=_("%(system)s is in service without a certificate or key in force.") % {"system": system.name},
                cure=_("Upload one on the system's page."),
                url=system_url(system),
            )
        elif lack is Lack.SIGN:
            yield Problem(
                weight=Weight.WARNING,
                text=_("%(system)s is in service, but nothing shows that it is connected.") % {"system": system.name},
                cure=_("Check the connection, or let a person confirm it."),
                url=system_url(system),
            )


def _expiring(systems: list[System], at: dt.datetime) -> Iterator[Problem]:
    for certificate, using in by_certificate(systems, at):
        if at < certificate.not_after <= at + EXPIRES_SOON:
            values = {"system": names_of(using), "date": day(certificate.not_after)}
            yield Problem(
                weight=Weight.WARNING,
                text=_("The certificate of %(system)s expires on %(date)s.") % values,
                cure=_("Order a new one and upload it, if you like for a date."),
                url=certificate_url(using[0], certificate),
            )


def _no_default(organisation: Organisation, systems: list[System]) -> Iterator[Problem]:
    if any(system.is_recipient for system in systems) and not any(system.is_default_recipient for system in systems):
        yield Problem(
            weight=Weight.WARNING,
            text=_("No recipient system in service is the default one."),
            cure=_("Make one of them the default: it receives what is addressed to no contact point."),
            url=reverse("systems", args=[organisation.cvr_number]),
        )


def object_link(kind: str, object_id: uuid.UUID, organisation: Organisation) -> str:
    """Return the URL of a logged system or of its credentials; "" for what is not of this room."""
    if kind in PAGES:
        model, name = PAGES[kind]
        if model._default_manager.filter(pk=object_id, organisation=organisation).exists():
            return reverse(name, args=[organisation.cvr_number, object_id])
    return ""


def departures(user: User, organisation: Organisation) -> list[str]:
    """Return the systems for which the person stands as a contact."""
    own = Q(technical_contact_email__iexact=user.email) | Q(business_contact_email__iexact=user.email)
    names = list(System.objects.filter(own, organisation=organisation).values_list("name", flat=True))
    if not names:
        return []
    text = ngettext("Contact of the system %(names)s", "Contact of the systems %(names)s", len(names))
    return [text % {"names": ", ".join(names)}]
