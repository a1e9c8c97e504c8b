"""The list of people and invitations."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories.organisations import Role, client_for, employ, grant, invitation, organisation, user, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation()


def url(org, query=""):
    return f"/o/{org.cvr_number}/brugere/{query}"


def boss_of(org, **fields):
    return user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, **fields)


def names(response):
    return [row.name for row in response.context["list"].page.object_list]


def test_people_roles_and_ends_are_listed(org):
    anna = boss_of(org, name="Anna", email="anna@example.org")
    grant(user=anna, role=Role.READER, organisation=organisation())
    ending = user(name="Bo", email="bo@example.org")
    grant(user=ending, role=Role.READER, organisation=org, active_to=timezone.now() + dt.timedelta(days=3))
    employ(user=user(name="Carl", email="carl@example.org"), organisation=org)
    gone = user(name="Dorthe", email="dorthe@example.org")
    employ(user=gone, organisation=org, ended=timezone.now())
    user(name="En fremmed")
    response = client_for(anna).get(url(org))
    assert names(response) == ["Anna", "Bo", "Carl", "Dorthe"]
    page = text(response)
    assert "Anna anna@example.org Brugeradministrator –" in page
    assert "Carl carl@example.org Ingen roller" in page
    assert "Dorthe dorthe@example.org Fratrådt" in page


def test_the_list_is_narrowed_by_role_state_and_name(org):
    client = client_for(boss_of(org, name="Anna"))
    user_with(Role.READER, organisation=org, name="Bo")
    employ(user=user(name="Carl"), organisation=org, ended=timezone.now())
    assert names(client.get(url(org, "?role=READER"))) == ["Bo"]
    assert names(client.get(url(org, "?state=left"))) == ["Carl"]
    assert names(client.get(url(org, "?state=works"))) == ["Anna", "Bo"]
    assert names(client.get(url(org, "?q=bo"))) == ["Bo"]


def test_a_role_for_one_system_says_so(org):
    user_with(Role.READER, organisation=org, system_id=org.pk)
    assert "Læser (ét system)" in text(client_for(boss_of(org)).get(url(org)))


def test_open_invitations_stand_with_what_can_be_done(org):
    made = invitation(organisation=org, name="Nynne", email="nynne@example.org")
    invitation(organisation=org, name="Otto", expires=timezone.now() - dt.timedelta(days=1))
    invitation(organisation=org, name="Brugt", accepted=timezone.now())
    page = client_for(boss_of(org)).get(url(org))
    assert "Nynne nynne@example.org Læser" in text(page)
    assert "Udløbet" in text(page)
    assert "Brugt" not in text(page)
    assert f"/invitationer/{made.pk}/send/" in page.content.decode()


def test_a_reader_sees_but_cannot_act(org):
    invitation(organisation=org, name="Nynne")
    page = client_for(user_with(Role.READER, organisation=org)).get(url(org))
    assert "Nynne" in text(page)
    assert "/send/" not in page.content.decode()
    assert "/inviter/" not in page.content.decode()


@pytest.mark.parametrize(
    ("lasting", "expected"),
    [(0, "Der er ingen varig brugeradministrator"), (1, "Der er kun én brugeradministrator"), (2, "")],
)
def test_too_few_user_administrators_is_a_warning(org, lasting, expected):
    for _ in range(lasting):
        boss_of(org)
    page = text(client_for(user_with(Role.READER, organisation=org)).get(url(org)))
    assert expected in page
    assert ("Der er kun én" in page) == (lasting == 1)


def test_the_number_of_queries_does_not_grow(org, django_assert_num_queries):
    client = client_for(boss_of(org))
    client.get(url(org))
    with django_assert_num_queries(9):
        client.get(url(org))
    for _ in range(3):
        user_with(Role.READER, Role.CONTACT_ADMINISTRATOR, organisation=org)
        invitation(organisation=org)
    with django_assert_num_queries(9):
        client.get(url(org))


def test_it_is_taken_along_as_csv(org):
    boss_of(org, name="Anna", email="anna@example.org")
    reader = user_with(Role.READER, organisation=org, name="Bo", email="bo@example.org")
    response = client_for(reader).get(url(org, "?format=csv"))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Navn;E-mail;Roller;Første rolle slutter;Sidst logget ind"
    assert lines[1].startswith("Anna;anna@example.org;Brugeradministrator;")
