"""What is removed of checks and health, and what is kept however old it is."""

import datetime as dt

import pytest
from django.utils import timezone

from systems import tasks
from systems.models import CheckRun, HealthChange, HealthDigest, MaintenanceWindow, Outage, RunStatus, Trigger
from systems.tidying import tidy
from tests.factories import systems

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = dt.timedelta(days=1)


def test_runs_after_ninety_days_and_health_after_two_years() -> None:
    old, older = NOW - 91 * DAY, NOW - 731 * DAY
    system = systems.system(health={"state": "FAILING", "state_since": older})
    for at, status in ((old, RunStatus.PASSED), (NOW, RunStatus.PASSED)):
        CheckRun.objects.create(system=system, protocol="SMTP", trigger=Trigger.MANUAL, status=status, created=at)
    stuck = systems.system()
    CheckRun.objects.create(system=stuck, protocol="SMTP", trigger=Trigger.MANUAL, created=old)
    for at, since in ((older, older), (older, older - DAY), (old, old)):
        HealthChange.objects.create(system=system, before="", state="FAILING", since=since, noticed=at)
    for at in (old, NOW):
        HealthDigest.objects.create(created=at)
        Outage.objects.create(started=at, ended=at - 700 * DAY, is_open=False, runs=1, failed=1)
        MaintenanceWindow.objects.create(system=system, starts=at - 701 * DAY, ends=at - 700 * DAY, reason="Flytning")
    assert tidy(at=NOW) == 5
    assert sorted(CheckRun.objects.values_list("created", flat=True)) == [old, NOW]
    assert sorted(HealthChange.objects.values_list("since", flat=True)) == [older, old]
    assert [model.objects.count() for model in (HealthDigest, Outage, MaintenanceWindow)] == [1, 1, 1]
    tasks.tidy()
    assert CheckRun.objects.count() == 2
