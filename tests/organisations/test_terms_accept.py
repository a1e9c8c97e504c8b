"""Accepting the terms."""

import pytest

from organisations import terms as agreement
from organisations.callers import Caller
from tests.factories import organisations
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import faults, toasts

pytestmark = pytest.mark.django_db


def accept(org, person, version, **values):
    url = f"/o/{org.cvr_number}/vilkaar/godkend/"
    return client_for(person).post(url, {"terms_id": version.pk, "accepts": "on"} | values)


@pytest.fixture
def version():
    return organisations.terms()


def test_the_user_administrator_accepts_and_all_roles_can_be_given(version):
    org = organisation(accepted=False)
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    assert toasts(accept(org, boss, version)) == ["Vilkårene er godkendt. Du kan nu give alle roller."]
    assert agreement.acceptance(org, version).accepted_by == boss


def test_the_box_must_be_ticked(version):
    org = organisation(accepted=False)
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    response = accept(org, boss, version, accepts="")
    assert faults(response) == ["Sæt kryds: Jeg har læst vilkårene og godkender dem på myndighedens vegne"]
    assert not agreement.accepted(org)


def test_what_was_read_must_be_the_newest(version):
    org = organisation(accepted=False)
    boss = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=org)
    agreement.publish(caller=Caller.command("x"), label="2.0", text_da="Nyt")
    assert toasts(accept(org, boss, version)) == [
        "Der kom en nyere version af vilkårene, mens du læste. Læs den nyeste version, og godkend den."
    ]
    assert not agreement.accepted(org)


def test_a_colleague_and_a_stranger_cannot(version):
    org = organisation(accepted=False)
    colleague = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org)
    stranger = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation(accepted=False))
    assert accept(org, colleague, version).status_code == 403
    assert accept(org, stranger, version).status_code == 404
    assert not agreement.accepted(org)
