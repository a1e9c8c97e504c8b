"""Uploading and removing the logo."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from organisations.models import Blob, Event, Organisation
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import faults, toasts
from tests.organisations.test_logos import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation()


@pytest.fixture
def client(org):
    return client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=org))


def upload(client, org, content, version=1):
    file = SimpleUploadedFile("logo.png", content, content_type="image/png")
    return client.post(f"/o/{org.cvr_number}/myndighed/logo/", {"picture": file, "version": version})


def test_a_logo_is_kept_replaced_and_removed(client, org):
    assert toasts(upload(client, org, png())) == ["Logoet blev gemt."]
    first = Organisation.objects.get(pk=org.pk).logo
    upload(client, org, png(10, 10), version=2)
    assert Blob.objects.get() != first
    client.post(f"/o/{org.cvr_number}/myndighed/logo/", {"remove": "1", "version": 3})
    assert (Organisation.objects.get(pk=org.pk).logo, Blob.objects.count(), Event.objects.count()) == (None, 0, 3)


def test_what_is_refused_is_said_and_not_kept(client, org):
    response = upload(client, org, b"GIF89a" + bytes(50))
    assert faults(response) == ["Logoet er ikke et PNG-billede. Gem billedet som PNG, og upload det igen."]
    assert Blob.objects.count() == 0


def test_a_file_must_be_chosen(client, org):
    response = client.post(f"/o/{org.cvr_number}/myndighed/logo/", {"version": 1})
    assert faults(response) == ["Vælg: Logo"]


def test_a_lost_race_changes_nothing(client, org):
    Organisation.objects.update(version=2)
    response = upload(client, org, png())
    assert toasts(response) == ["En anden rettede organisationen imens, så logoet er ikke rørt. Prøv igen."]
    assert Blob.objects.count() == 0
