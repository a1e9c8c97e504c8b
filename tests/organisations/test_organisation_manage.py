"""What only the operator changes about an organisation."""

import json

import pytest

from organisations.models import Event, Organisation
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import faults

pytestmark = pytest.mark.django_db


def send(org, **values):
    given = {
        "name": org.name,
        "type": "AUTHORITY",
        "authority_type": "MUNICIPALITY",
        "status_type": "ACTIVE",
        "legal_notification_allowed": "on",
        "reason": "Aftale 7",
        "version": 1,
    }
    client = client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))
    return client.post(f"/drift/myndigheder/{org.cvr_number}/", given | values)


def test_permissions_are_recorded_with_the_reason_in_both_logs():
    org = organisation()
    assert send(org).url == "/drift/myndigheder/"
    assert Organisation.objects.get(pk=org.pk).legal_notification_allowed is True
    payloads = [json.loads(event.payload) for event in Event.objects.all()]
    assert {payload["organisation"] for payload in payloads} == {str(org.pk), "00000000-0000-0000-0000-000000000000"}
    assert {payload["reason"] for payload in payloads} == {"Aftale 7"}
    assert payloads[0]["after"] == {"legal_notification_allowed": True}


def test_a_reason_is_needed():
    org = organisation()
    assert faults(send(org, reason="")) == ["Udfyld: Begrundelse"]
    assert Organisation.objects.get(pk=org.pk).legal_notification_allowed is False


def test_a_lost_race_is_shown():
    org = organisation()
    send(org)
    assert send(org, name="En anden").status_code == 409


def test_an_unknown_number_is_not_found():
    client = client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))
    assert client.get("/drift/myndigheder/99999999/").status_code == 404
