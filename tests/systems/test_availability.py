"""How much of a time a system worked, and the strip that shows it."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from systems import availability, health_pictures
from systems.availability import Shown
from systems.models import HealthChange, MaintenanceWindow, System
from tests.factories import systems

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def turned(system: System, before: str, state: str, ago: dt.timedelta) -> None:
    HealthChange.objects.create(system=system, before=before, state=state, since=NOW - ago, noticed=NOW - ago)


def period(system: System, key: str) -> availability.Period:
    found = availability.with_history(System.objects.select_related("health"), at=NOW).get(pk=system.pk)
    return availability.period(found, key, at=NOW)


def letters(system: System, key: str) -> str:
    return "".join(cell.shown[0] for cell in period(system, key).cells)


def test_nothing_known_is_no_number() -> None:
    system = systems.system()
    assert period(system, "month").share is None
    assert letters(system, "day") == "U" * 24
    assert health_pictures.percent(None) == "–"


def test_a_state_that_never_changed_in_the_time_counts_for_all_of_it() -> None:
    system = systems.system(health={"state": "HEALTHY", "state_since": NOW - 90 * DAY})
    assert period(system, "month").share == 1


def test_six_hours_of_a_day() -> None:
    system = systems.system(health={"state": "HEALTHY"})
    turned(system, "HEALTHY", "FAILING", 12 * HOUR)
    turned(system, "FAILING", "HEALTHY", 6 * HOUR)
    assert period(system, "day").share == pytest.approx(0.75)
    assert period(system, "week").share == pytest.approx(1 - 6 / 168)
    assert letters(system, "day") == "H" * 12 + "F" * 6 + "H" * 6


def test_time_before_the_first_check_does_not_count() -> None:
    system = systems.system(health={"state": "HEALTHY"})
    turned(system, "", "HEALTHY", 10 * DAY)
    assert period(system, "month").share == 1
    assert letters(system, "month") == "U" * 20 + "H" * 10


def test_maintenance_is_seen_and_does_not_count() -> None:
    system = systems.system(health={"state": "FAILING"})
    turned(system, "HEALTHY", "FAILING", 6 * HOUR)
    window = {"starts": NOW - 7 * HOUR, "ends": NOW - HOUR, "reason": "Flytning"}
    MaintenanceWindow.objects.create(system=system, **window)
    MaintenanceWindow.objects.create(system=system, cancelled=NOW, **(window | {"starts": NOW - 20 * HOUR}))
    assert letters(system, "day") == "H" * 17 + "M" * 6 + "F"
    assert period(system, "day").share == pytest.approx(17 / 18)


def test_full_means_full() -> None:
    shown = [health_pictures.percent(share) for share in (1.0, 0.9999, 0.5)]
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in shown] == ["100 %", "99,9 %", "50,0 %"]


def test_pieces_differ_by_shape_and_say_what_they_are() -> None:
    system = systems.system(name="<b>", health={"state": "HEALTHY"})
    turned(system, "HEALTHY", "FAILING", 2 * HOUR)
    turned(system, "FAILING", "HEALTHY", HOUR)
    strip = health_pictures.period_strip(period(system, "day"), "<døgn>")
    assert len(set(re.findall(r'y="(\d+)"', strip))) == 2
    assert "<døgn>" not in strip
    assert str(Shown.FAILING.label) in strip
