"""The form that invites a person."""

import pytest

from organisations.models import Invitation
from tests.factories.organisations import Role, client_for, invitation, organisation, user_with
from tests.organisations.pages import faults, text, toasts

pytestmark = pytest.mark.django_db


def send(client, org, **values):
    given = {"name": "Nynne Ny", "email": "nynne@example.org", "roles": ["READER", "CONTACT_ADMINISTRATOR"]}
    return client.post(f"/o/{org.cvr_number}/brugere/inviter/", given | values)


def boss_of(org):
    return client_for(user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org))


def test_the_invitation_is_made(db):
    org = organisation()
    response = send(boss_of(org), org)
    assert (response.url, toasts(response)) == (
        f"/o/{org.cvr_number}/brugere/",
        ["En invitation er på vej til nynne@example.org."],
    )
    assert Invitation.objects.get().roles == ["READER", "CONTACT_ADMINISTRATOR"]


def test_every_role_of_the_organisation_is_offered_with_what_it_may_do():
    org = organisation()
    page = text(boss_of(org).get(f"/o/{org.cvr_number}/brugere/inviter/"))
    assert "Systemadministrator Opsætter og tilslutter systemer" in page
    assert "Systemforvalter" not in page


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": ""}, ["Udfyld: Navn"]),
        ({"email": "nynne"}, ["Indtast en gyldig e-mail-adresse."]),
        ({"roles": []}, ["Vælg: Roller"]),
        ({"email": f"{'a' * 243}@example.org"}, ["Denne værdi må højst have 254 tegn (den har 255)."]),
    ],
)
def test_what_is_missing_is_named(values, expected):
    org = organisation()
    assert faults(send(boss_of(org), org, **values)) == expected


def test_before_the_terms_it_says_what_must_come_first():
    org = organisation(accepted=False, name="Skovby Kommune")
    assert faults(send(boss_of(org), org)) == [
        "Skovby Kommune har ikke godkendt tilslutningsvilkårene, så rollen Kontaktstrukturadministrator kan ikke gives "
        "endnu. Godkend vilkårene først. Indtil da kan kun brugeradministratorer og læsere udpeges."
    ]


def test_a_role_that_is_not_offered_cannot_be_smuggled_in():
    org = organisation()
    assert faults(send(boss_of(org), org, roles=["SYSTEM_MANAGER"])) != []
    assert Invitation.objects.count() == 0


def test_who_waits_already_is_not_invited_twice():
    org = organisation()
    invitation(organisation=org, email="nynne@example.org")
    assert faults(send(boss_of(org), org)) == [
        "nynne@example.org er allerede inviteret. Send den invitation igen, eller træk den tilbage og invitér på ny."
    ]
