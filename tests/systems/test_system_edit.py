"""Changing a system's settings."""

import uuid

import pytest
from django.urls import reverse

from systems.models import Protocol, ReceiptFormat, System
from tests.factories.organisations import Role, client_for, user_with
from tests.factories.systems import reread, system
from tests.systems.logged import changed, tags
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db


def url(one: System) -> str:
    return reverse("system_edit", args=[one.organisation.cvr_number, one.pk])


def filled(client, one: System) -> dict[str, str]:
    """Return what the browser would send if nothing were changed."""
    form = client.get(url(one)).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: "on" if value is True else value for name, value in values.items() if value not in (None, False)}


def test_saving():
    one = system(name="Post ind")
    client = owner_client(one)
    answers = filled(client, one) | {"name": "Post", "endpoint": "ny@a.dk", "supplier": "Eksempel IT"}
    response = client.post(url(one), answers, follow=True)
    now = reread(one)
    assert (now.name, now.endpoint, now.supplier, now.version) == ("Post", "ny@a.dk", "Eksempel IT", 2)
    assert "Post er gemt." in response.content.decode()
    assert set(changed(one.organisation, "SYSTEM_CHANGED")) == {"name", "endpoint", "supplier"}


def test_the_id_in_digital_post():
    one, registry_id = system(), uuid.uuid4()
    client = owner_client(one)
    client.post(url(one), filled(client, one) | {"registry_id": str(registry_id)})
    assert reread(one).registry_id == registry_id


@pytest.mark.parametrize(
    ("protocol", "fields"),
    [
        (Protocol.SMTP, {"endpoint", "receipt_endpoint", "smtp_relay_host", "smtp_relay_port"}),
        (Protocol.SFTP, {"ssh_username", "sftp_host", "sftp_port", "sftp_folder"}),
        (Protocol.REST_PUSH, {"endpoint", "receipt_endpoint"}),
        (Protocol.REST_PULL, set()),
    ],
)
def test_the_fields_are_those_of_the_protocol(protocol, fields):
    one = system(protocol=protocol)
    form = owner_client(one).get(url(one)).context["form"]
    common = {"name", "is_sender", "is_recipient", "supplier", "delegated_cvr", "registry_id", "version"}
    contacts = {name for name in form.fields if "contact" in name}
    assert set(form.fields) - common - contacts == fields
    assert len(contacts) == 4


@pytest.mark.parametrize(
    ("fields", "answers", "errors"),
    [
        ({}, {"name": " "}, {"name": ["Udfyld: Systemets navn"]}),
        ({}, {"endpoint": "https://a.dk"}, {"endpoint": ["Skriv én e-mailadresse, for eksempel post@myndighed.dk."]}),
        (
            {"active": True},
            {"endpoint": ""},
            {"endpoint": ["Systemet er i drift eller planlagt, så feltet kan ikke stå tomt."]},
        ),
        (
            {"protocol": Protocol.REST_PUSH},
            {"endpoint": "http://a.dk/"},
            {"endpoint": ["Adressen skal begynde med https://."]},
        ),
        (
            {},
            {"is_recipient": ""},
            {"is_sender": ["Vælg, om systemet sender, modtager eller begge dele."]},
        ),
        (
            {"is_sender": True, "is_recipient": True, "is_default_recipient": True},
            {"is_recipient": ""},
            {
                "is_recipient": [
                    "{name} er standardmodtagersystem og skal derfor blive ved med at modtage meddelelser. "
                    "Gør først et andet system til standard."
                ]
            },
        ),
        ({}, {"technical_contact_email": "ingen"}, {"technical_contact_email": ["Indtast en gyldig e-mail-adresse."]}),
        ({}, {"registry_id": "ingen"}, {"registry_id": ["Indtast et gyldigt UUID."]}),
        ({}, {"delegated_cvr": "123"}, {"delegated_cvr": ["Skriv CVR-nummeret med 8 cifre"]}),
    ],
)
def test_what_is_refused_keeps_what_was_typed(fields, answers, errors):
    one = system(**fields)
    client = owner_client(one)
    response = client.post(url(one), {k: v for k, v in (filled(client, one) | answers).items() if v})
    wanted = {field: [text.format(name=one.name) for text in texts] for field, texts in errors.items()}
    assert (response.status_code, response.context["form"].errors) == (200, wanted)
    assert "Fejl:" in response.content.decode()
    assert (reread(one).version, tags(one.organisation)) == (1, [])


def test_a_system_that_is_used_goes_on_receiving(depended_on):
    one = system(is_sender=True, is_recipient=True)
    depended_on(one, "Borgerservice")
    client = owner_client(one)
    answers = filled(client, one)
    answers.pop("is_recipient")
    response = client.post(url(one), answers)
    assert list(response.context["form"].errors) == ["is_recipient"]
    assert reread(one).is_recipient


def test_two_who_save_see_both_versions_and_lose_nothing():
    one = system(name="Post ind")
    first, second = owner_client(one), owner_client(one)
    answers = filled(first, one)
    first.post(url(one), answers | {"supplier": "Den ene"})
    response = second.post(url(one), answers | {"supplier": "Den anden"})
    html = response.content.decode()
    assert response.status_code == 409
    assert "Den ene" in html
    assert "Den anden" in html
    assert reread(one).supplier == "Den ene"
    again = dict(response.context["resend"])
    assert second.post(url(one), again).status_code == 302
    assert reread(one).supplier == "Den anden"


def test_a_system_deleted_meanwhile():
    one = system()
    client = owner_client(one)
    answers = filled(client, one) | {"supplier": "Ny"}
    System.objects.filter(pk=one.pk).delete()
    assert client.post(url(one), answers).status_code == 404


def test_an_old_format_of_receipts_can_only_become_memo():
    one = system(receipt_format=ReceiptFormat.DP)
    client = owner_client(one)
    answers = filled(client, one)
    form = client.get(url(one)).context["form"]
    assert [value for value, _label in form.fields["receipt_format"].choices] == ["DP", "MEMO"]
    assert client.post(url(one), answers | {"receipt_format": "DP2"}).status_code == 200
    assert client.post(url(one), answers | {"receipt_format": "MEMO"}).status_code == 302
    assert reread(one).receipt_format == "MEMO"
    assert "receipt_format" not in client.get(url(one)).context["form"].fields


def test_a_reader_saves_nothing():
    one = system()
    answers = filled(owner_client(one), one) | {"name": "Nyt"}
    reader = client_for(user_with(Role.READER, organisation=one.organisation))
    assert reader.post(url(one), answers).status_code == 403
    assert reread(one).name == one.name


def test_a_vendor_saves_its_own_system():
    one = system()
    vendor = client_for(user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=one.organisation, system_id=one.pk))
    assert vendor.post(url(one), filled(vendor, one) | {"name": "Nyt"}).status_code == 302
    assert reread(one).name == "Nyt"
