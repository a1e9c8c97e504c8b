"""Another protocol for a system that is not in service."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from systems.models import Protocol, System
from tests.factories.systems import reread, system
from tests.systems.logged import changed, tags
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db


def url(one: System) -> str:
    return reverse("system_protocol", args=[one.organisation.cvr_number, one.pk])


def test_addresses_that_do_not_fit_are_dropped_and_the_check_is_forgotten():
    one = system(endpoint="post@a.dk", health={"last_check_status": "PASSED", "last_passed": timezone.now()})
    response = owner_client(one).post(url(one), {"service_protocol": "REST_PUSH", "version": 1})
    now = reread(one)
    assert response.status_code == 302
    assert (now.service_protocol, now.endpoint, now.health.last_passed) == ("REST_PUSH", "", None)
    assert set(changed(one.organisation, "SYSTEM_CHANGED")) == {"service_protocol", "endpoint"}


def test_addresses_that_fit_stay():
    one = system(protocol=Protocol.REST_PUSH, endpoint="https://a.dk/")
    owner_client(one).post(url(one), {"service_protocol": "AS4", "version": 1})
    assert reread(one).endpoint == "https://a.dk/"


@pytest.mark.parametrize("days", [-1, 1])
def test_not_while_in_service_or_planned(days):
    one = system(active_from=timezone.now() + dt.timedelta(days=days))
    client = owner_client(one)
    assert [found.code for found in client.get(url(one)).context["refused"]] == ["system.protocol_in_service"]
    assert client.post(url(one), {"service_protocol": "SFTP", "version": 1}).status_code == 200
    assert (reread(one).service_protocol, tags(one.organisation)) == ("SMTP", [])


def test_bad_choice_and_stale_version():
    one = system()
    client = owner_client(one)
    assert client.post(url(one), {"service_protocol": "FTP", "version": 1}).status_code == 200
    System.objects.filter(pk=one.pk).update(version=2)
    assert client.post(url(one), {"service_protocol": "SFTP", "version": 1}).status_code == 409
    assert reread(one).service_protocol == "SMTP"
