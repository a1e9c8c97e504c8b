"""The pages of user groups, from creating one to deleting it."""

import pytest
from django.urls import reverse

from organisations.models import GroupMember, Privilege, UserGroup
from tests.factories.organisations import Role, client_for, employ, grant, organisation, user, user_with
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def boss(org):
    return user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org, name="Anna")


def made(org, name="Driften"):
    return UserGroup.objects.create(organisation=org, name=name)


def url(name, org, group=None):
    return reverse(name, args=[org.cvr_number, *([group.pk] if group else [])])


def test_a_group_is_made_filled_and_given_a_role(org, boss):
    bo = user(name="Bo")
    employ(user=bo, organisation=org)
    client = client_for(boss)
    response = client.post(url("user_group_create", org), {"name": "Driften", "description": "Vagtholdet"})
    group = UserGroup.objects.get()
    assert response.url == url("user_group_edit", org, group)
    values = {"name": "Driften", "description": "Vagtholdet", "members": [str(bo.pk)], "version": 1}
    assert client.post(response.url, values).url == url("user_group", org, group)
    response = client.post(url("user_group_grant", org, group), {"role": "READER"})
    assert toasts(response)[-1] == "Alle i Driften er nu Læser."
    shown = text(client.get(url("user_group", org, group)))
    assert "Vagtholdet" in shown
    assert "Bo" in shown
    assert "Læser" in shown
    assert "Driften 1 Læser Vagtholdet" in text(client.get(url("user_groups", org)))
    assert "via gruppen Driften" in text(client.get(reverse("person", args=[org.cvr_number, bo.pk])))


def test_the_groups_role_is_removed_from_the_groups_page(org, boss):
    group = made(org)
    held = grant(group=group, role=Role.READER, organisation=org)
    client = client_for(boss)
    revoke = reverse("role_revoke", args=[org.cvr_number, held.pk])
    assert revoke in client.get(url("user_group", org, group)).content.decode()
    assert "Det gør alle, der har den gennem gruppen, også." in text(client.get(revoke))
    assert client.post(revoke).url == url("user_group", org, group)
    assert not Privilege.objects.filter(pk=held.pk).exists()


def test_wrong_input_is_told_at_the_field(org, boss):
    made(org)
    client = client_for(boss)
    assert faults(client.post(url("user_group_create", org), {"name": ""})) == ["Udfyld: Navn"]
    taken = faults(client.post(url("user_group_create", org), {"name": "Driften"}))
    assert taken == ["Der findes allerede en brugergruppe med navnet Driften. Vælg et andet navn."]
    group = UserGroup.objects.get()
    stranger = user()
    values = {"name": "Driften", "members": [str(stranger.pk)], "version": 1}
    assert len(faults(client.post(url("user_group_edit", org, group), values))) == 1
    assert not GroupMember.objects.exists()


def test_a_lost_race_shows_both(org, boss):
    group = made(org)
    response = client_for(boss).post(url("user_group_edit", org, group), {"name": "Nyt", "version": 7})
    assert response.status_code == 409
    assert UserGroup.objects.get().name == "Driften"


def test_deleting_asks_once_and_keeps_what_was_changed_meanwhile(org, boss):
    group = made(org)
    client = client_for(boss)
    assert "mister de roller, de har gennem gruppen" in text(client.get(url("user_group_delete", org, group)))
    client.post(url("user_group_delete", org, group), {"version": "9"})
    assert UserGroup.objects.exists()
    client.post(url("user_group_delete", org, group), {"version": "1"})
    assert not UserGroup.objects.exists()


def test_the_list_costs_the_same_for_many(org, boss, django_assert_num_queries):
    client = client_for(boss)
    made(org)
    client.get(url("user_groups", org))
    with django_assert_num_queries(6):
        client.get(url("user_groups", org))
    for number in range(5):
        group = made(org, f"Hold {number}")
        grant(group=group, role=Role.READER, organisation=org)
        GroupMember.objects.create(group=group, user=boss)
    with django_assert_num_queries(6):
        client.get(url("user_groups", org))


def test_a_reader_sees_but_changes_nothing(org):
    group = made(org)
    client = client_for(user_with(Role.READER, organisation=org))
    shown = client.get(url("user_group", org, group)).content.decode()
    acts = ("user_group_edit", "user_group_grant", "user_group_delete")
    assert not any(url(name, org, group) in shown for name in acts)
    assert client.get(url("user_group_edit", org, group)).status_code == 403
