"""Subscriptions of sender systems to organisations, by API."""

import pytest

from organisations.models import Event
from tests.api.calling import Caller, token_of
from tests.api.registry_client import read, refused, shape
from tests.factories.organisations import Role, organisation
from tests.factories.systems import system

pytestmark = pytest.mark.django_db

PATH = "organisations/subscriptions/"


def test_a_subscription_is_registered_and_changed():
    own = organisation()
    sender = system(organisation=own, is_sender=True)
    caller = Caller.bearing(token_of(own, Role.ORGANISATION_ADMINISTRATOR))
    body = shape("OrganisationSenderSystemSubscriptionCommand") | {
        "subscriptionOperations": [2],
        "organisationSubscriptions": ["12345678"],
        "notificationUrl": "https://fag.example/hook",
    }
    made = read(f"POST {PATH}", caller.send("POST", PATH, body))
    assert made["senderSystemId"] == str(sender.pk)
    assert made["subscriptionOperations"] == ["NEW_ORGANISATIONS"]
    assert [one["cvrNumber"] for one in made["organisationSubscriptions"]] == ["12345678"]
    assert read(f"GET {PATH}", caller.get(PATH)) == [made]
    body |= {"subscriptionOperations": ["ALL_ORGANISATIONS"], "organisationSubscriptions": None}
    one = f"{PATH}{made['id']}"
    assert caller.send("PUT", one, body).status_code == 400
    changed = read(f"PUT {PATH}{{id}}", caller.send("PUT", one, body, version=1))
    assert (changed["version"], changed["organisationSubscriptions"]) == (2, [])
    assert caller.send("PUT", one, body, version=1).status_code == 409
    assert Event.objects.filter(tag="SUBSCRIPTION_CHANGED").count() == 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"notificationUrl": "http://fag.example"}, "notificationUrl"),
        ({"notificationUrl": None}, "notificationUrl"),
        ({"organisationSubscriptions": ["12"]}, "organisationSubscriptions"),
        ({"senderSystemId": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"}, "senderSystemId"),
    ],
)
def test_what_cannot_stand_is_named(values, field):
    own = organisation()
    system(organisation=own, is_sender=True)
    caller = Caller.bearing(token_of(own, Role.ORGANISATION_ADMINISTRATOR))
    response = caller.send("POST", PATH, {"notificationUrl": "https://fag.example/hook"} | values)
    assert response.status_code == 400
    assert refused(f"POST {PATH}", response)["fieldErrors"][0]["field"] == field


def test_of_several_sender_systems_one_is_named():
    own = organisation()
    _one, two = system(organisation=own, is_sender=True), system(organisation=own, is_sender=True)
    caller = Caller.bearing(token_of(own, Role.ORGANISATION_ADMINISTRATOR))
    body = {"notificationUrl": "https://fag.example/hook"}
    assert caller.send("POST", PATH, body).status_code == 400
    assert caller.send("POST", PATH, body | {"senderSystemId": str(two.pk)}).json()["senderSystemId"] == str(two.pk)
    stranger = Caller.bearing(token_of(organisation(), Role.ORGANISATION_ADMINISTRATOR))
    assert stranger.get(PATH).json() == []
    assert Caller.bearing(token_of(own, Role.READER)).send("POST", PATH, body).status_code == 403
