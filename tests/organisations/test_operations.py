"""Where an operator begins."""

import pytest

from tests.factories import organisations
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def page(role=Role.SYSTEM_MANAGER):
    return client_for(user_with(role, organisation=None)).get("/drift/")


def test_it_tells_what_waits():
    organisation(accepted=False)
    user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=organisation())
    shown = text(page())
    assert "2 i alt, 1 uden godkendte vilkår, 1 uden brugeradministrator." in shown
    assert "Version 1.0 gælder siden" in shown
    assert "Arbejdsproces sidst set Aldrig" in shown


def test_without_terms_it_says_so_first():
    assert "Der er ikke udgivet nogen vilkår" in text(page())
    organisations.terms()
    assert "Der er ikke udgivet nogen vilkår" not in text(page())


def test_support_reads_and_creates_nothing():
    assert "Opret organisation" in text(page())
    assert "Opret organisation" not in text(page(Role.SUPPORT))
