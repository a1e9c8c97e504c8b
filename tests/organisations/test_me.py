"""A person's own page."""

import pytest

from organisations.models import User
from tests.factories.organisations import Role, client_for, grant, organisation, user, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db


def test_roles_everywhere_and_sessions_are_shown():
    kim = user_with(Role.READER, organisation=organisation(name="Skovby Kommune"), name="Kim")
    grant(user=kim, role=Role.CONTACT_ADMINISTRATOR, organisation=organisation(name="Aaby Kommune"))
    page = text(client_for(kim).get("/mig/"))
    assert "Aaby Kommune Kontaktstrukturadministrator Ingen slutdato Skovby Kommune Læser Ingen slutdato" in page
    assert "Denne" in page


def test_name_and_language_are_saved():
    kim = user(name="Kim")
    client = client_for(kim)
    response = client.post("/mig/", {"name": "Kim Ny", "language": "en"})
    assert toasts(response) == ["Your details were saved."]
    saved = User.objects.get(pk=kim.pk)
    assert (saved.name, saved.language, client.cookies["django_language"].value) == ("Kim Ny", "en", "en")
    assert "My roles" in text(client.get("/mig/"))


def test_the_address_is_not_changed_here():
    kim = user(email="kim@example.org")
    client_for(kim).post("/mig/", {"name": "Kim", "language": "da", "email": "ny@example.org"})
    assert User.objects.get(pk=kim.pk).email == "kim@example.org"


def test_without_roles_it_says_how_to_get_them():
    assert "Bed din myndigheds brugeradministrator om en invitation." in text(client_for(user()).get("/mig/"))
