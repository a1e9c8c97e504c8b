"""Withdrawing an invitation."""

import pytest

from organisations.models import Invitation
from tests.factories.organisations import Role, client_for, invitation, organisation, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db


def test_it_asks_once_and_then_ends_the_link():
    org = organisation()
    made = invitation(organisation=org, token="t" * 43, email="ny@example.org")
    client = client_for(user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org))
    url = f"/o/{org.cvr_number}/invitationer/{made.pk}/traek-tilbage/"
    assert "Linket i mailen holder op med at virke med det samme." in text(client.get(url))
    assert Invitation.objects.get().withdrawn is None
    assert toasts(client.post(url)) == ["Invitationen er trukket tilbage."]
    assert client.get(f"/invitation/{'t' * 43}/").status_code == 410
    assert toasts(client.post(url))[-1].startswith("Invitationen er trukket tilbage. Bed om en ny")
