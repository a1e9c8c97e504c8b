"""Figures over time: what is counted in which month, who may see it, and that reading is logged."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from adgang.statistics import charts, figures
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Event
from systems.models import CheckRun
from systems.models.check_run import RunStatus, Trigger
from tests.factories.contacts import point
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import system
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


@pytest.fixture
def org():
    return organisation(name="Skovby Kommune")


def address(org, query=""):
    return reverse("statistics", args=[org.cvr_number]) + query


def topics(org, months=3, at=NOW):
    found = figures.gather(org, months=months, at=at)
    return {str(series.label): series.numbers for topic in found.topics for series in topic.series}


def test_months_end_with_the_current_one():
    assert figures.months_until(dt.date(2026, 2, 28), 3) == [
        dt.date(2025, 12, 1),
        dt.date(2026, 1, 1),
        dt.date(2026, 2, 1),
    ]


def test_systems_count_while_they_are_in_service(org):
    month = dt.timedelta(days=30)
    system(organisation=org, is_sender=True, is_recipient=True, active_from=NOW - 2 * month, active_to=NOW - month)
    system(organisation=org, is_recipient=True, active_from=NOW - month)
    system(organisation=org, is_recipient=True, active_from=NOW + month)
    found = topics(org)
    assert found["Afsendersystemer"] == [1, 0, 0]
    assert found["Modtagersystemer"] == [1, 1, 1]


def test_checks_by_their_result(org):
    one = system(organisation=org)
    for status, days in ((RunStatus.PASSED, 0), (RunStatus.WARNING, 0), (RunStatus.FAILED, 40), (RunStatus.QUEUED, 0)):
        moment = NOW - dt.timedelta(days=days)
        CheckRun.objects.create(system=one, protocol="SFTP", trigger=Trigger.MANUAL, status=status, created=moment)
    found = topics(org)
    assert (found["Gennemførte kontroller"], found["Fejlede kontroller"]) == ([0, 0, 2], [0, 1, 0])


def test_points_and_events_in_danish_months(org):
    with freeze_time("2026-10-31T23:30:00Z"):  # half past midnight in November
        point(organisation=org)
        events.record(Caller.command("x"), org, events.Entry(tag=Tag.MEMO_SEND_VALIDATED, obj=org))
        events.record(Caller.command("x"), org, events.Entry(tag=Tag.LIST_EXPORTED, obj=org))
    with freeze_time("2026-10-31T21:30:00Z"):
        events.record(Caller.command("x"), org, events.Entry(tag=Tag.MEMO_SEND_VALIDATION_FAILED, obj=org))
    found = topics(org)
    assert found["Kontaktpunkter"] == [0, 0, 1]
    assert (found["MeMo-filer i orden"], found["Afviste MeMo-filer"]) == ([0, 0, 1], [0, 1, 0])
    assert (found["Handlinger"], found["Opslag"]) == ([0, 1, 2], [0, 0, 1])


def test_another_organisations_figures_are_not_among_them(org):
    other = organisation()
    point(organisation=other)
    events.record(Caller.command("x"), other, events.Entry(tag=Tag.MEMO_SEND_VALIDATED, obj=other))
    assert not any(any(numbers) for numbers in topics(org, at=timezone.now()).values())


def test_the_page_says_what_it_does_not_know(org):
    page = text(client_for(user_with(Role.STATISTICS_ADMINISTRATOR, organisation=org)).get(address(org)))
    assert "Hvor meget post I sender og modtager, kendes ikke her" in page


def test_as_csv(org):
    client = client_for(user_with(Role.STATISTICS_ADMINISTRATOR, organisation=org))
    content = b"".join(client.get(address(org, "?months=24&format=csv"))).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert len(rows) == 25
    assert rows[0][:2] == ["Måned", "Afsendersystemer"]
    assert rows[-1][0] == f"{timezone.localdate():%Y-%m}"


def test_nonsense_is_a_year(org):
    client = client_for(user_with(Role.READER, organisation=org))
    assert client.get(address(org, "?months=1000000000")).context["months"] == 12


def test_reading_is_logged_once_a_period(org):
    client = client_for(user_with(Role.STATISTICS_ADMINISTRATOR, organisation=org))
    for query in ("", "?months=12", "?months=3", "?months=3"):
        client.get(address(org, query))
    assert Event.objects.filter(organisation_id=org.pk, tag=Tag.STATISTICS_READ).count() == 2


def test_who_may(org):
    allowed = [
        user_with(role, organisation=org)
        for role in (Role.STATISTICS_ADMINISTRATOR, Role.READER, Role.CONTACT_ADMINISTRATOR)
    ]
    stranger = user_with(Role.STATISTICS_ADMINISTRATOR, organisation=organisation())
    assert [client_for(one).get(address(org)).status_code for one in [*allowed, stranger]] == [200, 200, 403, 404]


def test_queries_do_not_grow(org, django_assert_num_queries):
    client = client_for(user_with(Role.READER, organisation=org))
    client.get(address(org))
    with django_assert_num_queries(11):
        client.get(address(org))
    for _ in range(3):
        point(organisation=org)
    with django_assert_num_queries(11):
        client.get(address(org))


@given(st.integers(0, 10**9))
def test_a_scale_holds_what_it_shows(most):
    top = charts.ceiling(most)
    assert most <= top
    assert top % 4 == 0
    assert top <= max(4, most * 3)
