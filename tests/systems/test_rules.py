"""What a system's own fields must fulfil."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from systems import rules
from systems.models import Protocol, ReceiptFormat, System
from tests.factories.organisations import organisation
from tests.factories.systems import system

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
SERVICE = {"active_from": AT - dt.timedelta(days=1)}
PLANNED = {"active_from": AT + dt.timedelta(days=1)}
ENDED = SERVICE | {"active_to": AT}


def unsaved(**fields) -> System:
    fields = {"name": "Post ind", "is_recipient": True, "service_protocol": "SMTP", "endpoint": "post@a.dk"} | fields
    if "organisation" not in fields:
        fields["organisation"] = organisation()
    return System(**fields)


def wrong(**fields) -> list[str]:
    """Return the fields at fault."""
    return [field for field, _text in rules.faults(unsaved(**fields), at=AT)]


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({}, []),
        ({"name": " "}, ["name"]),
        ({"name": "Post\nBcc: alle@b.dk"}, ["name"]),
        ({"technical_contact_phone": "12\n34"}, ["technical_contact_phone"]),
        ({"is_recipient": False}, ["is_sender"]),
        ({"service_protocol": ""}, ["service_protocol"]),
        ({"endpoint": "https://a.dk/"}, ["endpoint"]),
        ({"service_protocol": Protocol.REST_PUSH, "endpoint": "http://a.dk/"}, ["endpoint"]),
        ({"service_protocol": Protocol.REST_PUSH, "endpoint": "https://a.dk/"}, []),
        ({"service_protocol": Protocol.AS4, "endpoint": "post@a.dk"}, ["endpoint"]),
        ({"receipt_endpoint": "nogen"}, ["receipt_endpoint"]),
        ({"endpoint": ""}, []),
        ({"endpoint": "", **SERVICE}, ["endpoint"]),
        ({"endpoint": "", **PLANNED}, ["endpoint"]),
        ({"endpoint": "", **ENDED}, []),
        ({"is_sender": True, **SERVICE}, ["receipt_endpoint"]),
        ({"service_protocol": Protocol.REST_PULL, "endpoint": "", **SERVICE}, []),
        ({"service_protocol": Protocol.SFTP, "endpoint": "", **SERVICE}, ["ssh_username"]),
        ({"service_protocol": Protocol.SFTP, "endpoint": "", "ssh_username": "post", **SERVICE}, []),
        ({"receipt_format": ReceiptFormat.DP}, ["receipt_format"]),
        ({"receipt_format": ReceiptFormat.DP2}, ["receipt_format"]),
        ({"sftp_host": "ingen vært"}, ["sftp_host"]),
        ({"sftp_host": "sftp.a.dk", "sftp_port": 25}, ["sftp_port"]),
        ({"sftp_port": 25}, []),
        ({"smtp_relay_host": "127.1"}, ["smtp_relay_host"]),
        ({"smtp_relay_host": "mail.a.dk", "smtp_relay_port": 80}, ["smtp_relay_port"]),
        ({"smtp_relay_host": "mail.a.dk", "smtp_relay_port": 2525}, []),
    ],
)
def test_fields(fields, at_fault):
    assert wrong(**fields) == at_fault


def test_a_delegated_cvr_is_another_ones(settings):
    org = organisation(cvr_number="90000001")
    assert wrong(organisation=org, delegated_cvr="90000001") == ["delegated_cvr"]
    assert wrong(organisation=org, delegated_cvr="12345679") == []
    settings.ADGANG_ENVIRONMENT = "production"
    assert wrong(organisation=org, delegated_cvr="12345679") == ["delegated_cvr"]
    assert wrong(organisation=org, delegated_cvr="13585628") == []


def test_names_and_ids_of_others_are_taken():
    org, registry_id = organisation(), uuid.uuid4()
    system(organisation=org, name="Post ind", registry_id=registry_id)
    assert wrong(organisation=org, name="POST IND", registry_id=registry_id) == ["name", "registry_id"]
    assert wrong(name="Post ind", registry_id=registry_id) == []


def test_an_old_format_of_receipts_may_stay_but_not_come_back():
    old = system(receipt_format=ReceiptFormat.DP)
    assert rules.faults(old, at=AT, before=old) == []
    renewed = System.objects.get(pk=old.pk)
    renewed.receipt_format = ReceiptFormat.DP2
    assert [field for field, _ in rules.faults(renewed, at=AT, before=old)] == ["receipt_format"]


def test_check_names_everything_by_field():
    with pytest.raises(ValidationError) as error:
        rules.check(unsaved(name="", is_recipient=False), at=timezone.now())
    assert set(error.value.error_dict) == {"name", "is_sender"}
    one = unsaved(name="x" * 101, endpoint="", technical_contact_email="ingen", **SERVICE)
    with pytest.raises(ValidationError) as error:
        rules.check(one, at=AT)
    assert set(error.value.error_dict) == {"name", "endpoint", "technical_contact_email"}
