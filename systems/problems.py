"""What the rooms below may learn of systems: open problems, links, and what a departing person leaves."""

import datetime as dt
import uuid
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adgang.lib.dates import day
from adgang.lib.problems import Problem, Weight
from organisations.models import Organisation, User
from systems.connected import Lack, connected
from systems.models import System
from systems.showing import EXPIRES_SOON, credential_until


def open_problems(organisation: Organisation) -> list[Problem]:
    """Return what needs attention about the organisation's systems in service."""
    at = timezone.now()
    systems = list(System.objects.filter(organisation=organisation).in_service(at).with_page_data())
    return [*_unconnected(systems, at), *_expiring(systems, at), *_no_default(organisation, systems)]


def system_url(system: System) -> str:
    """Return the URL of the system's page."""
    return reverse("system", args=[system.organisation.cvr_number, system.pk])


def _unconnected(systems: list[System], at: dt.datetime) -> Iterator[Problem]:
    for system in systems:
        lack = connected(system, at).lack
        if lack is Lack.CREDENTIAL:
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
    for system in systems:
        until = credential_until(system, at)
        if until is not None and at < until <= at + EXPIRES_SOON and system.next_certificate is None:
            yield Problem(
                weight=Weight.WARNING,
                text=_("The certificate of %(system)s expires on %(date)s.")
                % {"system": system.name, "date": day(until)},
                cure=_("Order a new one and upload it, if you like for a date."),
                url=system_url(system),
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
    """Return the URL of a logged system; "" for what is not of this room."""
    if kind == "system" and System.objects.filter(pk=object_id, organisation=organisation).exists():
        return reverse("system", args=[organisation.cvr_number, object_id])
    return ""


def departures(user: User, organisation: Organisation) -> list[str]:
    """Return the systems for which the person stands as a contact."""
    own = Q(technical_contact_email__iexact=user.email) | Q(business_contact_email__iexact=user.email)
    names = list(System.objects.filter(own, organisation=organisation).values_list("name", flat=True))
    if not names:
        return []
    text = ngettext("Contact of the system %(names)s", "Contact of the systems %(names)s", len(names))
    return [text % {"names": ", ".join(names)}]
