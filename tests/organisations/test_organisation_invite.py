"""The operator appoints the first user administrator."""

import pytest

from organisations.models import Event, Invitation
from tests.factories.organisations import Role, client_for, invitation, organisation, user_with
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db


def send(org, **values):
    given = {"name": "Chef", "email": "chef@example.org", "reason": "Ny myndighed"}
    client = client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))
    return client.post(f"/drift/myndigheder/{org.cvr_number}/inviter/", given | values)


def test_the_invitation_is_for_that_role_alone():
    org = organisation(accepted=False)
    response = send(org, roles=["READER"])
    assert toasts(response) == ["En invitation er på vej til chef@example.org."]
    assert Invitation.objects.get().roles == ["ORGANISATION_USER_ADMINISTRATOR"]
    assert Event.objects.count() == 2


def test_a_reason_is_needed_and_nobody_is_invited_twice():
    org = organisation()
    assert faults(send(org, reason="")) == ["Udfyld: Begrundelse"]
    invitation(organisation=org, email="chef@example.org")
    assert faults(send(org))[0].startswith("chef@example.org er allerede inviteret.")


def test_it_names_the_organisation():
    org = organisation(name="Skovby Kommune")
    client = client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))
    assert "Til Skovby Kommune" in text(client.get(f"/drift/myndigheder/{org.cvr_number}/inviter/"))
