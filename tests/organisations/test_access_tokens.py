"""The pages of access tokens: made, shown once, listed, revoked; of the organisation and one's own."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from adgang.lib.secrets import token_hash
from organisations.models import AccessToken, Event
from tests.factories.organisations import Role, access_token, client_for, organisation, user_with

pytestmark = pytest.mark.django_db


def values(**others):
    """Return what is sent to make a token."""
    day = (timezone.localdate() + dt.timedelta(days=30)).strftime("%d-%m-%Y")
    return {"name": "Natkørsel", "roles": ["READER"], "expires": day} | others


@pytest.fixture
def own():
    return organisation()


@pytest.fixture
def client(own):
    return client_for(user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=own))


def made_token(response) -> str:
    """Return the token that a page shows."""
    return re.search(r'id="new-token">([^<]+)<', response.content.decode())[1]


def works(token: str) -> bool:
    """Say whether a token opens the API."""
    response = Client().get("/apis/v1/organisations/", headers={"Authorization": f"Bearer {token}"})
    return response.status_code == 200


def test_a_token_of_the_organisation_is_shown_once(client, own):
    response = client.post(reverse("access_token_create", args=[own.cvr_number]), values())
    token = made_token(response)
    assert "no-store" in response.headers["Cache-Control"]
    kept = AccessToken.objects.get()
    assert (kept.hash, kept.user, kept.roles) == (token_hash(token), None, ["READER"])
    assert works(token)
    page = client.get(reverse("access_tokens", args=[own.cvr_number])).content.decode()
    assert kept.prefix in page
    assert token not in page
    assert token not in Event.objects.get(tag="ACCESS_TOKEN_MADE").payload


def test_a_token_is_revoked(client, own):
    token = made_token(client.post(reverse("access_token_create", args=[own.cvr_number]), values()))
    url = reverse("access_token_revoke", args=[own.cvr_number, AccessToken.objects.get().pk])
    assert client.get(url).status_code == 200
    assert works(token)
    client.post(url)
    assert not works(token)
    client.post(url)
    assert Event.objects.filter(tag="ACCESS_TOKEN_REVOKED").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"roles": []},
        {"roles": ["SYSTEM_MANAGER"]},
        {"expires": "01-01-2020"},
        {"expires": "01-01-2099"},
        {"expires": "i morgen"},
    ],
)
def test_what_cannot_be(client, own, wrong):
    response = client.post(reverse("access_token_create", args=[own.cvr_number]), values(**wrong))
    assert response.context["form"].errors
    assert not AccessToken.objects.exists()


def test_before_the_terms_no_token_gets_what_no_person_gets():
    own = organisation(accepted=False)
    client = client_for(user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=own))
    url = reverse("access_token_create", args=[own.cvr_number])
    assert client.post(url, values(roles=["ORGANISATION_ADMINISTRATOR"])).context["form"].errors
    assert made_token(client.post(url, values()))


def test_one_s_own_token_carries_one_s_own_roles(own):
    person = user_with(Role.READER, organisation=own)
    client = client_for(person, proven=True)
    url = reverse("my_access_token_create")
    wanted = values(organisation=own.cvr_number, roles=["ORGANISATION_ADMINISTRATOR"])
    assert client.post(url, wanted).context["form"].errors
    token = made_token(client.post(url, values(organisation=own.cvr_number)))
    assert works(token)
    kept = AccessToken.objects.get(user=person)
    assert kept.prefix in client.get(reverse("my_access_tokens")).content.decode()
    stranger = client_for(user_with(Role.READER, organisation=own))
    revoke = reverse("my_access_token_revoke", args=[kept.pk])
    assert stranger.post(revoke).status_code == 404
    client.post(revoke)
    assert not works(token)


def test_a_role_of_another_organisation_is_not_carried_over(own):
    other = organisation()
    person = user_with(Role.READER, organisation=own)
    user_roles = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=other)
    user_roles.privileges.update(user=person)
    wanted = values(organisation=own.cvr_number, roles=["ORGANISATION_ADMINISTRATOR"])
    response = client_for(person, proven=True).post(reverse("my_access_token_create"), wanted)
    assert "roles" in response.context["form"].errors
    assert not AccessToken.objects.exists()


def test_an_old_session_makes_none_without_a_proof(own):
    client = client_for(user_with(Role.READER, organisation=own))
    refused = client.post(reverse("my_access_token_create"), values(organisation=own.cvr_number))
    assert "/mig/login/bekraeft/" in refused.url
    assert not AccessToken.objects.exists()


def test_who_has_no_role_is_told_so():
    person = user_with(Role.SUPPORT, organisation=None)
    assert client_for(person, proven=True).get(reverse("my_access_token_create")).context["may_make"] is False


def test_the_list_asks_the_same_whatever_its_length(client, own, django_assert_max_num_queries):
    for _ in range(10):
        access_token(organisation=own, roles=(Role.READER,))
    with django_assert_max_num_queries(8):
        client.get(reverse("access_tokens", args=[own.cvr_number]))
