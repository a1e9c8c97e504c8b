"""Opening an account without an invitation: proved by mail, the same answer for everybody, throttled."""

import datetime as dt

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from organisations import mail
from organisations.access_requests import registration
from organisations.event_tags import Tag
from organisations.models import Event, Mail, Registration, User
from tests.factories.organisations import user
from tests.organisations.links import token_in

pytestmark = pytest.mark.django_db

PASSWORD = "korrekt hest batteri"


def ask(client, email="Ny@Example.org"):
    answer = client.post(reverse("register"), {"email": email})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/opret-konto/sendt/")
    mail.send_waiting(at=timezone.now())


def link(email="ny@example.org"):
    body = [one.body for one in outbox.outbox if one.to == [email]][-1]
    return f"/opret-konto/{token_in(body, '/opret-konto/')}/"


def account(client, url, **changed):
    return client.post(url, {"name": "Ny Person", "new_password": PASSWORD, "repeated": PASSWORD} | changed)


def test_register(client):
    ask(client)
    assert "24 timer" in client.get(reverse("register_sent")).content.decode()
    url = link()
    assert client.get(url).status_code == client.get(url).status_code == 200  # looking uses nothing up
    assert not User.objects.exists()
    answer = account(client, url)
    assert answer.headers["Location"] == "/anmodninger/"
    person = User.objects.get()
    assert (person.email, person.name, person.privileges.count()) == ("ny@example.org", "Ny Person", 0)
    assert "Anmod om adgang" in client.get("/anmodninger/").content.decode()
    assert Event.objects.get(tag=Tag.ACCOUNT_REGISTERED).actor_id == person.pk
    assert client.get(url).status_code == 410


def test_an_address_with_an_account_is_told_by_mail_and_by_nothing_else(client):
    known = user(email="ny@example.org")
    ask(client)
    assert "allerede en konto" in outbox.outbox[0].body
    assert (Registration.objects.count(), User.objects.get()) == (0, known)


def test_register_confirm(client):
    ask(client)
    url = link()
    assert "ikke ens" in account(client, url, repeated="noget andet helt").content.decode()
    assert not User.objects.exists()
    with freeze_time(timezone.now() + dt.timedelta(hours=24, minutes=1)):
        assert account(client, url).status_code == 410
    assert client.get(reverse("register_confirm", args=["a" * 43])).status_code == 410


def test_a_second_mail_ends_the_first_link_only_of_the_same_asking(client):
    ask(client)
    first = link()
    Mail.objects.update(sent=None, next_attempt=timezone.now())
    mail.send_waiting(at=timezone.now())
    assert client.get(first).status_code == 410
    assert client.get(link()).status_code == 200


def test_one_link_opens_one_account(client, django_user_model):
    ask(client)
    url = link()
    user(email="ny@example.org")  # an invitation was accepted meanwhile
    assert account(client, url).status_code == 410
    assert User.objects.count() == 1


def test_register_sent_says_the_same_however_often_but_mails_end(client):
    for _ in range(5):
        ask(client)
    assert Registration.objects.count() == registration.PER_EMAIL
    for number in range(12):
        ask(client, f"n{number}@example.org")
    assert Registration.objects.count() == registration.PER_ADDRESS - 2


def test_the_operator_may_close_it(client, settings):
    settings.ADGANG_REGISTRATION = False
    assert client.get("/opret-konto/").status_code == client.get("/opret-konto/sendt/").status_code == 404
    assert "/opret-konto/" not in client.get("/log-ind/").content.decode()
