"""Deleting a line of the organisation's own."""

import pytest
from django.urls import reverse

from organisations.models import ReadinessLine
from tests.factories.organisations import Role, client_for, organisation, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def row(org):
    return ReadinessLine.objects.create(organisation=org, step=1, text="Ret brevskabelonerne")


def address(org, key):
    return reverse("readiness_line_delete", args=[org.cvr_number, key])


def owner(org):
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))


def test_owner_is_asked_then_deletes(org, row):
    client = owner(org)
    assert "Ret brevskabelonerne" in client.get(address(org, row.pk)).content.decode()
    assert ReadinessLine.objects.exists()
    assert client.post(address(org, row.pk), {"version": "1"}).status_code == 302
    assert not ReadinessLine.objects.exists()


@pytest.mark.parametrize("version", ["2", "", "x"])
def test_a_line_that_was_changed_meanwhile_stays(org, row, version):
    response = owner(org).post(address(org, row.pk), {"version": version})
    assert response["Location"] == reverse("readiness_line", args=[org.cvr_number, row.pk])
    assert ReadinessLine.objects.exists()


def test_a_line_of_the_guide_cannot_be_deleted(org):
    ReadinessLine.objects.create(organisation=org, key="package_6")
    assert owner(org).post(address(org, "package_6"), {"version": "1"}).status_code == 404
    assert ReadinessLine.objects.exists()


def test_reader_and_stranger(org, row):
    reader = user_with(Role.READER, organisation=org)
    stranger = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation())
    assert client_for(reader).post(address(org, row.pk), {"version": "1"}).status_code == 403
    assert client_for(stranger).post(address(org, row.pk), {"version": "1"}).status_code == 404
    assert ReadinessLine.objects.exists()
