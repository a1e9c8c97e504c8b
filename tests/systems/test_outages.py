"""When many fail at once the fault is presumed ours: nothing is concluded, and later the right ones are told of."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from organisations.callers import Caller
from organisations.models import Mail
from systems import health_telling, outages, scheduling
from systems.models import HealthChange, Outage, System, SystemHealth
from tests.factories import systems
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.systems.results import result

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def country() -> list[System]:
    """Sixty systems that work, and a person who operates the installation."""
    user_with(Role.SYSTEM_MANAGER, organisation=None, email="drift@example.org")
    ours = organisation()
    made = [systems.system(organisation=ours, active=True, business_contact_email="k@a.dk") for _ in range(60)]
    for one in made:
        result(one, passed=True, at=NOW - dt.timedelta(hours=5))
    return made


def bring(some: list[System], *, passed: bool = False, at: dt.datetime, step: str = "DIAL") -> None:
    for one in some:
        result(one, passed=passed, at=at, step=step)


@pytest.mark.parametrize(
    ("failing", "passing", "step", "presumed"),
    [(20, 40, "DIAL", True), (20, 40, "RESOLVE", True), (19, 20, "DIAL", False), (20, 40, "TLS", False)],
)
def test_thirty_per_cent_and_twenty(country, failing, passing, step, presumed) -> None:
    bring(country[:failing], at=NOW, step=step)
    bring(country[failing : failing + passing], passed=True, at=NOW)
    assert (outages.watch(at=NOW + MINUTE) is not None) is presumed


def test_a_few_of_many_are_theirs(country) -> None:
    bring(country[:20], at=NOW)
    for _ in range(2):
        bring(country[20:], passed=True, at=NOW)
    assert outages.seen(since=NOW - MINUTE, until=NOW) == outages.Seen(runs=100, failed=20)
    assert outages.watch(at=NOW + MINUTE) is None


def test_while_it_lasts_nothing_is_concluded_and_the_operator_is_told(country) -> None:
    bring(country[:30], at=NOW)
    scheduling.tick(at=NOW + MINUTE)
    assert Mail.objects.get(kind=outages.ALARM).to == "drift@example.org"
    for minute in (2, 7, 12):
        bring(country[:30], at=NOW + minute * MINUTE)
        scheduling.tick(at=NOW + minute * MINUTE)
        assert health_telling.tell(at=NOW + minute * MINUTE) == 0
    assert not HealthChange.objects.filter(state="FAILING").exists()
    due = SystemHealth.objects.get(system=country[0]).next_check_at
    assert due
    assert due - (NOW + 12 * MINUTE) <= outages.LOOK_AGAIN * (1 + scheduling.JITTER)
    assert Outage.objects.get().is_open


def test_when_it_is_over_only_what_really_fails_is_told(country) -> None:
    bring(country[:30], at=NOW)
    outages.watch(at=NOW + MINUTE)
    bring(country[:2], at=NOW + 6 * MINUTE)
    bring(country[2:30], passed=True, at=NOW + 6 * MINUTE)
    assert outages.watch(at=NOW + 7 * MINUTE) is None
    outage = Outage.objects.get()
    assert (outage.is_open, outage.ended, outage.ended_by) == (False, NOW + 7 * MINUTE, None)
    for minute in (8, 9):
        bring(country[:2], at=NOW + minute * MINUTE)
        assert health_telling.tell(at=NOW + minute * MINUTE) == 0
    bring(country[:2], at=NOW + 14 * MINUTE)
    assert outages.watch(at=NOW + 15 * MINUTE) is None
    assert health_telling.tell(at=NOW + 30 * MINUTE) == 2
    assert Mail.objects.filter(kind=health_telling.KIND).count() == 1


def test_what_turned_just_before_and_was_not_told_is_taken_back(country) -> None:
    for second in range(3):
        bring(country[:25], at=NOW + dt.timedelta(seconds=second))
    assert SystemHealth.objects.filter(state="FAILING").count() == 25
    bring(country[25:50], at=NOW + MINUTE)
    assert outages.watch(at=NOW + 2 * MINUTE)
    assert SystemHealth.objects.filter(state="FAILING").count() == 0
    assert not HealthChange.objects.filter(state="FAILING").exists()


def test_an_operator_may_say_that_it_is_not_ours(country) -> None:
    bring(country[:30], at=NOW)
    outage = outages.watch(at=NOW + MINUTE)
    assert outage
    boss = user_with(Role.SYSTEM_MANAGER, organisation=None)
    url = reverse("outage_end", args=[outage.pk])
    supporter = user_with(Role.SUPPORT, organisation=None)
    assert client_for(supporter).post(url).status_code == 403
    assert client_for(boss).get(url).status_code == 200
    assert Outage.objects.get().is_open
    assert client_for(boss).post(url).status_code == 302
    outage.refresh_from_db()
    assert (outage.is_open, outage.ended_by) == (False, boss)
    assert client_for(boss).post(url).status_code == 302
    now = timezone.now()
    for minute in (1, 2, 3):
        bring(country[:30], at=now + minute * MINUTE)
        assert outages.watch(at=now + minute * MINUTE) is None
    assert SystemHealth.objects.filter(state="FAILING").count() == 30
    assert not outages.end(outage, at=now, caller=Caller.task("test"))
