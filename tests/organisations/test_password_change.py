"""A new password from somebody who knows the old one."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.utils import timezone

from organisations import mail
from organisations.event_tags import Tag
from organisations.models import Event, Mail, User
from tests.factories.organisations import client_for, user
from tests.organisations.pages import faults

pytestmark = pytest.mark.django_db

OLD, NEW = "det gamle kodeord", "fire ord uden mening"


def send(client, current=OLD):
    return client.post("/mig/adgangskode/", {"current_password": current, "new_password": NEW, "repeated": NEW})


def test_other_sessions_end_and_this_one_stays():
    kim = user(password=OLD)
    here, there = client_for(kim), client_for(kim)
    assert send(here).url == "/mig/"
    assert User.objects.get(pk=kim.pk).check_password(NEW)
    assert (here.get("/mig/").status_code, there.get("/mig/").status_code) == (200, 302)
    assert Event.objects.get().tag == Tag.PASSWORD_CHANGED


def test_its_person_is_told_by_mail():
    kim = user(password=OLD)
    send(client_for(kim), current="gættet")
    assert not Mail.objects.exists()
    send(client_for(kim))
    mail.send_waiting(at=timezone.now() + dt.timedelta(seconds=1))
    assert [(one.to, one.subject) for one in outbox.outbox] == [
        ([kim.email], "Din konto har fået en ny adgangskode – TEST")
    ]


def test_the_old_one_must_be_right():
    kim = user(password=OLD)
    assert faults(send(client_for(kim), current="gættet")) == ["Den nuværende adgangskode er ikke rigtig."]
    assert User.objects.get(pk=kim.pk).check_password(OLD)


def test_who_has_none_is_not_asked_for_it():
    assert client_for(user()).get("/mig/adgangskode/").url == "/mig/login/"
    assert "Skift adgangskode" not in client_for(user()).get("/mig/").content.decode()
