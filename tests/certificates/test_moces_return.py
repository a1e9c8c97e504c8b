"""Coming back with a judged certificate: whose account it opens, and for which organisation."""

import datetime as dt

import pytest
from django.test import Client
from freezegun import freeze_time

from organisations.models import Event, Mail, SignInIdentity
from tests.certificates import moces_sign_in as way
from tests.factories import certificates as make
from tests.factories.organisations import Role, client_for, grant, organisation, user, user_with
from tests.organisations.pages import text

PASSWORD = "korrekt hest batteri"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installed(settings) -> None:
    way.install(settings)


@pytest.fixture
def here():
    return organisation(cvr_number=make.CVR)


@pytest.fixture
def kim(here):
    return user_with(Role.READER, organisation=here, name="Kim Ejer", password=PASSWORD)


def signed_in(made, client=None, onward=""):
    client = client or Client()
    return client, way.came_back(client, way.showed(way.left(client, onward=onward), made.der))


def test_a_bound_certificate_opens_the_account(kim) -> None:
    identity = way.bound(kim)
    client, response = signed_in(way.moces(), onward="/mig/")
    assert (response.status_code, response.url) == (302, "/mig/")
    assert client.session["_auth_user_id"] == str(kim.pk)
    assert Event.objects.get(tag="SIGNED_IN").actor_id == kim.pk
    identity.refresh_from_db()
    assert identity.last_used is not None
    assert "Medarbejdercertifikat (MOCES)" in text(client.get("/mig/login/"))


def test_a_renewed_certificate_of_the_same_holder_does_too(kim) -> None:
    way.bound(kim)
    signed_in(way.moces())
    client, _ = signed_in(way.moces())
    assert "_auth_user_id" in client.session


def test_an_uploaded_one_opens_nothing(kim, here) -> None:
    make.certificate(organisation=here, user=kim)
    client, response = signed_in(way.moces())
    assert response.status_code == 403
    assert "Ingen her har forbundet dette login med sin konto" in text(response)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("other", [{"cvr": "87654321"}, {"holder_id": "11111111-d9cb-469f-a165-70867728950e"}])
def test_another_holder_or_another_employer_is_somebody_else(kim, other) -> None:
    way.bound(kim)
    assert signed_in(way.moces(**other))[1].status_code == 403


def test_the_session_acts_for_the_organisation_of_its_cvr_alone(kim, here) -> None:
    elsewhere = organisation(cvr_number="87654321")
    grant(role=Role.READER, organisation=elsewhere, user=kim)
    grant(role=Role.SYSTEM_MANAGER, organisation=None, user=kim)
    way.bound(kim)
    by_password, (by_certificate, _) = client_for(kim), signed_in(way.moces())
    for path, status in (("/o/87654321/myndighed/", 404), ("/drift/", 404), (f"/o/{make.CVR}/myndighed/", 200)):
        assert by_certificate.get(path).status_code == status
        assert by_password.get(path).status_code == 200


def test_and_for_what_that_organisation_was_given(kim, here) -> None:
    giver = organisation(cvr_number="87654321")
    given = grant(role=Role.READER, organisation=giver, delegate=here)
    grant(role=Role.READER, organisation=giver, user=kim, parent=given)
    way.bound(kim)
    client, _ = signed_in(way.moces())
    assert client.get("/o/87654321/myndighed/").status_code == 200


def test_binding_asks_once_and_tells_by_mail(kim) -> None:
    client = client_for(kim)
    response = way.came_back(client, way.showed(way.left(client, "bind"), way.moces().der))
    assert response.url == "/mig/login/forbind/"
    assert not SignInIdentity.objects.exists()
    assert client.get(response.url).url.startswith("/mig/login/bekraeft/?next=")  # this session was not begun just now
    client.post("/mig/login/bekraeft/", {"password": PASSWORD})
    assert make.HOLDER_ID in text(client.get(response.url))
    assert client.post(response.url).url == "/mig/login/"
    assert SignInIdentity.objects.get().user == kim
    assert Mail.objects.get().kind == "identity_bound"
    assert Event.objects.get(tag="IDENTITY_BOUND").actor_id == kim.pk


def test_a_ticket_serves_once_and_its_own_session(kim) -> None:
    way.bound(kim)
    client = Client()
    back = way.showed(way.left(client), way.moces().der)
    assert way.came_back(Client(), back).status_code == 403
    assert way.came_back(client, back).status_code == 302
    again = way.came_back(client, back)
    assert again.status_code == 403
    assert not Mail.objects.exists()


def test_a_ticket_ends_after_a_minute(kim) -> None:
    way.bound(kim)
    client = Client()
    with freeze_time(make.AT):
        make.publish_list(at=make.AT)
        back = way.showed(way.left(client), way.moces().der)
    with freeze_time(make.AT + dt.timedelta(seconds=61)):
        assert way.came_back(client, back).status_code == 403


@pytest.mark.parametrize("told", ["", "æ", "AAAA", "A" * 400])
def test_rubbish_is_refused(told) -> None:
    assert Client().get("/log-ind/moces/retur/", {"ticket": told}).status_code == 403


def test_a_closed_account_stays_closed() -> None:
    way.bound(user(is_active=False))
    assert signed_in(way.moces())[1].status_code == 403
