"""The state of a system from results in a row, and the page that lists it for an authority."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations.models import Event
from systems import health, tasks
from systems.models import (
    CheckRun,
    HealthChange,
    HealthRules,
    HealthState,
    RunStatus,
    System,
    SystemHealth,
    Trigger,
)
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text
from tests.systems.results import result

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = dt.timedelta(minutes=1)


def state(system: System) -> str:
    return SystemHealth.objects.get(system=system).state


def results(system: System, pattern: str, *, start: dt.datetime = NOW) -> str:
    """Bring results, "." passed and "x" failed, a minute apart; return the states they leave, a letter each."""
    found = ""
    for number, letter in enumerate(pattern):
        result(system, passed=letter == ".", at=start + number * MINUTE)
        found += (state(system) or "-")[0]
    return found


@pytest.mark.parametrize(
    ("pattern", "states"),
    [
        (".", "H"),
        ("xx.", "--H"),
        ("xxx", "--F"),
        (".xx.xx", "HHHHHH"),
        (".xxx.x..", "HHHFFFFH"),
        (".xxx.x.x.x", "HHHFFFFFFF"),
    ],
)
def test_three_failures_in_a_row_and_two_passes(pattern: str, states: str) -> None:
    assert results(systems.system(active=True), pattern) == states


def test_an_organisation_has_thresholds_of_its_own() -> None:
    system = systems.system(active=True)
    HealthRules.objects.create(organisation=system.organisation, failures=1, passes=3)
    assert results(system, ".x....") == "HFFFHH"


def test_thresholds_are_asked_for_when_a_result_speaks_against_the_state(django_assert_num_queries) -> None:
    run, at = CheckRun(status=RunStatus.PASSED), NOW
    for state, passed, asked in [
        (HealthState.UNKNOWN, False, 1),
        (HealthState.HEALTHY, True, 0),
        (HealthState.HEALTHY, False, 1),
        (HealthState.FAILING, True, 1),
        (HealthState.FAILING, False, 0),
    ]:
        run.status = RunStatus.PASSED if passed else RunStatus.FAILED
        row = SystemHealth(state=state)
        with django_assert_num_queries(asked):
            assert health.note(row, run, organisation_id=uuid.uuid4(), outage=None, at=at) is None
        assert row.state == state


def test_only_changes_are_kept_with_their_beginning() -> None:
    system = systems.system(active=True)
    results(system, "..xxxxx...")
    kept = HealthChange.objects.filter(system=system).order_by("since").values_list("before", "state", "since")
    assert list(kept) == [
        ("", "HEALTHY", NOW),
        ("HEALTHY", "FAILING", NOW + 2 * MINUTE),
        ("FAILING", "HEALTHY", NOW + 7 * MINUTE),
    ]


def test_a_state_that_keeps_turning_is_unstable_until_it_keeps_still() -> None:
    system = systems.system(active=True)
    results(system, ".xxx..")
    assert SystemHealth.objects.get(system=system).unstable_since is None
    results(system, "xxx..", start=NOW + 20 * MINUTE)
    row = SystemHealth.objects.get(system=system)
    assert row.unstable_since is not None
    assert health.settle(at=NOW + dt.timedelta(hours=6)) == 0
    assert health.settle(at=NOW + dt.timedelta(hours=6, minutes=30)) == 1
    row.refresh_from_db()
    assert (row.unstable_since, row.state) == (None, HealthState.HEALTHY)


def test_other_settings_are_checked_anew_and_the_state_is_kept_until_then() -> None:
    system = systems.system(active=True)
    results(system, ".xxx")
    health.forget_checks(system)
    row = SystemHealth.objects.get(system=system)
    assert (row.state, row.failures, row.next_check_at, row.last_step) == ("FAILING", 0, None, "")


def test_a_manual_check_counts_too() -> None:
    system = systems.system(active=True)
    for _ in range(3):
        result(system, trigger=Trigger.MANUAL)
    assert state(system) == "FAILING"


def test_the_page_lists_what_is_in_service_in_a_fixed_number_of_queries(django_assert_num_queries) -> None:
    ours = organisation()
    reader = client_for(user_with(Role.READER, organisation=ours))
    failing = systems.system(organisation=ours, name="Brevmotor", active=True)
    results(failing, ".xxx", start=timezone.now() - 10 * MINUTE)
    systems.system(organisation=ours, name="Kladde")
    url = f"/o/{ours.cvr_number}/systemer/helbred/"
    page = text(reader.get(url))
    assert "Brevmotor" in page
    assert "Fejler" in page
    assert "Kladde" not in page
    with django_assert_num_queries(8):
        reader.get(url)
    for _ in range(3):
        results(systems.system(organisation=ours, active=True), ".xxx", start=timezone.now() - 10 * MINUTE)
    with django_assert_num_queries(8):
        reader.get(url)


def test_strangers_see_nothing_of_it() -> None:
    ours = organisation()
    assert (
        client_for(user_with(Role.READER, organisation=organisation()))
        .get(f"/o/{ours.cvr_number}/systemer/helbred/")
        .status_code
        == 404
    )
    assert (
        client_for(user_with(Role.STATISTICS_ADMINISTRATOR, organisation=ours))
        .get(f"/o/{ours.cvr_number}/systemer/helbred/")
        .status_code
        == 403
    )


def test_health_rules() -> None:
    ours = organisation()
    admin = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=ours))
    url = reverse("health_rules", args=[ours.cvr_number])
    assert admin.post(url, {"failures": "0", "passes": "2", "version": "1"}).status_code == 200
    assert HealthRules.objects.count() == 0
    assert admin.post(url, {"failures": "5", "passes": "1", "version": "1"}).status_code == 302
    assert HealthRules.objects.get(organisation=ours).failures == 5
    assert admin.post(url, {"failures": "6", "passes": "1", "version": "9"}).status_code == 409
    event = Event.objects.get(tag="HEALTH_RULES_CHANGED")
    assert '"after":{"failures":5,"passes":1}' in event.payload
    reader = client_for(user_with(Role.READER, organisation=ours))
    assert reader.post(url, {"failures": "1", "passes": "1", "version": "1"}).status_code == 403


def test_the_tick_and_the_mails_are_tasks() -> None:
    systems.system(active=True)
    tasks.schedule_checks()
    tasks.tell_of_health()
    tasks.checks_alive()
    assert System.objects.get().check_runs.count() == 1
