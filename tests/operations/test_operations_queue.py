"""Queue, workers and stuck checks, for whoever runs the installation."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations.models import Heartbeat
from systems.models import CheckRun, Outage, RunStatus, Trigger
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db
URL = "/drift/kontroller/"
MINUTE = dt.timedelta(minutes=1)


def run(status: RunStatus, *, ago: dt.timedelta, **fields) -> CheckRun:
    at = timezone.now() - ago
    return CheckRun.objects.create(
        system=systems.system(),
        protocol="SMTP",
        trigger=Trigger.MANUAL,
        status=status,
        created=at,
        queued_at=at,
        **fields,
    )


@pytest.fixture
def manager():
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def test_only_operators(manager) -> None:
    assert (
        client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation())).get(URL).status_code == 404
    )
    supporter = client_for(user_with(Role.SUPPORT, organisation=None))
    stuck = run(RunStatus.QUEUED, ago=2 * MINUTE)
    assert "Afslut kontrollen" not in text(supporter.get(URL))
    assert supporter.post(reverse("run_end", args=[stuck.pk])).status_code == 403
    assert "Afslut kontrollen" in text(manager.get(URL))


def test_an_idle_installation_says_what_is_missing(manager) -> None:
    page = text(manager.get(URL))
    assert "Ingen kontroller hænger." in page
    assert "Start arbejdsprocessen til køerne “checks” og “scheduled”." in page
    for name in ("worker", "checks", "schedule"):
        Heartbeat.objects.create(name=name, beat=timezone.now() - dt.timedelta(seconds=5))
    page = text(manager.get(URL))
    assert "Start arbejdsprocessen" not in page
    assert "for 5 sekunder siden" in page


def test_what_is_stuck_and_what_to_do(manager) -> None:
    run(RunStatus.QUEUED, ago=MINUTE / 2)
    run(RunStatus.QUEUED, ago=5 * MINUTE, sendings=2)
    gone = timezone.now() - 3 * MINUTE
    run(RunStatus.RUNNING, ago=3 * MINUTE, claimed_at=gone, worker="node1:17:140", attempt=1)
    run(RunStatus.RUNNING, ago=MINUTE / 3, claimed_at=timezone.now(), worker="node1:17:141", attempt=1)
    page = text(manager.get(URL))
    assert page.count("Afslut kontrollen") == 2
    assert "Dens arbejdsproces er væk." in page
    assert "Dens besked gik tabt" in page
    assert "node1:17 2 2" in page


def test_run_end(manager) -> None:
    stuck = run(RunStatus.RUNNING, ago=3 * MINUTE, claimed_at=timezone.now() - 3 * MINUTE, attempt=1)
    assert manager.get(reverse("run_end", args=[stuck.pk])).status_code == 200
    manager.post(reverse("run_end", args=[stuck.pk]))
    stuck.refresh_from_db()
    assert (stuck.status, stuck.summary) == ("ABORTED", "run.ended_by_operator")
    answer = manager.post(reverse("run_end", args=[stuck.pk]))
    assert toasts(answer)[-1] == "Kontrollen er allerede afsluttet."


def test_the_presumption_is_at_the_top(manager) -> None:
    Outage.objects.create(started=timezone.now(), runs=90, failed=60)
    page = text(manager.get(URL))
    assert "60 kontroller ikke kunnet slå op" in page
    assert "Fejlen er ikke vores" in page


def test_the_page_costs_the_same_for_many(manager, django_assert_num_queries) -> None:
    run(RunStatus.QUEUED, ago=5 * MINUTE)
    manager.get(URL)
    with django_assert_num_queries(25):
        manager.get(URL)
    for _ in range(4):
        run(RunStatus.QUEUED, ago=5 * MINUTE)
    with django_assert_num_queries(25):
        manager.get(URL)
