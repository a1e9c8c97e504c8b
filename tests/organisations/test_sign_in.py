"""The page that asks for e-mail and password."""

import pytest
from django.test import Client
from django.urls import reverse

from organisations.event_tags import Tag
from organisations.models import Event
from tests.factories.organisations import Role, client_for, organisation, user, user_with
from tests.organisations.pages import faults, text

pytestmark = pytest.mark.django_db

URL = "/log-ind/"
PASSWORD = "korrekt hest batteri"


def send(client, *, email="kim@example.org", password=PASSWORD, url=URL):
    return client.post(url, {"email": email, "password": password}, headers={"User-Agent": "Firefox/140 Linux"})


@pytest.fixture
def kim():
    return user_with(
        Role.READER, organisation=organisation(), email="kim@example.org", password=PASSWORD, language="en"
    )


def test_the_right_password_signs_in_and_is_recorded(kim):
    client = Client()
    response = send(client)
    assert (response.status_code, response.url) == (302, reverse("choose_organisation"))
    assert client.session["browser"] == "Firefox/140 Linux"
    event = Event.objects.get()
    assert (event.tag, event.actor_id, event.object_id) == (Tag.SIGNED_IN, kim.pk, kim.pk)


def test_the_session_gets_a_new_key(kim):
    client = Client()
    client.get(URL)
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    send(client)
    assert client.session.session_key != before


def test_the_persons_language_comes_along_unless_one_was_chosen(kim):
    client = Client()
    send(client)
    assert client.cookies["django_language"].value == "en"
    chosen = Client()
    chosen.cookies["django_language"] = "da"
    send(chosen)
    assert chosen.cookies["django_language"].value == "da"


@pytest.mark.parametrize("email", ["kim@example.org", "ingen@example.org"])
def test_a_wrong_one_gets_one_answer_and_shows_no_password(kim, email):
    response = send(Client(), email=email, password="forkert kodeord")
    assert faults(response) == [
        "E-mail eller adgangskode er forkert, eller kontoen er låst. "
        "Prøv igen. Efter fem forkerte forsøg er kontoen låst i 15 minutter."
    ]
    assert "forkert kodeord" not in response.content.decode()
    assert "<title>Fejl: Log ind" in response.content.decode()


def test_what_was_left_empty_is_named():
    assert faults(send(Client(), email="", password="")) == ["Udfyld: E-mail", "Udfyld: Adgangskode"]


@pytest.mark.parametrize(
    ("wanted", "onward"),
    [
        ("/mig/", "/mig/"),
        ("https://ond.example/", "/"),
        ("//ond.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_it_goes_on_to_pages_of_ours_only(kim, wanted, onward):
    assert send(Client(), url=f"{URL}?next={wanted}").url == onward


def test_who_is_signed_in_goes_straight_on(kim):
    assert client_for(kim).get(URL).url == "/"


def test_the_demo_offers_its_people_on_this_machine_only(settings):
    settings.ADGANG_DEMO = True
    org = organisation(name="Skovby Kommune")
    user_with(Role.READER, organisation=org, email="lis@demo.adgang.invalid", name="Lis Læser")
    user_with(Role.READER, organisation=org, email="bo@skovby.example", name="Bo Borger")
    assert "Lis Læser Læser, Skovby Kommune" in text(Client().get(URL))
    assert "Bo Borger" not in text(Client().get(URL))
    assert "Lis Læser" not in text(Client(REMOTE_ADDR="192.0.2.1").get(URL))
    assert "Lis Læser" not in text(Client().get(URL, headers={"X-Forwarded-For": "127.0.0.1"}))
    settings.ADGANG_ENVIRONMENT = "production"
    assert "Lis Læser" not in text(Client().get(URL))


def test_no_page_of_it_is_kept_by_the_browser():
    assert "no-store" in Client().get(URL).headers["Cache-Control"]


def test_passwords_of_people_with_many_roles_cost_few_queries(settings, django_assert_max_num_queries):
    settings.ADGANG_DEMO = True
    for number in range(3):
        user_with(Role.READER, organisation=organisation(), email=f"p{number}@demo.adgang.invalid")
    with django_assert_max_num_queries(2):
        Client().get(URL)
    assert user()
