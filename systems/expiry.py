"""Telling people that certificates expire: 90, 60, 30, 14, 7, 3 and 1 days before, on the day, and when it is replaced.

Each threshold is told once, on first sight only the nearest. What is new for an organisation on a day goes out in one
mail to each person. Notices, the day's digest and its mails are one transaction, so a lost worker leaves nothing half
done: the next tick finds the same again.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from certificates.kinds import Kind
from certificates.models import Certificate
from organisations.holding import memberships
from organisations.mail import queue_mail
from organisations.mail_preferences import addressees
from organisations.mail_topics import Topic
from organisations.models import Organisation, User
from systems.models import ExpiryDigest, ExpiryNotice, System
from systems.swap_requests import administrators

THRESHOLDS = (0, 1, 3, 7, 14, 30, 60, 90)  # days
REPLACED = -1
DAY = dt.timedelta(days=1)
HORIZON = (max(THRESHOLDS) + 1) * DAY
REMEMBERED = 200 * DAY  # how long after the last notice a replacement is still told of
DIGEST = "certificates_expire"
LANGUAGE = "da"  # of contacts who have no account


@dataclass
class Expiring:
    """A certificate near its end, or past it, in an organisation; `systems` use it, none for a person's own."""

    organisation: Organisation
    certificate: Certificate
    systems: list[System] = field(default_factory=list)

    @property
    def key(self) -> tuple[uuid.UUID, str]:
        """What is told of once for each threshold."""
        return self.organisation.pk, self.certificate.sha256


def threshold(until: dt.datetime, at: dt.datetime) -> int | None:
    """Return the nearest threshold that has been passed, in days of the calendar; None before the first."""
    days = (timezone.localdate(until) - timezone.localdate(at)).days
    return next((one for one in THRESHOLDS if days <= one), None)


def tell(*, at: dt.datetime) -> int:
    """Tell every organisation what is new today; returns how many were told of something."""
    news: dict[Organisation, list[ExpiryNotice]] = {}
    expiring = [*_of_systems(at), *_of_people(at)]
    for notice in [*_passed(expiring, at), *_replaced(at)]:
        news.setdefault(notice.organisation, []).append(notice)
    return sum(_publish(organisation, notices, at) for organisation, notices in news.items())


@transaction.atomic
def _publish(organisation: Organisation, notices: list[ExpiryNotice], at: dt.datetime) -> bool:
    """Write the day's digest with its mails; False when today's has gone out, and the rest waits until tomorrow."""
    digest, made = ExpiryDigest.objects.get_or_create(
        organisation=organisation, day=timezone.localdate(at), defaults={"queued": at}
    )
    if not made:
        return False
    ExpiryNotice.objects.bulk_create(notices, ignore_conflicts=True)
    for address, language in recipients(organisation, notices, at).items():
        queue_mail(kind=DIGEST, to=address, organisation=organisation, object_id=digest.pk, language=language)
    return True


def recipients(organisation: Organisation, notices: Iterable[ExpiryNotice], at: dt.datetime) -> dict[str, str]:
    """Return the addresses that are told of some notices, each with its language."""
    concerned = {system_id for notice in notices for system_id in notice.systems}
    contacts = [email for system in System.objects.filter(pk__in=concerned) for email in contacts_of(system)]
    people: list[User] = administrators(organisation, at) if concerned else []
    people += [notice.certificate.user for notice in notices if notice.certificate.user]
    return addressees(Topic.EXPIRY, organisation, people=people, contacts=contacts)


def contacts_of(system: System) -> list[str]:
    """Return the addresses of a system's technical and business contacts."""
    return [email for email in (system.technical_contact_email, system.business_contact_email) if email]


def _passed(expiring: Iterable[Expiring], at: dt.datetime) -> Iterator[ExpiryNotice]:
    known = set(ExpiryNotice.objects.exclude(threshold=REPLACED).values_list("organisation_id", "sha256", "threshold"))
    for one in expiring:
        passed = threshold(one.certificate.not_after, at)
        if passed is None or any((*one.key, nearer) in known for nearer in THRESHOLDS if nearer <= passed):
            continue
        yield _notice(one, passed, at)


def _notice(one: Expiring, passed: int, at: dt.datetime) -> ExpiryNotice:
    return ExpiryNotice(
        organisation=one.organisation,
        certificate=one.certificate,
        sha256=one.certificate.sha256,
        threshold=passed,
        day=timezone.localdate(at),
        systems=[str(system.pk) for system in one.systems],
    )


def _of_systems(at: dt.datetime) -> Iterator[Expiring]:
    """Yield what is in force in systems not out of service and ends soon; one that is staged to follow is enough."""
    soon = System.objects.filter(certificate__not_after__lte=at + HORIZON)
    standing = soon.exclude(active_to__lte=at).filter(next_certificate=None)
    found: dict[tuple[uuid.UUID, str], Expiring] = {}
    for system in standing.select_related("organisation", "certificate").order_by("name"):
        if system.certificate is not None and not system.needs.ssh:
            one = Expiring(system.organisation, system.certificate)
            found.setdefault(one.key, one).systems.append(system)
    yield from found.values()


def _of_people(at: dt.datetime) -> Iterator[Expiring]:
    """Yield the employee certificates that end soon, of people with a role who have no later one."""
    own = Certificate.objects.filter(kind=Kind.MOCES, user__is_active=True, not_after__lte=at + HORIZON)
    held = memberships(at=at)
    later = _latest(at)
    for one in own.select_related("organisation", "user"):
        key = (one.user_id, one.organisation_id)
        if key in held and later.get(key) == one.sha256:
            yield Expiring(one.organisation, one)


def _latest(at: dt.datetime) -> dict[tuple[uuid.UUID, uuid.UUID], str]:
    rows = Certificate.objects.filter(kind=Kind.MOCES, user__isnull=False, not_before__lte=at).order_by("not_after")
    return {
        (user, organisation): sha256
        for user, organisation, sha256 in rows.values_list("user_id", "organisation_id", "sha256")
    }


def _replaced(at: dt.datetime) -> Iterator[ExpiryNotice]:
    """Yield what people were told of and has another in its place now."""
    over = ExpiryNotice.objects.filter(threshold=REPLACED).values_list("organisation_id", "sha256")
    done = set(over)
    told = ExpiryNotice.objects.exclude(threshold=REPLACED).filter(day__gte=timezone.localdate(at) - REMEMBERED)
    latest = {
        (one.organisation_id, one.sha256): one for one in told.select_related("organisation", "certificate__user")
    }
    for key, notice in latest.items():
        successor = None if key in done else _successor(notice)
        if successor is not None:
            yield ExpiryNotice(
                organisation=notice.organisation,
                certificate=notice.certificate,
                sha256=notice.sha256,
                threshold=REPLACED,
                day=timezone.localdate(at),
                systems=notice.systems,
                replaced_by=successor.sha256,
            )


def _successor(notice: ExpiryNotice) -> Certificate | None:
    """Return what took the place of a certificate in every system that used it, or with its person."""
    own = notice.certificate
    if own.user is not None:
        later = Certificate.objects.of_person(own.user, notice.organisation).filter(not_after__gt=own.not_after)
        found: Certificate | None = later.first()
        return found
    systems = System.objects.filter(pk__in=notice.systems).select_related("certificate")
    present = [system.certificate for system in systems]
    if not present or any(one is None or one.not_after <= own.not_after for one in present):
        return None
    return present[0]
