"""The demo's buttons: in the demo, in test, on this machine, as its own people."""

import uuid

import pytest
from django.test import Client

from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db

URL = "/demo/log-ind/"


@pytest.fixture
def lis(settings):
    settings.ADGANG_DEMO = True
    return user(email="lis@demo.adgang.invalid")


def test_a_button_signs_in(lis):
    client = Client()
    assert client.post(URL, {"person": lis.pk}).url == "/"
    assert client.session["_auth_user_id"] == str(lis.pk)


def test_it_changes_from_one_person_to_another(lis):
    client = client_for(user(email="bo@demo.adgang.invalid"))
    client.post(URL, {"person": lis.pk})
    assert client.session["_auth_user_id"] == str(lis.pk)


def test_not_as_anybody_else(lis):
    real = user(email="kim@skovby.example")
    for person in (real.pk, uuid.uuid4(), "nonsense", ""):
        assert Client().post(URL, {"person": person}).status_code == 404


@pytest.mark.parametrize(("name", "value"), [("ADGANG_DEMO", False), ("ADGANG_ENVIRONMENT", "production")])
def test_not_outside_the_demo(lis, settings, name, value):
    setattr(settings, name, value)
    assert Client().post(URL, {"person": lis.pk}).status_code == 404


@pytest.mark.parametrize(
    "options", [{"REMOTE_ADDR": "10.0.0.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"REMOTE_ADDR": ""}]
)
def test_not_from_another_machine(lis, options):
    assert Client(**options).post(URL, {"person": lis.pk}).status_code == 404
