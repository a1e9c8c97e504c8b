"""/readyz: 503 for database and migrations alone; the rest is told and costs nobody their work."""

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone

import adgang
from certificates.models import RevocationList
from organisations import events
from organisations.callers import Caller
from organisations.event_tags import Tag
from organisations.models import Heartbeat, Mail
from tests.factories import certificates
from tests.factories.organisations import client_for, organisation

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def readyz():
    return client_for(None).get(reverse("readyz"))


def beat(ago):
    for name in ("checks", "schedule"):
        Heartbeat.objects.create(name=name, beat=timezone.now())
    Heartbeat.objects.create(name="worker", beat=timezone.now() - ago)


def test_everything_is_well():
    beat(0 * MINUTE)
    response = readyz()
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "version": adgang.__version__,
        "checks": {
            "database": {"status": "ok"},
            "migrations": {"status": "ok", "pending": []},
            "worker": {"status": "ok", "last_seen_seconds": 0},
            "checks_worker": {"status": "ok", "last_seen_seconds": 0},
            "schedule": {"status": "ok", "last_tick_seconds": 0},
            "queue": {"status": "ok", "oldest_waiting_seconds": None},
            "mail": {"status": "ok", "oldest_waiting_seconds": None},
            "revocation": {"status": "ok", "oldest_list_seconds": None, "lists_missing": 0},
            "siem": {"status": "ok", "oldest_waiting_seconds": None},
        },
    }


def test_no_worker_ever_is_degraded():
    response = readyz()
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["checks"]["worker"] == {"status": "degraded", "last_seen_seconds": None}


@pytest.mark.parametrize(("minutes", "expected"), [(14, "ok"), (16, "degraded")])
def test_entries_that_the_siem_has_not_got(settings, minutes, expected):
    settings.ADGANG_SIEM = "file:///nowhere/events.jsonl"
    org = organisation()
    with events.told_of(timezone.now() - minutes * MINUTE):
        events.record(Caller.command("x"), org, events.Entry(tag=Tag.ORGANISATION_CHANGED, obj=org))
    assert readyz().json()["checks"]["siem"]["status"] == expected


@pytest.mark.parametrize(("minutes", "expected"), [(2, "ok"), (4, "degraded")])
def test_silence_of_the_worker(minutes, expected):
    beat(minutes * MINUTE)
    assert readyz().json()["checks"]["worker"]["status"] == expected


@pytest.mark.parametrize(("minutes", "expected"), [(2, "ok"), (4, "degraded")])
def test_silence_of_the_checks_and_of_the_tick(minutes, expected):
    beat(0 * MINUTE)
    Heartbeat.objects.filter(name__in=("checks", "schedule")).update(beat=timezone.now() - minutes * MINUTE)
    checks = readyz().json()["checks"]
    assert [checks[name]["status"] for name in ("checks_worker", "schedule")] == [expected, expected]


@pytest.mark.parametrize(("minutes", "expected"), [(14, "ok"), (16, "degraded")])
def test_mail_that_waits(minutes, expected):
    beat(0 * MINUTE)
    mail = Mail.objects.create(kind="invitation", to="kim@example.org", next_attempt=timezone.now())
    Mail.objects.filter(pk=mail.pk).update(created=timezone.now() - minutes * MINUTE)
    response = readyz()
    assert (response.status_code, response.json()["status"]) == (200, expected)
    assert response.json()["checks"]["mail"]["oldest_waiting_seconds"] == minutes * 60


def test_mail_given_up_does_not_wait():
    beat(0 * MINUTE)
    mail = Mail.objects.create(kind="invitation", to="kim@example.org", next_attempt=None, error="no such user")
    Mail.objects.filter(pk=mail.pk).update(created=timezone.now() - 60 * MINUTE)
    assert readyz().json()["status"] == "ok"


def test_pending_migrations_are_unavailable():
    MigrationRecorder(connection).record_unapplied("contenttypes", "0002_remove_content_type_name")
    response = readyz()
    assert (response.status_code, response.json()["status"]) == (503, "unavailable")
    assert response.json()["checks"]["migrations"]["pending"] == ["contenttypes.0002_remove_content_type_name"]
    assert "worker" not in response.json()["checks"]


def test_no_database_is_unavailable():
    def refuse(execute, sql, params, many, context):
        raise OperationalError("the connection is gone")

    with connection.execute_wrapper(refuse):
        response = readyz()
    assert (response.status_code, response.json()["checks"]) == (503, {"database": {"status": "unavailable"}})


@pytest.mark.parametrize(("hours", "expected"), [(1, "ok"), (-1, "degraded")])
def test_a_revocation_list_that_ran_out(hours, expected):
    beat(0 * MINUTE)
    at = timezone.now()
    anchor = next(one for one in certificates.install_anchors() if not one.is_root)
    anchor.crl_address = "http://ca.example/issuing.crl"
    anchor.save()
    made, until = at - 3 * 60 * MINUTE, at + hours * 60 * MINUTE
    RevocationList.objects.create(anchor=anchor, this_update=made, next_update=until)
    response = readyz()
    shown = response.json()["checks"]["revocation"]
    assert (response.status_code, shown["status"], shown["lists_missing"]) == (200, expected, int(hours < 0))
    assert 10800 <= shown["oldest_list_seconds"] < 10830
