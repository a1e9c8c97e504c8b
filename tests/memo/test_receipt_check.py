"""The page that tells what Digital Post makes of a receipt."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.memo.test_receipts import RIGHT

pytestmark = pytest.mark.django_db


@pytest.fixture
def org():
    return organisation()


def url(org):
    return reverse("receipt_check", args=[org.cvr_number])


def client(org, role=Role.READER):
    return client_for(user_with(role, organisation=org))


def test_who_may(org):
    assert client(org).get(url(org)).status_code == 200
    assert client(org, Role.STATISTICS_ADMINISTRATOR).get(url(org)).status_code == 403
    assert client(organisation()).get(url(org)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "Meddelelsen tæller som modtaget"),
        ({"errorCode": "x", "receiptStatus": "INVALID"}, "Meddelelsen tæller som ikke modtaget"),
        ({"errorCode": 0}, "Kvitteringen er ikke i orden"),
    ],
)
def test_pasted_or_uploaded(org, changes, expected):
    text = json.dumps(RIGHT | changes)
    assert expected in client(org).post(url(org), {"text": text}).content.decode()
    upload = SimpleUploadedFile("kvittering.json", text.encode())
    assert expected in client(org).post(url(org), {"file": upload}).content.decode()


def test_neither_and_both_are_refused_and_nothing_typed_is_lost(org):
    assert client(org).post(url(org), {"text": " "}).context["form"].errors["file"]
    both = client(org).post(url(org), {"text": "{}", "file": SimpleUploadedFile("a", b"{}")})
    assert both.context["form"].errors["file"]
    assert ">{}<" in both.content.decode().replace("\n", "")
