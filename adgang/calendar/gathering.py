"""What stands in a person's calendar of an organisation: what they may see there, and nothing else."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.calendar.ics import CalendarEvent
from certificates.kinds import Kind
from certificates.models import Certificate
from organisations.callers import Caller
from organisations.models import Organisation, SecretLink
from organisations.rights import Right
from systems.credential_words import common_name
from systems.models import System

CERTIFICATE_ALARMS = (30, 7, 1)
DEADLINE_ALARMS = (14, 2)
PAST = dt.timedelta(days=60)


def gather(caller: Caller, organisation: Organisation, link: SecretLink, *, at: dt.datetime) -> list[CalendarEvent]:
    """Return the events, by date: certificates in use, the person's own, the deadlines, the link's own end."""
    found = [
        *_certificates(caller, organisation, at),
        *_own(caller, organisation, at),
        *_deadlines(caller, organisation),
        _link_ends(organisation, link),
    ]
    return sorted(found, key=lambda event: (event.day, event.uid))


def _certificates(caller: Caller, organisation: Organisation, at: dt.datetime) -> Iterator[CalendarEvent]:
    only = caller.grants(organisation).systems(Right.SYSTEMS_VIEW)
    systems = System.objects.filter(organisation=organisation).visible_to(only).exclude(active_to__lte=at)
    users: dict[str, list[str]] = {}
    certificates: dict[str, Certificate] = {}
    for system in systems.select_related("certificate", "next_certificate").order_by("name"):
        for certificate in (system.certificate, system.next_certificate):
            if certificate is not None and certificate.not_after > at - PAST:
                certificates[certificate.sha256] = certificate
                users.setdefault(certificate.sha256, []).append(system.name)
    for sha256, certificate in certificates.items():
        systems_text = _("Used by %(systems)s.") % {"systems": ", ".join(users[sha256])}
        yield _expiry(organisation, certificate, systems_text)


def _own(caller: Caller, organisation: Organisation, at: dt.datetime) -> Iterator[CalendarEvent]:
    if caller.user is not None:
        mine = Certificate.objects.of_person(caller.user, organisation).filter(not_after__gt=at - PAST)
        for certificate in mine:
            yield _expiry(organisation, certificate, _("Your own employee certificate (MOCES)."))


def _expiry(organisation: Organisation, certificate: Certificate, text: str) -> CalendarEvent:
    if certificate.kind == Kind.MOCES:
        path = reverse("moces_upload", args=[organisation.cvr_number])
    else:
        path = reverse("certificate", args=[organisation.cvr_number, certificate.pk])
    until = timezone.localtime(certificate.not_after)
    moment = _("It expires at %(time)s.") % {"time": f"{until:%H.%M}"}
    return CalendarEvent(
        uid=_uid(f"certificate-{certificate.sha256}-{organisation.pk}"),
        day=until.date(),
        title=_("%(name)s expires (%(organisation)s)")
        % {"name": common_name(certificate.subject), "organisation": organisation.name},
        text=f"{text} {moment}",
        url=_address(path),
        stamp=certificate.uploaded,
        alarms=CERTIFICATE_ALARMS,
    )


def _deadlines(caller: Caller, organisation: Organisation) -> Iterator[CalendarEvent]:
    if not caller.may(Right.OVERVIEW_VIEW, organisation):
        return
    for deadline in organisation.deadlines.all():
        yield CalendarEvent(
            uid=_uid(f"deadline-{deadline.pk}"),
            day=deadline.date,
            title=f"{deadline.get_kind_display().capitalize()} ({organisation.name})",
            text=deadline.source,
            url=_address(reverse("overview", args=[organisation.cvr_number])),
            stamp=deadline.updated,
            alarms=DEADLINE_ALARMS,
        )


def _link_ends(organisation: Organisation, link: SecretLink) -> CalendarEvent:
    return CalendarEvent(
        uid=_uid(f"link-{link.pk}"),
        day=timezone.localdate(link.expires),
        title=_("This calendar ends (%(organisation)s)") % {"organisation": organisation.name},
        text=_("Make a new address on the page, if you still need it."),
        url=_address(reverse("calendar", args=[organisation.cvr_number])),
        stamp=link.created,
        alarms=(7,),
    )


def _uid(name: str) -> str:
    return f"{name}@{urlsplit(settings.ADGANG_BASE_URL).hostname or 'adgang.invalid'}"


def _address(path: str) -> str:
    return f"{settings.ADGANG_BASE_URL}{path}"
