"""Mailing a line to whoever is responsible for it."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from organisations import mail
from organisations.models import Event, EventDetail, Mail, ReadinessLine
from tests.factories.organisations import Role, client_for, organisation, user, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation(name="Prøvekøbing Kommune")


@pytest.fixture
def row(org):
    return ReadinessLine.objects.create(
        organisation=org,
        key="identification",
        state="ORDERED",
        evidence="Bestilt den 3. november",
        responsible_name="Lone Lra",
        responsible_email="lone@example.org",
        due=dt.date(2099, 1, 31),
        note="Ring til Bo & Eva",
    )


def address(org, key="identification"):
    return reverse("readiness_line_mail", args=[org.cvr_number, key])


def owner(org):
    return client_for(user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org))


def sent():
    mail.send_waiting(at=timezone.now() + dt.timedelta(seconds=1))
    return outbox.outbox[-1]


def test_asks_first(org, row):
    assert "lone@example.org" in owner(org).get(address(org)).content.decode()
    assert not Mail.objects.exists()


def test_mail_in_danish(org, row):
    assert owner(org).post(address(org)).status_code == 302
    message = sent()
    assert message.to == ["lone@example.org"]
    assert message.subject == (
        "Medarbejdercertifikat (MOCES) eller login med MitID Erhverv – Prøvekøbing Kommune – TEST"
    )
    for expected in (
        "Kære Lone Lra",
        "Status: Bestilt",
        "Frist: 31. januar 2099",
        "Bestilt den 3. november",
        "Bo & Eva",
    ):
        assert expected in message.body
    assert f"/o/{org.cvr_number}/#line-identification" in message.body


def test_mail_in_the_language_of_an_account(org, row):
    user(email="lone@example.org", language="en")
    owner(org).post(address(org))
    message = sent()
    assert message.subject.startswith("Employee certificate (MOCES) or login with MitID Erhverv")
    assert "State: Ordered" in message.body
    assert "Due: 31 January 2099" in message.body


def test_is_told_in_the_log_without_the_address(org, row):
    owner(org).post(address(org))
    event = Event.objects.get()
    assert event.tag == "READINESS_CHANGED"
    assert "lone@example.org" not in event.payload
    assert EventDetail.objects.filter(event_id=event.pk, value='"lone@example.org"').exists()


def test_a_line_that_is_gone_is_not_mailed(org, row):
    own = ReadinessLine.objects.create(organisation=org, step=1, text="Egen", responsible_email="lone@example.org")
    owner(org).post(address(org, own.pk))
    own.delete()
    mail.send_waiting(at=timezone.now() + dt.timedelta(seconds=1))
    assert outbox.outbox == []
    assert Mail.objects.get().next_attempt is None


def test_nobody_responsible(org):
    response = owner(org).post(address(org, "package_6"))
    assert response["Location"] == reverse("readiness_line", args=[org.cvr_number, "package_6"])
    assert not Mail.objects.exists()


def test_reader_and_stranger(org, row):
    reader = user_with(Role.READER, organisation=org)
    stranger = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation())
    assert client_for(reader).post(address(org)).status_code == 403
    assert client_for(stranger).post(address(org)).status_code == 404
    assert not Mail.objects.exists()
