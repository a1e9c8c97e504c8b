"""The page behind an invitation's link."""

import pytest
from django.test import Client

from organisations.models import Event, Invitation, Privilege, User
from tests.factories.organisations import Role, client_for, invitation, organisation, user, user_with
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db

URL = f"/invitation/{'t' * 43}/"
PASSWORD = "korrekt hest batteri"


@pytest.fixture
def org():
    return organisation(name="Skovby Kommune", cvr_number="90000004")


@pytest.fixture
def waiting(org):
    return invitation(organisation=org, token="t" * 43, email="nynne@example.org", name="Nynne")


def accept(client, **values):
    return client.post(URL, {"name": "Nynne Ny", "new_password": PASSWORD, "repeated": PASSWORD} | values)


def test_fetching_the_link_shows_and_does_nothing(waiting):
    for _ in range(2):
        response = Client().get(URL)
    assert "Skovby Kommune (CVR 90 00 00 04) inviterer dig" in text(response)
    assert "Du skal logge ind med nynne@example.org" in text(response)
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert (Invitation.objects.get().accepted, User.objects.filter(email="nynne@example.org").count()) == (None, 0)


def test_a_new_person_chooses_name_and_password_and_is_let_in(waiting, org):
    client = Client()
    response = accept(client)
    assert (response.url, toasts(response)) == ("/o/90000004/", ["Velkommen til Skovby Kommune."])
    person = User.objects.get(email="nynne@example.org")
    assert (person.name, client.session["_auth_user_id"]) == ("Nynne Ny", str(person.pk))
    assert [held.type for held in person.privileges.all()] == ["READER"]
    assert Client().get(URL).status_code == 410


def test_a_weak_password_is_refused_and_nothing_is_kept(waiting):
    assert faults(accept(Client(), new_password="kort", repeated="kort")) == [
        "Denne adgangskode er for kort. Den skal indeholde mindst 12 tegn."
    ]
    assert Invitation.objects.get().accepted is None


def test_an_existing_account_must_prove_itself(waiting):
    person = user(email="nynne@example.org", password=PASSWORD)
    assert "Skriv dens adgangskode; linket alene åbner den ikke." in text(Client().get(URL))
    assert faults(Client().post(URL, {"password": "gættet kodeord"}))[0].startswith(
        "E-mail eller adgangskode er forkert"
    )
    assert accept(Client()).status_code == 200
    assert Privilege.objects.filter(user=person).count() == 0
    client = Client()
    assert client.post(URL, {"password": PASSWORD}).url == "/o/90000004/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert Privilege.objects.filter(user=person).count() == 1


def test_guessing_there_locks_the_account_too(waiting):
    person = user(email="nynne@example.org", password=PASSWORD)
    for _ in range(5):
        Client().post(URL, {"password": "gættet"})
    Client().post(URL, {"password": PASSWORD})
    assert Privilege.objects.filter(user=person).count() == 0


def test_who_is_signed_in_accepts_as_themselves(waiting, org):
    other = user_with(Role.READER, organisation=organisation(), name="Kim", email="kim@example.org")
    client = client_for(other)
    assert "Du er logget ind som Kim (kim@example.org)" in text(client.get(URL))
    assert client.post(URL).url == "/o/90000004/"
    assert sorted(held.scope.name for held in other.privileges.all()) == sorted(
        [org.name, other.privileges.exclude(scope=org).get().scope.name]
    )
    assert User.objects.filter(email="nynne@example.org").count() == 0
    assert Event.objects.filter(organisation_id=org.pk, actor_id=other.pk).count() == 2


def test_a_link_that_never_was(db):
    assert Client().get(URL).status_code == 410
    assert Client().post(URL).status_code == 410


def test_where_a_second_factor_is_required_it_is_added_first(waiting, org, settings):
    settings.ADGANG_REQUIRE_SECOND_FACTOR = "everyone"
    client = Client()
    accept(client)
    assert client.get(f"/o/{org.cvr_number}/myndighed/").url == "/mig/login/totrin/"
