"""Registering an organisation."""

import pytest

from organisations.models import Event, Organisation
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import faults, toasts

pytestmark = pytest.mark.django_db


def send(**values):
    given = {
        "name": "Skovby Kommune",
        "cvr_number": "90 00 00 04",
        "type": "AUTHORITY",
        "authority_type": "MUNICIPALITY",
    }
    client = client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))
    return client.post("/drift/myndigheder/opret/", given | values)


def test_it_is_made_and_told_in_both_logs():
    response = send()
    assert response.url == "/drift/myndigheder/90000004/inviter/"
    assert toasts(response) == ["Skovby Kommune blev oprettet. Invitér den første brugeradministrator."]
    made = Organisation.objects.get()
    assert {event.organisation_id.int for event in Event.objects.all()} == {made.pk.int, 0}


def test_a_fictitious_number_warns_in_test_and_is_refused_in_production(settings):
    assert toasts(send(cvr_number="90000005"))[0].startswith("90000005 består ikke kontrollen")
    settings.ADGANG_ENVIRONMENT = "production"
    assert faults(send(cvr_number="90000006")) == [
        "90000006 består ikke kontrollen af CVR-numre (modulus 11). Se efter, om nummeret er tastet rigtigt."
    ]
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"cvr_number": "1234"}, "Skriv CVR-nummeret med 8 cifre"),
        ({"name": ""}, "Udfyld: Navn"),
        ({"type": "COMPANY"}, "En virksomhed har ingen myndighedstype: Vælg ingenting."),
    ],
)
def test_what_is_wrong_is_said(values, expected):
    assert faults(send(**values)) == [expected]
    assert Organisation.objects.count() == 0


def test_a_number_is_used_once():
    organisation(cvr_number="90000004")
    assert faults(send()) == ["Organisation med dette CVR-nummer eksisterer allerede."]
