"""Sending the logo."""

import pytest

from organisations import keeping
from organisations.models import Blob
from tests.factories.organisations import Role, client_for, organisation, user_with

pytestmark = pytest.mark.django_db

PICTURE = b"\x89PNG\r\n\x1a\n our own"


def test_it_is_sent_as_what_it_is_and_can_do_nothing_else():
    org = organisation(logo=keeping.keep(PICTURE, media_type="image/png", filename="logo.png"))
    response = client_for(user_with(Role.READER, organisation=org)).get(f"/o/{org.cvr_number}/myndighed/logo.png")
    assert (response.content, response.headers["Content-Type"]) == (PICTURE, "image/png")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_it_is_encrypted_where_it_is_kept():
    keeping.keep(PICTURE, media_type="image/png", filename="logo.png")
    assert PICTURE not in bytes(Blob.objects.get().encrypted)


def test_without_one_there_is_nothing():
    org = organisation()
    client = client_for(user_with(Role.READER, organisation=org))
    assert client.get(f"/o/{org.cvr_number}/myndighed/logo.png").status_code == 404
