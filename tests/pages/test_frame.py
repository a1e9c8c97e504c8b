"""The frame around every page, seen on the accessibility statement."""

import gzip
import re

import pytest
from django.test import Client
from django.utils import translation

from organisations.models import Organisation, User
from organisations.rights import PrivilegeType
from tests.factories.organisations import client_for, grant, organisation, user_with

URL = "/tilgaengelighed/"
Role = PrivilegeType

pytestmark = pytest.mark.django_db


def read(client: Client, language: str = "da") -> str:
    answer = client.get(URL, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_page_says_that_it_is_not_the_agencys_portal():
    html = read(Client())
    assert "Adgang er ikke Digitaliseringsstyrelsens portal; intet her ændrer noget i Digital Post" in html
    assert '<strong class="environment-name">TEST</strong>' in html


def test_the_registry_itself_does_not_say_so(settings):
    settings.ADGANG_IS_REGISTRY = True
    settings.ADGANG_ENVIRONMENT = "production"
    html = read(Client())
    assert "Adgang er ikke" not in html
    assert "TEST" not in html
    assert "<title>Tilgængelighedserklæring – Adgang</title>" in html


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (
            Role.READER,
            [
                "Overblik",
                "Systemer",
                "Certifikater",
                "Kontaktstruktur",
                "Breve og MeMo",
                "Brugere og rettigheder",
                "Statistik",
                "Organisation",
            ],
        ),
        (Role.ACTION_LOG_ADMINISTRATOR, ["Overblik", "Hændelseslog", "Organisation"]),
        (Role.STATISTICS_ADMINISTRATOR, ["Overblik", "Statistik", "Organisation"]),
    ],
)
def test_the_navigation_offers_what_the_role_may_see(role, offered):
    made = organisation()
    html = client_for(user_with(role, organisation=made)).get(f"/o/{made.cvr_number}/myndighed/").content.decode()
    links = re.findall(r'<a class="nav-link" href="([^"]+)"[^>]*><span>([^<]+)</span></a>', html)
    assert [label for _url, label in links] == offered
    assert re.findall(r'<li class="active current"><a class="nav-link" href="([^"]+)"', html) == [
        f"/o/{made.cvr_number}/myndighed/"
    ]


def test_the_switcher_is_for_those_who_have_somewhere_to_go():
    one, other = organisation(), organisation()
    person = user_with(Role.READER, organisation=one)
    url = f"/o/{one.cvr_number}/myndighed/"
    assert "Skift organisation" not in client_for(person).get(url).content.decode()
    grant(user=person, role=Role.READER, organisation=other)
    assert "Skift organisation" in client_for(person).get(url).content.decode()


def test_operations_are_for_system_managers():
    assert ">Drift</span>" in read(client_for(user_with(Role.SYSTEM_MANAGER, organisation=None)))


def test_nobody_signed_in_sees_no_navigation():
    html = read(Client())
    assert 'id="main-navigation"' not in html
    assert "Log ud" not in html


def test_the_signed_in_person_can_log_out():
    person: User = user_with(Role.READER, organisation=organisation(), name="Vera Holm", email="vera@example.org")
    html = read(client_for(person))
    assert "Vera Holm" in html
    assert "vera@example.org" in html
    assert "Log ud" in html


def test_a_page_without_organisation_offers_the_switcher_to_no_one():
    made: Organisation = organisation()
    html = read(client_for(user_with(Role.READER, organisation=made)))
    assert made.name not in html


def test_the_frame_asks_the_database_only_for_session_person_and_roles(django_assert_num_queries):
    client = client_for(user_with(Role.READER, organisation=organisation()))
    read(client)  # the first request of a minute also prolongs the session
    with django_assert_num_queries(3):
        read(client)


@pytest.mark.parametrize(("language", "other"), [("da", "English"), ("en", "Dansk")])
def test_the_other_language_is_one_click_away(language, other):
    assert f'<span class="language-name">{other}</span>' in read(Client(), language)


def test_set_language_stays_on_the_page():
    client = Client()
    answer = client.post("/sprog/", {"language": "en", "next": URL})
    assert (answer.status_code, answer["Location"]) == (302, URL)
    assert '<html lang="en">' in client.get(URL).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_set_language_leads_nowhere_else(elsewhere):
    assert Client().post("/sprog/", {"language": "en", "next": elsewhere})["Location"] == "/"


def test_pages_travel_compressed():
    answer = Client().get(URL, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert b"<h1>" in gzip.decompress(answer.content)


def test_nothing_is_inline():
    html = read(client_for(user_with(Role.READER, organisation=organisation())))
    assert " style=" not in html
    assert "<style" not in html
    assert html.count("<script") == html.count("<script src=")
    with translation.override("da"):
        assert "javascript:" not in html
