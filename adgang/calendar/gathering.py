"""What stands in a person's calendar of an organisation: what they may see there, and nothing else."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adgang.calendar.ics import CalendarEvent
from adgang.overview.board import board
from certificates.kinds import Kind
from certificates.models import Certificate
from organisations.callers import Caller
from organisations.grants import related
from organisations.models import Organisation, Privilege, SecretLink
from organisations.rights import Right
from systems.credential_words import common_name
from systems.models import System

CERTIFICATE_ALARMS = (30, 7, 1)
DEADLINE_ALARMS = (14, 2)
PAST = dt.timedelta(days=60)


def gather(caller: Caller, organisation: Organisation, link: SecretLink, *, at: dt.datetime) -> list[CalendarEvent]:
    """Return the events, by date: certificates and roles that end, deadlines and due dates, the link's own end."""
    found = [
        *_certificates(caller, organisation, at),
        *_own(caller, organisation, at),
        *_deadlines(caller, organisation),
        *_lines(caller, organisation, at),
        *_roles(caller, organisation, at),
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


def _lines(caller: Caller, organisation: Organisation, at: dt.datetime) -> Iterator[CalendarEvent]:
    """Yield what somebody has given a date of its own, while it is not done; the date of a whole step is a deadline."""
    if not caller.may(Right.OVERVIEW_VIEW, organisation):
        return
    for status in board(organisation, at=at).statuses:
        if status.row.due is None or status.finished:
            continue
        responsible = status.row.responsible_name
        yield CalendarEvent(
            uid=_uid(f"line-{status.row.pk}"),
            day=status.row.due,
            title=_("Due: %(line)s (%(organisation)s)")
            % {"line": status.line.title, "organisation": organisation.name},
            text=_("Responsible: %(name)s") % {"name": responsible} if responsible else "",
            url=_address(reverse("overview", args=[organisation.cvr_number])),
            stamp=status.row.updated,
            alarms=DEADLINE_ALARMS,
        )


def _roles(caller: Caller, organisation: Organisation, at: dt.datetime) -> Iterator[CalendarEvent]:
    """Yield the ends of the person's own roles, and of everybody's for whoever sees the people."""
    mine_here = {held.pk: held for held in caller.privileges if held.scope_id == organisation.pk and held.active_to}
    ending = list(mine_here.values())
    if caller.may(Right.PEOPLE_VIEW, organisation):
        everybodys = related().active(at).filter(scope=organisation, active_to__isnull=False, parent=None)
        ending = [*ending, *everybodys.exclude(pk__in=mine_here)]
    for privilege in ending:
        own = privilege.pk in mine_here
        name = caller.user if own else privilege.grantee
        values = {"role": privilege, "name": name, "organisation": organisation.name}
        mine = _("Your role %(role)s ends (%(organisation)s)")
        theirs = _("%(name)s: role %(role)s ends (%(organisation)s)")
        path = reverse("me") if own else _grantee_page(organisation, privilege)
        until = timezone.localtime(privilege.active_to)
        yield CalendarEvent(
            uid=_uid(f"role-{privilege.pk}"),
            day=until.date(),
            title=(mine if own else theirs) % values,
            text=_("It ends at %(time)s.") % {"time": f"{until:%H.%M}"},
            url=_address(path),
            stamp=privilege.updated,
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


def _grantee_page(organisation: Organisation, privilege: Privilege) -> str:
    if privilege.user_id:
        return reverse("person", args=[organisation.cvr_number, privilege.user_id])
    return reverse("people", args=[organisation.cvr_number])
