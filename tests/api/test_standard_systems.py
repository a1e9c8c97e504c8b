"""Systems made from standard systems, by API."""

import uuid

import pytest

from organisations.models import Event
from systems.models import TemplateUse
from tests.api.calling import Caller, token_of
from tests.api.registry_client import read, shape
from tests.factories import systems
from tests.factories.organisations import Role, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return organisation()


@pytest.fixture
def caller(own):
    return Caller.bearing(token_of(own, Role.ORGANISATION_ADMINISTRATOR))


def test_a_system_tells_from_which_it_was_made(caller, own):
    template = systems.template(published=True)
    made = systems.made_from(template, organisation=own)
    path = "organisations/{org}/systems/{id}"
    told = read(f"GET {path}", caller.get(f"organisations/{own.pk}/systems/{made.pk}"))
    assert told["standardSystemTemplateId"] == str(template.pk)


def test_a_system_is_made_from_one(caller, own):
    template = systems.template(published=True)
    body = shape("MailSystemCommand") | {
        "name": "Vores",
        "serviceProtocol": "REST_PUSH",
        "systemTypes": ["RECIPIENT"],
        "standardSystemTemplateId": str(template.pk),
    }
    made = caller.send("POST", f"organisations/{own.pk}/systems/", body)
    told = read("POST organisations/{org}/systems/", made)
    assert told["standardSystemTemplateId"] == str(template.pk)
    assert TemplateUse.objects.get().edition == 1
    unknown = caller.send(
        "POST", f"organisations/{own.pk}/systems/", body | {"standardSystemTemplateId": str(uuid.uuid4()), "name": "B"}
    )
    assert unknown.status_code == 400
    assert unknown.json()["fieldErrors"][0]["field"] == "standardSystemTemplateId"


def test_a_system_follows_another_one_and_keeps_what_is_not_named(caller, own):
    first, second = systems.template(published=True), systems.template(published=True)
    made = systems.made_from(first, organisation=own)
    path, operation = f"organisations/{own.pk}/systems/{made.pk}", "PUT organisations/{org}/systems/{id}"
    told = caller.get(path).json()
    same = read(operation, caller.send("PUT", path, told, version=told["version"]))
    assert same["standardSystemTemplateId"] == str(first.pk)
    unset = shape("MailSystemCommand")["standardSystemTemplateId"]
    kept = caller.send("PUT", path, same | {"standardSystemTemplateId": unset}, version=same["version"])
    assert read(operation, kept)["standardSystemTemplateId"] == str(first.pk)
    other = kept.json() | {"standardSystemTemplateId": str(second.pk)}
    moved = read(operation, caller.send("PUT", path, other, version=other["version"]))
    assert moved["standardSystemTemplateId"] == str(second.pk)
    assert caller.get(path).json() == moved
    event = Event.objects.filter(object_id=made.pk).latest("seq")
    assert '"standard_system"' in event.payload
    unknown = moved | {"standardSystemTemplateId": str(uuid.uuid4())}
    assert caller.send("PUT", path, unknown, version=moved["version"]).status_code == 400
