"""Where a person comes in, and the switcher."""

import uuid

import pytest
from django.test import Client

from tests.factories.organisations import Role, client_for, grant, organisation, user, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def test_nobody_signs_in_first():
    assert Client().get("/").url == "/log-ind/?next=/"


def test_one_organisation_goes_straight_on():
    org = organisation()
    person = user_with(Role.READER, organisation=org)
    assert client_for(person).get("/").url == f"/o/{org.cvr_number}/"


def test_a_role_over_one_system_begins_with_the_systems():
    org = organisation()
    person = user_with(Role.READER, organisation=org, system_id=uuid.uuid4())
    assert client_for(person).get("/").url == f"/o/{org.cvr_number}/systemer/"


def test_several_are_offered_with_roles_and_operations():
    person = user_with(Role.READER, organisation=organisation(name="Aaby Kommune", cvr_number="90000004"))
    grant(user=person, role=Role.CONTACT_ADMINISTRATOR, organisation=organisation(name="Øby", cvr_number="90000012"))
    grant(user=person, role=Role.SUPPORT, organisation=None)
    assert text(client_for(person).get("/")) == (
        "Vælg organisation Aaby Kommune CVR 90 00 00 04 · Læser Øby CVR 90 00 00 12 · Kontaktstrukturadministrator "
        "Drift Organisationer, vilkår og materialer i denne installation."
    )


def test_a_system_manager_goes_to_operations():
    assert client_for(user_with(Role.SYSTEM_MANAGER, organisation=None)).get("/").url == "/drift/"


def test_without_roles_it_says_what_to_do():
    assert "Du har ingen roller endnu" in text(client_for(user()).get("/"))


def test_the_number_of_queries_does_not_grow_with_the_organisations(django_assert_num_queries):
    person = user()
    for _ in range(2):
        grant(user=person, role=Role.READER, organisation=organisation())
    client = client_for(person)
    client.get("/")
    with django_assert_num_queries(3):
        client.get("/")
    for _ in range(5):
        grant(user=person, role=Role.READER, organisation=organisation())
    with django_assert_num_queries(3):
        client.get("/")


def test_where_one_worked_last_comes_first():
    person = user_with(Role.READER, organisation=organisation(name="Aaby Kommune"))
    last = organisation(name="Øby Kommune")
    grant(user=person, role=Role.READER, organisation=last)
    client = client_for(person)
    cookie = client.get(f"/o/{last.cvr_number}/").cookies["organisation"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    shown = text(client.get("/"))
    assert shown.index("Øby Kommune") < shown.index("Aaby Kommune")
    assert shown.count("Senest") == 1
    assert "organisation" not in client.get(f"/o/{last.cvr_number}/").cookies
    client.cookies["organisation"] = "99999999"
    assert "Senest" not in text(client.get("/"))
