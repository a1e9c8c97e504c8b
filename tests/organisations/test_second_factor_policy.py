"""What an organisation asks of those who act for it: the page, and what it means for everybody else."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from freezegun import freeze_time

from organisations.models import Event, GroupMember, Mail, Organisation, UserGroup
from tests.factories.organisations import Role, client_for, grant, organisation, user, user_with
from tests.factories.passkeys import passkey
from tests.organisations.pages import faults, text
from tests.organisations.test_factors import code
from tests.organisations.test_totp_add import fresh

pytestmark = pytest.mark.django_db
PASSWORD = "korrekt hest batteri"
TODAY = timezone.localdate()


@pytest.fixture
def org() -> Organisation:
    return organisation()


def boss_of(org):
    return user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Anna")


def url(org) -> str:
    return f"/o/{org.cvr_number}/brugere/totrin/"


def save(client, org, day: str, version: int = 1):
    return client.post(url(org), {"second_factor_from": day, "version": version})


def signed_in(person) -> Client:
    client = Client()
    client.post("/log-ind/", {"email": person.email, "password": PASSWORD})
    return client


def ask_for_it(org, day: dt.date) -> None:
    Organisation.objects.filter(pk=org.pk).update(second_factor_from=day)


def test_it_is_saved_with_its_version_logged_and_told_to_those_who_lack_one(org) -> None:
    client = client_for(boss_of(org))
    bo = user_with(Role.READER, organisation=org, name="Bo", password=PASSWORD)
    passkey(user=user_with(Role.READER, organisation=org, name="Carl", password=PASSWORD))
    user(name="En fremmed", password=PASSWORD)
    group = UserGroup.objects.create(organisation=org, name="Driften")
    GroupMember.objects.create(group=group, user=user(name="Dorthe", password=PASSWORD, email="d@example.org"))
    grant(group=group, role=Role.READER, organisation=org)
    page = text(client.get(url(org)))
    assert "Bo (" in page
    assert "Dorthe (" in page
    assert "Carl" not in page
    assert "Anna (" not in page  # has no password
    day = TODAY + dt.timedelta(days=14)
    assert save(client, org, day.strftime("%d-%m-%Y")).status_code == 302
    org.refresh_from_db()
    assert (org.second_factor_from, org.version) == (day, 2)
    assert Event.objects.get(tag="ORGANISATION_CHANGED").payload.count(str(day)) == 1
    assert set(Mail.objects.values_list("kind", "to")) == {
        ("second_factor_required", bo.email),
        ("second_factor_required", "d@example.org"),
    }
    assert save(client, org, "", version=1).status_code == 409


@pytest.mark.parametrize("day", ["i morgen", "01-01-2020", "31-02-2027"])
def test_wrong_days_are_told(org, day) -> None:
    assert faults(save(client_for(boss_of(org)), org, day)) != []
    assert not Mail.objects.exists()


def test_before_the_day_people_are_told_and_let_in(org) -> None:
    bo = user_with(Role.READER, organisation=org, password=PASSWORD)
    ask_for_it(org, TODAY + dt.timedelta(days=3))
    client = signed_in(bo)
    assert client.get(f"/o/{org.cvr_number}/myndighed/").status_code == 200
    assert "lukker ingen ind med adgangskode alene" in text(client.get("/mig/login/"))


def test_from_the_day_on_they_are_led_to_add_one_where_they_enter(org) -> None:
    bo = user_with(Role.READER, organisation=org, password=PASSWORD)
    elsewhere = organisation()
    grant(user=bo, role=Role.READER, organisation=elsewhere)
    ask_for_it(org, TODAY)
    client, page = signed_in(bo), f"/o/{org.cvr_number}/myndighed/"
    assert client.get(page).url == "/mig/login/totrin/"
    assert org.name in text(client.get("/mig/login/totrin/"))
    assert client.get(f"/o/{elsewhere.cvr_number}/myndighed/").status_code == 200
    client.get("/mig/login/engangskoder/")
    client.post("/mig/login/engangskoder/", {"code": code(bo.totp, timezone.now())})
    assert client.get(page).status_code == 200
    assert fresh(bo).post("/mig/login/engangskoder/fjern/").status_code == 403


def test_a_vendors_people_and_tokens_in_their_hands_too(org) -> None:
    vendor = organisation()
    parent = grant(delegate=vendor, role=Role.ORGANISATION_ADMINISTRATOR, organisation=org)
    theirs = user(password=PASSWORD)
    grant(user=theirs, role=Role.ORGANISATION_ADMINISTRATOR, organisation=org, parent=parent)
    ask_for_it(org, TODAY)
    client = signed_in(theirs)
    assert client.get(f"/o/{org.cvr_number}/myndighed/").url == "/mig/login/totrin/"
    assert client.get("/paa-tvaers/").url == "/mig/login/totrin/"
    form = {
        "name": "Nat",
        "organisation": org.cvr_number,
        "roles": [Role.ORGANISATION_ADMINISTRATOR],
        "expires": (TODAY + dt.timedelta(days=9)).strftime("%d-%m-%Y"),
    }
    assert client.post("/mig/adgangstokens/opret/", form).url == "/mig/login/totrin/"
    assert not theirs.access_tokens.exists()


def test_who_comes_in_without_a_password_is_let_in(org) -> None:
    bo = user_with(Role.READER, organisation=org)
    ask_for_it(org, TODAY)
    client = client_for(bo)
    session = client.session
    session["method"] = "MOCES"
    session.save()
    assert client.get(f"/o/{org.cvr_number}/myndighed/").status_code == 200


def test_the_list_of_people_tells_who_has_one_to_those_who_give_roles(org) -> None:
    user_with(Role.READER, organisation=org, name="Bo", password=PASSWORD)
    passkey(user=user_with(Role.READER, organisation=org, name="Carl", password=PASSWORD))
    client, people = client_for(boss_of(org)), f"/o/{org.cvr_number}/brugere/"
    page = text(client.get(people))
    assert "Bruger ikke adgangskode" in page
    assert [row.name for row in client.get(f"{people}?factor=yes").context["list"].page.object_list] == ["Carl"]
    reader = client_for(user_with(Role.READER, organisation=org))
    assert "Totrinslogin" not in text(reader.get(people))


def test_the_day_begins_at_midnight(org) -> None:
    bo = user_with(Role.READER, organisation=org, password=PASSWORD)
    ask_for_it(org, dt.date(2030, 3, 1))
    page = f"/o/{org.cvr_number}/myndighed/"
    with freeze_time("2030-02-28T22:55:00Z"):
        assert signed_in(bo).get(page).status_code == 200
    with freeze_time("2030-02-28T23:05:00Z"):
        assert signed_in(bo).get(page).status_code == 302
