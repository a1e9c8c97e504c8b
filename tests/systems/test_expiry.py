"""Mails about certificates that expire: once for each threshold, one a day, to those whom they concern."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.utils import timezone

from certificates.models import Certificate
from organisations import mail
from organisations.models import Mail, Organisation, Privilege
from systems import expiry, tasks
from systems.models import ExpiryDigest, ExpiryNotice, Protocol, System
from tests.factories import certificates
from tests.factories.organisations import Role, organisation, user_with
from tests.factories.systems import system
from tests.systems.test_certificate_swap import holder

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NOW = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)


def ending(ours: Organisation, days: int, **options) -> Certificate:
    """Return a certificate that ends so many days from now."""
    until = NOW + days * DAY
    return certificates.certificate(
        organisation=ours,
        at=until - 900 * DAY,
        until=until,
        received=until - 100 * DAY,
        **{"holder_id": holder(), **options},
    )


def used(ours: Organisation, days: int, **fields) -> System:
    options = {"technical_contact_email": "teknik@example.org", "business_contact_email": "chef@example.org"}
    return system(organisation=ours, certificate=ending(ours, days), **(options | fields))


def thresholds() -> list[int]:
    return list(ExpiryNotice.objects.order_by("-threshold").values_list("threshold", flat=True))


def sent_to() -> list[str]:
    return sorted(Mail.objects.filter(kind=expiry.DIGEST).values_list("to", flat=True))


@pytest.mark.parametrize(
    ("days", "passed"),
    [(91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (13, 14), (7, 7), (2, 3), (1, 1), (0, 0), (-3, 0)],
)
def test_the_nearest_threshold_in_days_of_the_calendar(days, passed):
    assert expiry.threshold(NOW + days * DAY, NOW) == passed
    assert expiry.threshold((NOW + days * DAY).replace(hour=0), NOW.replace(hour=23)) == passed


def test_each_threshold_is_told_once_over_a_life():
    ours = organisation()
    used(ours, 100)
    for hours in range(0, 24 * 110, 12):
        expiry.tell(at=NOW + dt.timedelta(hours=hours))
    assert thresholds() == [90, 60, 30, 14, 7, 3, 1, 0]
    assert ExpiryDigest.objects.count() == 8


def test_on_first_sight_only_the_nearest():
    used(organisation(), 5)
    expiry.tell(at=NOW)
    expiry.tell(at=NOW + dt.timedelta(hours=1))
    assert thresholds() == [7]


def test_one_mail_a_day_to_each_of_those_responsible():
    ours = organisation()
    admin = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours, email="admin@example.org")
    user_with(Role.READER, organisation=ours)
    one = used(ours, 20, name="Brev")
    used(ours, 5, name="Sag", technical_contact_email="anden@example.org", business_contact_email="")
    system(organisation=ours, certificate=one.certificate, name="Post", technical_contact_email=admin.email)
    assert expiry.tell(at=NOW) == 1
    assert sent_to() == ["admin@example.org", "anden@example.org", "chef@example.org", "teknik@example.org"]
    mail.send_waiting(at=timezone.now() + dt.timedelta(seconds=1))
    texts = {one.to[0]: one for one in outbox.outbox}
    assert "2 certifikater udløber" in texts["admin@example.org"].subject
    assert "Bruges af: Brev, Post" in texts["admin@example.org"].body
    assert "Brev" not in texts["anden@example.org"].body
    assert "Sag" in texts["anden@example.org"].subject
    assert "Brev, Post" not in texts["teknik@example.org"].body
    assert ours.name in texts["teknik@example.org"].subject


def test_what_is_found_after_todays_mail_waits_until_tomorrow():
    ours = organisation()
    used(ours, 20)
    expiry.tell(at=NOW)
    used(ours, 10, name="Nyt")
    assert expiry.tell(at=NOW + dt.timedelta(hours=2)) == 0
    assert expiry.tell(at=NOW + DAY) == 1
    assert thresholds() == [30, 14]


def test_one_that_is_staged_out_of_service_or_of_a_key_system_is_not_told_of():
    ours = organisation()
    staged = used(ours, 20)
    System.objects.filter(pk=staged.pk).update(next_certificate=ending(ours, 700), next_certificate_from=NOW + DAY)
    used(ours, 20, active_from=NOW - 9 * DAY, active_to=NOW - DAY)
    used(ours, 20, protocol=Protocol.SFTP)
    assert expiry.tell(at=NOW) == 0


def test_that_it_was_replaced_is_told_once_and_only_after_a_notice():
    ours = organisation()
    told, never = used(ours, 20, name="Brev"), used(ours, 300)
    expiry.tell(at=NOW)
    renewed = ending(ours, 900)
    System.objects.filter(pk__in=[told.pk, never.pk]).update(certificate=renewed)
    expiry.tell(at=NOW + DAY)
    expiry.tell(at=NOW + 2 * DAY)
    assert thresholds() == [30, expiry.REPLACED]
    assert ExpiryNotice.objects.get(threshold=expiry.REPLACED).replaced_by == renewed.sha256
    mail.send_waiting(at=timezone.now() + dt.timedelta(seconds=1))
    last = outbox.outbox[-1]
    assert "Certifikat udskiftet" in last.subject
    assert "Brev" in last.body


def test_one_that_was_only_removed_is_not_replaced():
    one = used(organisation(), 20)
    expiry.tell(at=NOW)
    System.objects.filter(pk=one.pk).update(certificate=None)
    assert expiry.tell(at=NOW + DAY) == 0


def test_an_employee_certificate_is_told_to_its_person_alone():
    ours = organisation()
    user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours)
    person = user_with(Role.READER, organisation=ours, email="mona@example.org", language="en")
    left = user_with(Role.READER, organisation=ours)
    for owner in (person, left):
        ending(ours, 14, user=owner)
    Privilege.objects.filter(user=left).delete()
    expiry.tell(at=NOW)
    assert sent_to() == ["mona@example.org"]
    mail.send_waiting(at=timezone.now() + dt.timedelta(seconds=1))
    assert "expires in 14 days" in outbox.outbox[0].subject
    assert "the systems that use it" not in outbox.outbox[0].body
    assert "\n\n\n" not in outbox.outbox[0].body
    ending(ours, 900, user=person)
    expiry.tell(at=NOW + DAY)
    assert thresholds() == [14, expiry.REPLACED]


def test_two_workers_at_once_send_one_mail():
    ours = organisation()
    used(ours, 20)
    news = [expiry._notice(one, 30, NOW) for one in expiry._of_systems(NOW)]
    assert [expiry._publish(ours, news, NOW), expiry._publish(ours, news, NOW)] == [True, False]
    assert ExpiryNotice.objects.count() == 1
    assert sent_to() == ["chef@example.org", "teknik@example.org"]


def test_the_tick_by_its_task():
    used(organisation(), 20)
    tasks.tell_of_expiry()
    assert ExpiryDigest.objects.count() == 1
