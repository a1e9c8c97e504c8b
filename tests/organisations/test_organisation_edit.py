"""Changing an organisation's details."""

import json

import pytest

from organisations.models import Event, Organisation
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation(name="Skovby Kommune")


@pytest.fixture
def client(org):
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))


def send(client, org, **changes):
    values = {
        "name": org.name,
        "industry_code": "",
        "authority_type": "MUNICIPALITY",
        "legal_contact_name": "",
        "legal_contact_email": "",
        "legal_contact_phone": "",
        "contactable": "on",
        "uses_systems": "on",
        "version": 1,
    }
    return client.post(f"/o/{org.cvr_number}/myndighed/ret/", values | changes)


def test_changes_are_saved_and_told_with_before_and_after(client, org):
    response = send(client, org, name="Ny Skovby Kommune", legal_contact_name="Åse Jurist")
    assert (response.url, toasts(response)) == (f"/o/{org.cvr_number}/myndighed/", ["Organisationen blev gemt."])
    saved = Organisation.objects.get(pk=org.pk)
    assert (saved.name, saved.legal_contact_name, saved.version) == ("Ny Skovby Kommune", "Åse Jurist", 2)
    payload = json.loads(Event.objects.get().payload)
    assert payload["before"]["name"] == "Skovby Kommune"
    assert payload["after"]["name"] == "Ny Skovby Kommune"
    assert sorted(payload["after"]) == ["legal_contact_name", "name"]
    assert "Åse" not in Event.objects.get().payload


def test_saving_without_a_change_is_not_logged(client, org):
    assert send(client, org).status_code == 302
    assert Event.objects.count() == 0


def test_permissions_cvr_and_terms_are_not_the_organisations_own_to_change(client, org):
    send(
        client, org, cvr_number="12345678", legal_notification_allowed="on", mandatory_post_allowed="on", type="COMPANY"
    )
    saved = Organisation.objects.get(pk=org.pk)
    assert (saved.cvr_number, saved.type) == (org.cvr_number, "AUTHORITY")
    assert (saved.legal_notification_allowed, saved.mandatory_post_allowed) == (False, False)


def test_two_who_save_see_each_others_version_and_lose_nothing(client, org):
    send(client, org, name="Den ene")
    response = send(client, org, name="Den anden")
    assert response.status_code == 409
    shown = text(response)
    assert "Den ene" in shown
    assert "Den anden" in shown
    assert Organisation.objects.get(pk=org.pk).name == "Den ene"


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, org):
    response = send(client, org, name="", legal_contact_email="ikke en adresse")
    assert faults(response) == ["Udfyld: Navn", "Indtast en gyldig e-mail-adresse."]
    assert 'value="ikke en adresse"' in response.content.decode()
    assert Organisation.objects.get(pk=org.pk).name == "Skovby Kommune"


def test_a_company_has_no_kind_of_authority():
    company = organisation(type="COMPANY", authority_type="")
    client = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=company))
    assert faults(send(client, company)) == ["En virksomhed har ingen myndighedstype: Vælg ingenting."]
