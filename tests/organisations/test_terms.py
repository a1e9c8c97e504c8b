"""Reading the terms."""

import pytest

from tests.factories import organisations
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def page(org, role, **options):
    person = user_with(role, organisation=org)
    return client_for(person).get(f"/o/{org.cvr_number}/vilkaar/", **options)


def test_who_may_accept_is_offered_it():
    organisations.terms(label="1.0")
    org = organisation(accepted=False)
    assert "Godkend vilkårene" in text(page(org, Role.ORGANISATION_USER_ADMINISTRATOR))
    reader = text(page(org, Role.READER))
    assert "En brugeradministrator godkender dem." in reader
    assert "Godkend vilkårene" not in reader


def test_who_accepted_and_when_is_shown():
    org = organisation()
    assert "Version 1.0 er godkendt Af Kim Prøvesen" in text(page(org, Role.READER))


def test_a_newer_version_asks_again_and_keeps_the_earlier_in_sight():
    org = organisation()
    organisations.terms(label="2.0")
    shown = text(page(org, Role.ORGANISATION_USER_ADMINISTRATOR))
    assert "Version 2.0 er ikke godkendt endnu" in shown
    assert "så alle roller bliver" in shown
    assert "Version 1.0, godkendt af Kim Prøvesen" in shown


def test_without_terms_it_says_who_publishes_them():
    assert "Ingen vilkår endnu" in text(page(organisation(accepted=False), Role.READER))


def test_the_english_text_is_for_those_who_read_english():
    made = organisations.terms()
    type(made).objects.update(text_en="Terms of connection, in English.")
    org = organisation()
    english = page(org, Role.READER, headers={"Accept-Language": "en"})
    assert "Terms of connection, in English." in text(english)
    assert "Vilkår for tilslutning." in text(page(org, Role.READER))
