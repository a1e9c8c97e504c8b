"""Systems by API, as the registry's generated clients call it."""

import base64
import datetime as dt

import pytest
from django.utils import timezone

from adgang.lib.secrets import token_hash
from organisations.models import Event
from systems.models import Protocol, System
from tests.api.calling import Caller, token_of
from tests.api.registry_client import read, refused, shape
from tests.factories.certificates import ED25519, install_anchors, issued
from tests.factories.contacts import point
from tests.factories.organisations import Role, organisation
from tests.factories.systems import system

pytestmark = pytest.mark.django_db

ONE = "organisations/{org}/systems/{id}"
ALL = "organisations/{org}/systems/"


@pytest.fixture
def own():
    return organisation()


@pytest.fixture
def caller(own):
    return Caller.bearing(token_of(own, Role.ORGANISATION_ADMINISTRATOR))


def command(**values):
    """Return a command in which all but some values are unset."""
    return shape("MailSystemCommand") | values


def path(of: System, tail: str = "") -> str:
    """Return the path of a system below the API."""
    return f"organisations/{of.organisation_id}/systems/{of.pk}{tail}"


def test_create_with_almost_nothing_set(caller, own):
    body = command(name="Modtager", serviceProtocol="REST_PULL", systemTypes=["RECIPIENT"])
    made = read(f"POST {ALL}", caller.send("POST", f"organisations/{own.pk}/systems/", body))
    assert made["systemTypes"] == ["RECIPIENT"]
    assert made["version"] == 1
    assert not {"activeFrom", "endpoint", "apiToken", "technicalContact"} & made.keys()
    assert read(f"GET {ONE}", caller.get(f"organisations/{own.pk}/systems/{made['id']}")) == made


def test_index_numbers_of_enum_arrays_are_understood(caller, own):
    body = command(name="Begge", serviceProtocol="REST_PULL", systemTypes=[1, 2])
    made = read(f"POST {ALL}", caller.send("POST", f"organisations/{own.pk}/systems/", body))
    assert made["systemTypes"] == ["SENDER", "RECIPIENT"]


def test_everything_that_can_be_said_of_a_system_comes_back(caller, own):
    said = {
        "name": "Ærøs postsystem",
        "endpoint": "post@modtager.example",
        "receiptEndpoint": "svar@modtager.example",
        "technicalContact": {"name": "Bo Prøvesen", "email": "bo@example.org", "phoneNumber": "12345678"},
        "serviceProtocol": "SMTP",
        "systemTypes": ["SENDER", "RECIPIENT", "RECIPIENT_DEFAULT"],
        "supplier": "Leverandøren",
        "businessContactEmail": "ib@example.org",
        "delegatedCVR": "12345678",
        "registryId": "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11",
    }
    body = command(**said) | {"allowedIps": [{"id": None, "version": 0, "ip": "192.0.2.0/28", "range": False}]}
    made = read(f"POST {ALL}", caller.send("POST", f"organisations/{own.pk}/systems/", body))
    assert {name: made[name] for name in said} == said
    assert [(one["ip"], one["range"]) for one in made["allowedIps"]] == [("192.0.2.0/28", True)]
    again = read(f"PUT {ONE}", caller.send("PUT", f"organisations/{own.pk}/systems/{made['id']}", made, version='"1"'))
    assert again | {"version": 1, "lastUpdated": 0} == made | {"lastUpdated": 0}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"serviceProtocol": "UNKNOWN"}, "serviceProtocol"),
        ({"serviceProtocol": "FAX"}, "serviceProtocol"),
        ({"systemTypes": []}, "systemTypes"),
        ({"systemTypes": ["FAX"]}, "systemTypes"),
        ({"serviceProtocol": "REST_PUSH", "endpoint": "http://x"}, "endpoint"),
        ({"delegatedCVR": "123"}, "delegatedCVR"),
        ({"receiptFormat": "DP"}, "receiptFormat"),
        ({"allowedIps": [{"ip": "10.0.0.0/8"}]}, "allowedIps.0.ip"),
        ({"allowedIps": [{"ip": "192.0.2.1"}, {"ip": "192.0.2.1"}]}, "allowedIps.1.ip"),
        ({"technicalContact": {"email": "nobody"}}, "technicalContact.email"),
        ({"activeTo": "2030-01-01T00:00:00+01:00"}, "activeFrom"),
        ({"activeFrom": "2026-01-01 00:00:00"}, "activeFrom"),
        ({"activeFrom": "2026-01-01T00:00:00+01:00"}, "activeFrom"),
    ],
)
def test_what_cannot_stand_is_named(caller, own, values, field):
    body = command(**({"name": "Modtager", "serviceProtocol": "SMTP", "systemTypes": ["RECIPIENT"]} | values))
    response = caller.send("POST", f"organisations/{own.pk}/systems/", body)
    assert response.status_code == 400
    assert field in [one["field"] for one in refused(f"POST {ALL}", response)["fieldErrors"]]


def test_service_by_dates(caller, own):
    install_anchors()
    made = system(organisation=own, protocol=Protocol.SFTP, ssh_username="post")
    body = caller.get(path(made)).json()
    begin = timezone.now() - dt.timedelta(days=2)
    response = caller.send("PUT", path(made), body | {"activeFrom": begin.isoformat()}, version=1)
    assert response.json()["fieldErrors"][0]["code"] == "system.ssh_key_missing"
    read("POST organisations/{org}/systems/{systemId}/sshkey/", caller.upload(path(made, "/sshkey/"), ED25519.encode()))
    read(f"PUT {ONE}", caller.send("PUT", path(made), body | {"activeFrom": begin.isoformat()}, version=2))
    made.refresh_from_db()
    assert made.active_from == begin
    assert Event.objects.filter(tag="SYSTEM_ACTIVATED").count() == 1
    read(f"PUT {ONE}", caller.send("PUT", path(made), body, version=3))
    made.refresh_from_db()
    assert made.active_from is None
    assert Event.objects.filter(tag="SYSTEM_DEACTIVATED").count() == 1


def test_the_version_guards_changes(caller, own):
    made = system(organisation=own)
    body = caller.get(path(made)).json()
    for version, status in ((None, 400), ("x", 400), ("2", 409), ("1", 200)):
        response = caller.send("PUT", path(made), body | {"supplier": "Ny"}, version=version)
        assert response.status_code == status
    assert response.headers["ETag"] == '"2"'
    assert caller.call("DELETE", path(made), version=1).status_code == 409
    assert caller.call("DELETE", path(made)).status_code == 400
    assert read(f"DELETE {ONE}", caller.call("DELETE", path(made), version='"2"')) is None
    assert caller.call("DELETE", path(made), version=2).status_code == 404


def test_a_system_in_use_is_not_deleted(caller, own):
    made = system(organisation=own)
    point(organisation=own, system=made)
    assert caller.call("DELETE", path(made), version=1).status_code == 409
    body = caller.get(path(made)).json() | {"systemTypes": ["SENDER"]}
    assert caller.send("PUT", path(made), body, version=1).status_code == 400


def test_the_mark_of_the_default_recipient_moves(caller, own):
    first, second = system(organisation=own, is_default_recipient=True), system(organisation=own)
    operation = "POST organisations/{org}/systems/{id}/makedefaultrecipient"
    assert "RECIPIENT_DEFAULT" in read(operation, caller.empty(path(second, "/makedefaultrecipient")))["systemTypes"]
    assert "RECIPIENT_DEFAULT" not in caller.get(path(first)).json()["systemTypes"]
    body = caller.get(path(first)).json() | {"systemTypes": ["RECIPIENT_DEFAULT"]}
    read(f"PUT {ONE}", caller.send("PUT", path(first), body, version=2))
    assert System.objects.get(is_default_recipient=True) == first
    sender = system(organisation=own, is_sender=True)
    assert caller.empty(path(sender, "/makedefaultrecipient")).status_code == 400


def test_the_token_is_told_once_and_takes_the_certificate_away(caller, own):
    install_anchors()
    made = system(organisation=own, protocol=Protocol.REST_PULL)
    pem = issued(cvr=own.cvr_number).pem
    operation = "POST organisations/{org}/systems/{systemId}/certificate/"
    told = read(operation, caller.upload(path(made, "/certificate/"), pem, name="system.pem"))
    assert len(told["sha1"]) == 40
    assert caller.get(path(made)).json()["ocesPublicCertificate"] == told
    serial = told["certificateSerialNumber"]
    assert caller.get(f"organisations/{own.pk}/systems/", certificateSerialNumber=serial).json()["totalElements"] == 1
    headers = {"Idempotency-Key": "fornyelse 1"}
    operation = "POST organisations/{org}/systems/{id}/renewapitoken"
    first = read(operation, caller.empty(path(made, "/renewapitoken"), headers=headers))
    assert "ocesPublicCertificate" not in first
    value, header = first["apiToken"]["value"], first["apiToken"]["authenticationToken"]
    assert header == "basic " + base64.b64encode(f"{made.pk}:{value}".encode()).decode()
    made.refresh_from_db()
    assert made.api_token.hash == token_hash(value)
    again = caller.empty(path(made, "/renewapitoken"), headers=headers)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["apiToken"].keys() == {"id", "version", "lastUpdated"}
    assert value not in again.content.decode()
    assert "value" not in caller.get(path(made)).json()["apiToken"]
    found = caller.get(f"organisations/{own.pk}/systems/", authenticationToken=header).json()
    assert [one["id"] for one in found["systems"]] == [str(made.pk)]
    assert caller.get(f"organisations/{own.pk}/systems/", authenticationToken="basic x").json()["totalElements"] == 0


def test_what_refuses_a_certificate_or_key_is_named(caller, own):
    made = system(organisation=own)
    foreign = caller.upload(path(made, "/certificate/"), issued(cvr="12345678").pem)
    assert foreign.status_code == 400
    assert foreign.json()["fieldErrors"]
    private = b"-----BEGIN PRIVATE KEY-----\nMIIBVAIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"
    for tail in ("/certificate/", "/sshkey/"):
        response = caller.upload(path(made, tail), private)
        assert response.status_code == 400
        assert b"MIIBVAIBADANBgkqhkiG9w0BAQEFAASC" not in response.content
        assert caller.call("POST", path(made, tail), data=b"x", content_type="text/plain").status_code == 400


def test_check_of_a_certificate_that_is_attached_to_nothing(caller, own):
    install_anchors()
    operation = "POST organisations/oces-public-certificate/check/{protocolType}"
    start = "organisations/oces-public-certificate/check/"
    told = read(operation, caller.upload(f"{start}SMTP", issued(cvr=own.cvr_number).pem))
    assert told["cvrNumber"] == own.cvr_number
    assert caller.upload(f"{start}SMTP", b"nothing").status_code == 400
    assert caller.upload(f"{start}SFTP", b"nothing").status_code == 400
    assert caller.upload(f"{start}FAX", b"nothing").status_code == 400


def test_search(caller, own, django_assert_max_num_queries):
    for number in range(12):
        system(organisation=own, name=f"System {number:02}", networks=("192.0.2.1",))
    system(organisation=organisation())
    with django_assert_max_num_queries(6):
        response = caller.get(f"organisations/{own.pk}/systems/", size=10, sortFields="name:desc")
    found = read(f"GET {ALL}", response)
    assert found["totalElements"] == 12
    assert found["systems"][0]["name"] == "System 11"


def test_strangers_and_unknown_systems_look_the_same(caller, own):
    foreign = system()
    unknown = f"organisations/{own.pk}/systems/{foreign.pk}"
    assert caller.get(path(foreign)).content == caller.get(unknown).content
    assert caller.get(path(foreign)).status_code == 404
    reader = Caller.bearing(token_of(own, Role.READER))
    mine = system(organisation=own)
    assert reader.get(path(mine)).status_code == 200
    assert reader.call("DELETE", path(mine), version=1).status_code == 403
