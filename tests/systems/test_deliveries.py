"""The seven-day rule: what counts, the warnings, and the end where it is switched on."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from django.utils import timezone

from organisations import mail
from organisations.callers import Caller
from organisations.models import Event, Mail
from systems import deliveries, lifecycle, tasks
from systems.deliveries import WARNING, Report, countdown, note, watch
from systems.models import DeliveryTally, System
from systems.problems import open_problems
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def one() -> System:
    return systems.system(
        organisation=organisation(name="Klitby Kommune"), name="Postkasse", active=True, business_contact_email="k@a.dk"
    )


def report(system: System, *, days: float, delivered: bool = False) -> None:
    """Report a delivery so many days after now."""
    note([Report(system.pk, NOW + days * DAY, delivered)])


def warned(system: System, days: float) -> int:
    before = Mail.objects.filter(kind=WARNING).count()
    watch(at=NOW + days * DAY)
    watch(at=NOW + days * DAY)
    return Mail.objects.filter(kind=WARNING).count() - before


def test_warnings_on_days_1_3_5_6_and_at_the_end(one) -> None:
    found = {}
    for half in range(20):
        report(one, days=half / 2)
        if warned(one, half / 2):
            found[half / 2] = DeliveryTally.objects.get().warned
    assert found == {1: 1, 3: 3, 5: 5, 6: 6, 7: 7}
    assert System.objects.get().active_to is None


def test_one_that_arrives_ends_the_count(one) -> None:
    for days in (0, 1, 2, 3):
        report(one, days=days)
    report(one, days=3.5, delivered=True)
    assert warned(one, 3.6) == 0
    for days in (4, 5):
        report(one, days=days)
    assert warned(one, 5) == 1
    assert DeliveryTally.objects.get().warned == 1


def test_without_attempts_nothing_happens(one) -> None:
    report(one, days=0)
    assert warned(one, 1.01) == 0
    assert countdown(DeliveryTally.objects.get(), at=NOW + 8 * DAY) is None
    report(one, days=8)
    assert warned(one, 8) == 1
    assert DeliveryTally.objects.get().warned == 7


def test_reports_may_come_twice_and_late(one) -> None:
    report(one, days=0)
    report(one, days=0)
    report(one, days=2, delivered=True)
    report(one, days=1)
    assert DeliveryTally.objects.values_list("failing_since", "failed").get() == (None, 0)
    report(one, days=4)
    report(one, days=3, delivered=True)
    assert DeliveryTally.objects.get().failing_since == NOW + 4 * DAY


def test_checks_senders_and_systems_out_of_service_do_not_count(one) -> None:
    sender = systems.system(is_sender=True, is_recipient=False, active=True)
    ended = systems.system(active=True, active_to=NOW)
    for system in (sender, ended):
        report(system, days=0)
        report(system, days=2)
    assert [warned(sender, 2), warned(ended, 2)] == [0, 0]


def test_the_mail_says_how_long_is_left_and_is_not_sent_when_it_is_over(one) -> None:
    tally = DeliveryTally.objects.create(
        system=one, failing_since=timezone.now() - 3 * DAY, last_failed=timezone.now(), failed=9
    )
    tasks.watch_deliveries()
    outbox.outbox.clear()
    mail.send_waiting(at=timezone.now())
    (message,) = outbox.outbox
    assert message.subject == "Postkasse: intet kan leveres, 4 dage tilbage – Klitby Kommune – TEST"
    assert "(9 forsøg" in message.body
    tally.failing_since -= 4 * DAY
    tally.save()
    tasks.watch_deliveries()
    note([Report(one.pk, timezone.now(), delivered=True)])
    mail.send_waiting(at=timezone.now())
    assert len(outbox.outbox) == 1


def test_it_deactivates_only_where_it_is_switched_on_and_says_so(one, settings) -> None:
    settings.ADGANG_AUTO_DEACTIVATE = True
    since = timezone.now() - 7 * DAY
    DeliveryTally.objects.create(system=one, failing_since=since, last_failed=timezone.now(), failed=9, warned=6)
    watch(at=timezone.now())
    one.refresh_from_db()
    assert one.active_to is not None
    assert Event.objects.get(tag="SYSTEM_AUTO_DEACTIVATED").system_id == one.pk
    outbox.outbox.clear()
    mail.send_waiting(at=timezone.now())
    assert outbox.outbox[0].subject == "Postkasse er taget ud af drift – Klitby Kommune – TEST"
    lifecycle.activate(
        caller=Caller.task("test"), system=systems.reread(one), version=one.version, at=timezone.now(), reason="mendet"
    )
    assert watch(at=timezone.now()) == 0


def test_the_countdown_stands_on_the_pages_and_the_overview(one) -> None:
    now = timezone.now()
    DeliveryTally.objects.create(system=one, failing_since=now - 5 * DAY, last_failed=now, failed=9)
    reader = client_for(user_with(Role.READER, organisation=one.organisation))
    for page in ("", "helbred/"):
        assert "2 dage er tilbage af syv" in text(
            reader.get(f"/o/{one.organisation.cvr_number}/systemer/{one.pk}/{page}")
        )
    first = open_problems(one.organisation)[0]
    assert "2 dage er tilbage af syv" in str(first.text)
    assert first.first


def test_where_nothing_is_reported_it_says_what_would_be(one) -> None:
    health = one.health
    health.state, health.state_since = "FAILING", timezone.now() - DAY
    health.save()
    page = text(
        client_for(user_with(Role.READER, organisation=one.organisation)).get(
            f"/o/{one.organisation.cvr_number}/systemer/{one.pk}/"
        )
    )
    assert "Går det leveringer, som det går kontrollerne her" in page


def test_record_deliveries(one, tmp_path, capsys) -> None:
    file = tmp_path / "leveringer.csv"
    file.write_text(f"system;time;result\n{one.pk};2026-11-20T10:00:00+01:00;failed\n", encoding="utf-8")
    call_command("record_deliveries", str(file), "--dry-run")
    assert DeliveryTally.objects.count() == 0
    call_command("record_deliveries", str(file))
    assert DeliveryTally.objects.get().failed == 1
    file.write_text(
        f"system,time,result\n{one.pk},2026-11-20T10:00:00,failed\nx,2026-11-20T10:00:00Z,failed\n"
        f"{one.pk},2026-11-21T10:00:00Z,maybe\n{one.pk},2026-11-22T10:00:00Z,failed\n"
    )
    with pytest.raises(CommandError) as refused:
        call_command("record_deliveries", str(file))
    assert refused.value.returncode == 1
    assert capsys.readouterr().err.count("Row ") == 3
    assert DeliveryTally.objects.get().failed == 1
    with pytest.raises(CommandError) as unreadable:
        call_command("record_deliveries", str(tmp_path / "nowhere.csv"))
    assert unreadable.value.returncode == 2
    assert deliveries.LIMIT == 7
