"""Who is told that systems fail and work again, when, and in how many mails."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.utils import timezone

from organisations import mail
from organisations.mail_preferences import choose
from organisations.mail_topics import Topic
from organisations.models import Mail, Organisation
from systems.health_telling import KIND, REMIND_EVERY, tell
from systems.models import CheckRun, MaintenanceWindow, Monitoring, System, SystemHealth
from tests.factories import systems
from tests.factories.organisations import Role, organisation, user_with
from tests.systems.results import result

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
STEP = {
    "code": "DIAL",
    "place": "",
    "status": "failed",
    "ms": 1,
    "found": {},
    "findings": [{"code": "dial.timeout", "severity": "error", "params": {"address": "192.0.2.7", "port": 25}}],
}


@pytest.fixture
def here() -> Organisation:
    made = organisation(name="Klitby Kommune")
    user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=made, email="admin@a.dk", name="Anna")
    return made


def system(here: Organisation, name: str, **fields) -> System:
    made = systems.system(organisation=here, name=name, active=True, **fields)
    result(made, passed=True, at=NOW - HOUR)
    return made


def fail(*some: System, at: dt.datetime = NOW, times: int = 3) -> None:
    for one in some:
        for number in range(times):
            run = result(one, at=at + number * dt.timedelta(seconds=1))
            CheckRun.objects.filter(pk=run.pk).update(steps=[STEP])


def recover(one: System, at: dt.datetime) -> None:
    for number in range(2):
        result(one, passed=True, at=at + number * dt.timedelta(seconds=1))


def told() -> list[str]:
    return sorted(Mail.objects.filter(kind=KIND, sent=None).values_list("to", flat=True))


def sent() -> list:
    """Send what waits, and return it in the order of its readers."""
    outbox.outbox.clear()
    mail.send_waiting(at=timezone.now() + MINUTE)
    return sorted(outbox.outbox, key=lambda message: message.to)


def test_contacts_and_administrators_are_told_once_with_the_cause(here) -> None:
    one = system(here, "Brevmotor", technical_contact_email="teknik@l.dk", business_contact_email="chef@a.dk")
    user_with(Role.READER, organisation=here, email="laeser@a.dk")
    limited = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=here, system_id=one.pk, email="en@l.dk")
    fail(one)
    assert tell(at=NOW + MINUTE) == 1
    assert tell(at=NOW + 2 * MINUTE) == 0
    assert told() == ["admin@a.dk", "chef@a.dk", limited.email, "teknik@l.dk"]
    admin, *_others, technician = sent()
    assert admin.subject == "Brevmotor fejler – Klitby Kommune – TEST"
    assert "192.0.2.7 svarede ikke" in admin.body
    assert f"/o/{here.cvr_number}/systemer/{one.pk}/helbred/" in admin.body
    assert "/mig/mails/" in admin.body
    assert "/mig/mails/" not in technician.body
    assert "Er det ikke jer, så bed myndigheden" in technician.body


def test_when_it_works_again_and_not_that_a_new_one_does(here) -> None:
    one = system(here, "Brevmotor")
    assert tell(at=NOW) == 0
    fail(one)
    tell(at=NOW + MINUTE)
    sent()
    recover(one, NOW + HOUR)
    assert tell(at=NOW + HOUR + MINUTE) == 1
    assert [message.subject for message in sent()] == ["Brevmotor virker igen – Klitby Kommune – TEST"]


def test_reminders_at_most_daily(here) -> None:
    one = system(here, "Brevmotor")
    fail(one)
    tell(at=NOW)
    assert [tell(at=NOW + hours * HOUR) for hours in (1, 12, 23, 24, 25, 47, 49)] == [0, 0, 0, 1, 0, 0, 1]
    assert REMIND_EVERY == 24 * HOUR
    assert sent()[-1].subject == "Påmindelse: Brevmotor fejler stadig – Klitby Kommune – TEST"


def test_one_mail_where_several_of_a_vendor_fail_together_over_authorities(here) -> None:
    there = organisation(name="Skovby Kommune")
    fields = {"technical_contact_email": "drift@leverandør.dk".replace("ø", "o"), "supplier": "Prøvedata A/S"}
    fail(system(here, "Brevmotor", **fields), system(there, "Postkasse", **fields))
    assert tell(at=NOW + MINUTE) == 2
    admin, vendor = sent()
    assert admin.subject == "Brevmotor fejler – Klitby Kommune – TEST"
    assert "Postkasse" not in admin.body
    assert vendor.subject == "2 systemer fejler (modtager.example): Brevmotor, Postkasse hos flere myndigheder – TEST"
    assert "Postkasse (Skovby Kommune)" in vendor.body


def test_a_failure_waits_for_others_of_the_same_host_but_not_for_long(here) -> None:
    first = system(here, "Ind", protocol="SFTP", sftp_host="sftp.example")
    second = system(here, "Ud", protocol="SFTP", sftp_host="sftp.example")
    fail(first)
    fail(second, times=1)
    assert tell(at=NOW + MINUTE) == 0
    assert tell(at=NOW + 11 * MINUTE) == 1
    fail(second, at=NOW + 12 * MINUTE)
    assert tell(at=NOW + 13 * MINUTE) == 1


def test_maintenance_silences_and_what_fails_after_it_is_told(here) -> None:
    one = system(here, "Brevmotor")
    MaintenanceWindow.objects.create(system=one, starts=NOW - HOUR, ends=NOW + HOUR, reason="Flytning")
    fail(one)
    assert tell(at=NOW + MINUTE) == 0
    assert tell(at=NOW + HOUR) == 1


def test_without_alarms_nothing_is_told_nor_made_up_for(here) -> None:
    one = system(here, "Brevmotor")
    flags = Monitoring.objects.create(system=one, alerting=False)
    fail(one)
    assert tell(at=NOW + MINUTE) == 0
    Monitoring.objects.filter(pk=flags.pk).update(alerting=True)
    assert tell(at=NOW + 2 * MINUTE) == 0
    recover(one, NOW + HOUR)
    assert tell(at=NOW + 2 * HOUR) == 1


def test_an_unstable_system_is_told_once_and_again_when_it_keeps_still(here) -> None:
    one = system(here, "Brevmotor")
    for round_ in range(2):
        fail(one, at=NOW + round_ * 20 * MINUTE)
        tell(at=NOW + (round_ * 20 + 5) * MINUTE)
        recover(one, NOW + (round_ * 20 + 10) * MINUTE)
        tell(at=NOW + (round_ * 20 + 15) * MINUTE)
    subjects = [message.subject.partition(" – ")[0] for message in sent()]
    assert subjects == ["Brevmotor fejler", "Brevmotor virker igen", "Brevmotor er ustabilt"]
    fail(one, at=NOW + 50 * MINUTE)
    assert tell(at=NOW + 51 * MINUTE) == 0
    assert tell(at=NOW + 8 * HOUR) == 1
    assert sent()[0].subject.startswith("Brevmotor fejler")


def test_people_choose_and_read_their_own_language(here) -> None:
    english = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=here, email="b@a.dk", language="en")
    silent = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=here, email="c@a.dk")
    choose(user=silent, choices={here: {Topic.HEALTH: False}})
    fail(system(here, "Brevmotor"))
    tell(at=NOW + MINUTE)
    assert told() == ["admin@a.dk", english.email]
    assert sent()[1].subject == "Brevmotor fails – Klitby Kommune – TEST"
    assert tell(at=NOW + 25 * HOUR) == 1
    assert silent.email in told()


def test_who_is_no_longer_concerned_gets_nothing(here) -> None:
    one = system(here, "Brevmotor", technical_contact_email="fejl@a.dk")
    fail(one)
    tell(at=NOW + MINUTE)
    System.objects.filter(pk=one.pk).update(technical_contact_email="ny@a.dk")
    assert [message.to for message in sent()] == [["admin@a.dk"]]


def test_what_is_out_of_service_is_not_told(here) -> None:
    one = system(here, "Brevmotor")
    fail(one)
    System.objects.filter(pk=one.pk).update(active_to=NOW)
    assert tell(at=NOW + MINUTE) == 0
    assert SystemHealth.objects.get(system=one).state == "FAILING"
