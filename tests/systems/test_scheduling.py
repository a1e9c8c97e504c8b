"""When systems are checked, and what the tick starts."""

import datetime as dt

import pytest
from django.utils import timezone

from organisations.callers import Caller
from organisations.models import Heartbeat
from systems import checking, scheduling
from systems.models import CheckRun, Monitoring, Protocol, RunStatus, System, SystemHealth, Trigger
from tests.factories import systems
from tests.systems.results import result

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def waits(system: System, *, times: int = 1, **options) -> list[float]:
    """Bring results in a row and return the minutes until the next check after each."""
    found = []
    for number in range(times):
        at = NOW + number * DAY
        result(system, at=at, **options)
        due = SystemHealth.objects.get(system=system).next_check_at
        assert due
        found.append((due - at) / MINUTE)
    return found


def about(minutes: float) -> object:
    return pytest.approx(minutes, rel=scheduling.JITTER)


def test_daily_and_hourly_for_the_default_recipient() -> None:
    assert waits(systems.system(active=True), passed=True) == [about(24 * 60)]
    assert waits(systems.system(active=True, is_default_recipient=True), passed=True) == [about(60)]


def test_sooner_after_failures_and_then_hourly() -> None:
    found = waits(systems.system(active=True), times=7)
    assert found == [about(1), about(5), about(15), about(60), about(60), about(60), about(60)]


def test_what_began_together_does_not_stay_together() -> None:
    found = {waits(systems.system(active=True), passed=True)[0] for _ in range(5)}
    assert len(found) == 5


def test_a_refused_key_is_not_shown_again_at_once() -> None:
    assert waits(systems.system(active=True), step="KEY_ACCEPTED") == [about(60)]


def started(at: dt.datetime = NOW) -> set[str]:
    """Let the clock tick and return the names of the systems whose checks it started."""
    before = set(CheckRun.objects.values_list("pk", flat=True))
    count = scheduling.tick(at=at)
    names = CheckRun.objects.exclude(pk__in=before).values_list("system__name", flat=True)
    assert len(names) == count
    return set(names)


def test_only_what_is_due_in_service_and_monitored() -> None:
    systems.system(name="ny", active=True)
    systems.system(name="forfalden", active=True, health={"next_check_at": NOW - MINUTE})
    systems.system(name="senere", active=True, health={"next_check_at": NOW + MINUTE})
    systems.system(name="kladde")
    Monitoring.objects.create(system=systems.system(name="slået fra", active=True), monitored=False)
    Monitoring.objects.create(system=systems.system(name="stille", active=True), alerting=False)
    assert started() == {"ny", "forfalden", "stille"}
    assert started(NOW + MINUTE / 2) == set()
    assert Heartbeat.objects.get(name="schedule").beat == NOW + MINUTE / 2


def test_the_tick_does_not_make_a_form_stale_and_messages_go_to_a_queue_of_their_own(
    django_capture_on_commit_callbacks, settings
) -> None:
    system = systems.system(active=True)
    with django_capture_on_commit_callbacks() as sent:
        started()
    assert len(sent) == 1
    assert System.objects.get().version == system.version
    assert settings.CELERY_TASK_ROUTES[scheduling.TASK] == {"queue": "scheduled"}


def test_a_system_with_an_open_run_is_left_alone() -> None:
    system = systems.system(active=True)
    checking.ask(Caller.task("test"), systems.reread(system), Trigger.MANUAL)
    assert started() == set()


def test_at_most_eight_at_a_host_and_the_rest_later() -> None:
    for number in range(10):
        systems.system(name=f"s{number}", active=True, protocol=Protocol.SFTP, sftp_host="sftp.example")
    systems.system(name="anden", active=True, protocol=Protocol.SFTP, sftp_host="anden.example")
    assert len(started() - {"anden"}) == scheduling.PER_HOST
    assert CheckRun.objects.filter(system__name="anden").exists()
    CheckRun.objects.update(status=RunStatus.PASSED)
    assert len(started(NOW + 2 * MINUTE)) == 2


def test_a_host_that_refused_a_key_rests() -> None:
    refused = systems.system(active=True, protocol=Protocol.SFTP, sftp_host="SFTP.example")
    result(refused, at=NOW, step="KEY_ACCEPTED", summary="sftp.key_not_accepted")
    systems.system(name="samme", active=True, protocol=Protocol.SFTP, sftp_host="sftp.example")
    systems.system(name="anden", active=True, protocol=Protocol.SFTP, sftp_host="anden.example")
    assert started(NOW + MINUTE) == {"anden"}
    assert started(NOW + 9 * MINUTE) == set()
    assert started(NOW + 13 * MINUTE) == {"samme"}


def test_batches_until_so_many_wait(monkeypatch) -> None:
    monkeypatch.setattr(scheduling, "BATCH", 2)
    monkeypatch.setattr(scheduling, "MOST_OPEN", 5)
    for number in range(7):
        systems.system(active=True, endpoint=f"post@m{number}.example")
    assert len(started()) == 5
    assert started() == set()


def test_the_number_of_queries_does_not_grow_with_the_batch(django_assert_max_num_queries) -> None:
    for number in range(20):
        systems.system(active=True, endpoint=f"post@m{number}.example")
    with django_assert_max_num_queries(20):
        scheduling.tick(at=NOW)


def test_a_scheduled_check_is_carried_out_by_its_task() -> None:
    from systems import tasks

    systems.system(active=True, protocol=Protocol.REST_PULL)
    scheduling.tick(at=timezone.now())
    run = CheckRun.objects.get()
    tasks.check_system_on_schedule(run_id=str(run.pk))
    run.refresh_from_db()
    assert run.status in (RunStatus.PASSED, RunStatus.WARNING, RunStatus.FAILED)
    health = SystemHealth.objects.get()
    assert health.next_check_at
    assert health.next_check_at > timezone.now()
    tasks.check_system_on_schedule(run_id=str(run.pk))
