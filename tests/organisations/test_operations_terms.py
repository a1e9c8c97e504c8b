"""The versions of the terms."""

import pytest

from tests.factories import organisations
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def page(role=Role.SYSTEM_MANAGER):
    return text(client_for(user_with(role, organisation=None)).get("/drift/vilkaar/"))


def test_each_version_with_how_many_have_accepted_it():
    organisation()
    organisation(accepted=False)
    organisations.terms(label="2.0")
    shown = page()
    assert shown.index("Version 2.0 Gælder nu") < shown.index("Version 1.0")
    assert "Godkendt af 1 af 2 organisationer." in shown
    assert "Udgiv en ny version" in shown
    assert "Udgiv en ny version" not in page(Role.SUPPORT)


def test_without_any_it_says_what_they_are_for():
    assert "Ingen vilkår endnu" in page()
