"""Systems as a list reads them: the same cells as of the models."""

import datetime as dt
from functools import partial

import pytest
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from systems import rows
from systems.models import CheckRun, Protocol, RunStatus, System
from systems.views.listing import spec
from tests.factories import certificates
from tests.factories.organisations import organisation
from tests.factories.systems import system

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
AT = timezone.now()
VALID = {"not_before": AT - DAY, "not_after": AT + 90 * DAY}
STATES = {
    "draft": {},
    "planned": {"active_from": AT + DAY},
    "active": {"active_from": AT - DAY},
    "expiring": {"active_from": AT - DAY, "active_to": AT + DAY},
    "over": {"active_from": AT - 2 * DAY, "active_to": AT - DAY},
}
SIGNS = {
    "nothing": {},
    "passed": {"last_check_status": RunStatus.PASSED, "last_passed": AT},
    "failed long ago": {"last_check_status": RunStatus.FAILED, "last_passed": AT - 30 * DAY},
    "called": {"last_seen": AT},
    "confirmed": {"confirmed": AT - 90 * DAY},
}


def certificate(org, **fields):
    made = certificates.certificate(organisation=org)
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    return made


def cells(listed):
    columns = [column for column in spec(listed.organisation.cvr_number, AT).columns if column.where != "file"]
    return {column.key: column.html(listed) for column in columns}


def assert_alike(made, *, queries):
    open_runs = Prefetch("check_runs", queryset=CheckRun.objects.open(), to_attr="open_runs")
    model = System.objects.with_page_data().prefetch_related(open_runs).get(pk=made.pk)
    row = rows.read([made.pk], organisation=model.organisation)[made.pk]
    with queries(0):
        assert cells(row) == cells(model)


@pytest.fixture
def alike(django_assert_num_queries):
    return partial(assert_alike, queries=django_assert_num_queries)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("signs", SIGNS)
def test_states_and_signs_of_life(alike, state, signs):
    org = organisation()
    alike(system(organisation=org, certificate=certificate(org, **VALID), health=SIGNS[signs], **STATES[state]))


@pytest.mark.parametrize("protocol", Protocol)
def test_protocols(alike, protocol):
    made = system(protocol=protocol, active=True, is_sender=True, health=SIGNS["passed"], ssh_username="post")
    alike(made)


@pytest.mark.parametrize("not_after", [AT - DAY, AT + DAY, AT + 90 * DAY])
@pytest.mark.parametrize("staged", [None, AT - DAY, AT + DAY])
@pytest.mark.parametrize("cvr", ["", "99999999"])
def test_certificates(alike, not_after, staged, cvr):
    org = organisation()
    dates = {"not_before": AT - 90 * DAY, "not_after": not_after}
    fields = {"certificate": certificate(org, **dates)}
    if staged:
        following = certificate(org, **VALID | ({"cvr": cvr} if cvr else {}))
        fields |= {"next_certificate": following, "next_certificate_from": staged}
    alike(system(organisation=org, active=True, health=SIGNS["passed"], **fields))


def test_without_a_row_of_health(alike):
    made = system(active=True)
    made.health.delete()
    alike(made)


def test_a_check_that_waits(alike):
    made = system(active=True, health=SIGNS["failed long ago"])
    run = CheckRun.objects.create(system=made, protocol=made.service_protocol, status=RunStatus.QUEUED)
    alike(made)
    shown = cells(rows.read([made.pk], organisation=made.organisation)[made.pk])["check"]
    assert reverse("check", args=[made.organisation.cvr_number, made.pk, run.pk]) in shown
