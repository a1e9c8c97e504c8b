"""Links to choose a password: one at a time, once, and every session ends."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.utils import timezone

from organisations import mail, passwords
from organisations.callers import Caller, Channel
from organisations.models import Mail, SecretLink, Session, User
from tests.factories.organisations import client_for, user
from tests.organisations.links import token_in

pytestmark = pytest.mark.django_db

NEW = "fire ord uden mening"
WHO = Caller(user=None, channel=Channel.WEB, request_id="r")


def asked(email, address="192.0.2.1"):
    passwords.ask(email=email, address=address, at=timezone.now())
    mail.send_waiting(at=timezone.now())
    return token_in(outbox.outbox[-1].body, "/ny-adgangskode/") if outbox.outbox else ""


def choose(token, at=None):
    return passwords.choose(caller=WHO, token=token, password=NEW, at=at or timezone.now())


def test_a_link_sets_the_password_once_and_ends_every_session():
    person = user(email="kim@example.org", password="det gamle kodeord")
    client_for(person)
    token = asked("kim@example.org")
    assert choose(token) == person
    assert User.objects.get(pk=person.pk).check_password(NEW)
    assert Session.objects.filter(user=person).count() == 0
    assert choose(token).code == "link.over"


def test_a_new_link_ends_the_one_before():
    user(email="kim@example.org")
    first, second = asked("kim@example.org"), asked("kim@example.org")
    assert passwords.holder(first, at=timezone.now()) is None
    assert passwords.holder(second, at=timezone.now()) is not None


def test_a_link_ends_after_four_hours():
    user(email="kim@example.org")
    token = asked("kim@example.org")
    assert choose(token, at=timezone.now() + dt.timedelta(hours=4, seconds=1)).code == "link.over"


def test_only_the_hash_is_kept():
    user(email="kim@example.org")
    token = asked("kim@example.org")
    assert token not in str(list(SecretLink.objects.values()))


def test_nobody_is_mailed_for_an_unknown_address_or_too_often():
    user(email="kim@example.org")
    assert asked("ingen@example.org") == ""
    for _ in range(5):
        asked("kim@example.org")
    assert Mail.objects.count() == 3


def test_a_lockout_ends_with_a_new_password():
    person = user(email="kim@example.org", locked_until=timezone.now() + dt.timedelta(minutes=10))
    choose(asked("kim@example.org"))
    assert User.objects.get(pk=person.pk).locked_until is None
