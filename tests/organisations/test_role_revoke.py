"""Taking a role away."""

import pytest

from organisations.models import Privilege
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db


def url(org, privilege):
    return f"/o/{org.cvr_number}/roller/{privilege.pk}/fjern/"


def test_it_asks_once_and_tells_what_happens():
    org = organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    held = user_with(Role.READER, organisation=org, name="Bo").privileges.get()
    client = client_for(boss)
    assert "Bo mister rollen Læser med det samme." in text(client.get(url(org, held)))
    assert Privilege.objects.filter(pk=held.pk).exists()
    response = client.post(url(org, held))
    assert toasts(response) == ["Bo er ikke længere Læser."]
    assert not Privilege.objects.filter(pk=held.pk).exists()


def test_ones_own_role_is_warned_about_and_the_last_administrator_stays():
    org = organisation(name="Skovby Kommune")
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    client, held = client_for(boss), boss.privileges.get()
    assert "Det er din egen rolle" in text(client.get(url(org, held)))
    assert toasts(client.post(url(org, held))) == [
        "Skovby Kommune ville stå uden en varig brugeradministrator. "
        "Gør først en anden person til brugeradministrator uden slutdato."
    ]
    assert Privilege.objects.filter(pk=held.pk).exists()


def test_a_role_of_another_organisation_is_not_found():
    org, other = organisation(), organisation()
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    theirs = user_with(Role.READER, organisation=other).privileges.get()
    assert client_for(boss).post(url(org, theirs)).status_code == 404
