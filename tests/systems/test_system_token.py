"""The API token on its page: once, and nowhere else."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from organisations.models import Event, Session
from systems.models import ApiToken, Protocol, System
from tests.factories import certificates
from tests.factories.organisations import organisation
from tests.factories.systems import reread, system
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db


def url(one: System, name: str = "system_token") -> str:
    return reverse(name, args=[one.organisation.cvr_number, one.pk])


def test_it_asks_first_and_says_what_is_lost():
    org = organisation()
    one = system(organisation=org, protocol=Protocol.REST_PULL, certificate=certificates.certificate(organisation=org))
    client = owner_client(one)
    html = client.get(url(one)).content.decode()
    assert "Certifikatet fjernes samtidig" in html
    assert ApiToken.objects.count() == 0


def test_it_is_shown_in_the_answer_itself_and_nowhere_else():
    one = system(protocol=Protocol.REST_PULL)
    client = owner_client(one)
    response = client.post(url(one), {"version": 1})
    token = response.context["token"]
    assert response.status_code == 200
    assert token in response.content.decode()
    assert response.context["authorization"] in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    kept = [*Event.objects.values_list("payload", flat=True)]
    kept += [str(SessionStore().decode(data)) for data in Session.objects.values_list("session_data", flat=True)]
    kept += [str(row) for row in ApiToken.objects.values_list("prefix", "hash")]
    assert not any(token in text for text in kept)
    assert token not in client.get(url(one)).content.decode()
    assert token not in client.get(url(one, "system")).content.decode()


def test_the_certificate_is_put_back():
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    one = system(organisation=org, protocol=Protocol.REST_PULL, certificate=certificate)
    client = owner_client(one)
    html = client.post(url(one), {"version": 1}).content.decode()
    assert url(one, "system_certificate_restore") in html
    assert reread(one).certificate is None
    response = client.post(url(one, "system_certificate_restore"), {"version": 2}, follow=True)
    assert "er trådt i kraft igen" in response.content.decode()
    assert reread(one).certificate == certificate


def test_sent_twice_makes_one_token():
    one = system(protocol=Protocol.REST_PULL)
    client = owner_client(one)
    first = client.post(url(one), {"version": 1}).context["token"]
    response = client.post(url(one), {"version": 1})
    assert (response.status_code, response["Location"]) == (302, url(one))
    assert ApiToken.objects.get().prefix == first[:6]
