"""Uploading a certificate and an SSH key, and taking them away, on the pages."""

import datetime as dt
import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate, SshKey
from organisations.models import Event
from systems.models import Protocol, System
from tests.factories import certificates
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.factories.systems import reread, system
from tests.systems.logged import tags
from tests.systems.people import owner_client

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PRIVATE_KEY = "-----BEGIN PRIVATE KEY-----\nMIIhemmeligt\n-----END PRIVATE KEY-----\n"
OPENSSH_KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaGhlbW1lbGln\n-----END OPENSSH PRIVATE KEY-----\n"


@pytest.fixture(autouse=True)
def anchors() -> None:
    certificates.install_anchors()


def url(one: System, name: str = "system_certificate") -> str:
    return reverse(name, args=[one.organisation.cvr_number, one.pk])


def pem(one: System, **options) -> str:
    return certificates.issued(**{"cvr": one.organisation.cvr_number} | options).pem.decode()


def file(content: str | bytes, name: str = "certifikat.cer") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize("way", ["file", "text"])
def test_a_certificate_as_a_file_or_pasted(way):
    one = system()
    content = pem(one)
    answers = {"version": 1, way: file(content) if way == "file" else content}
    response = owner_client(one).post(url(one), answers, follow=True)
    assert "Certifikatet er trådt i kraft" in response.content.decode()
    assert reread(one).certificate.cvr == one.organisation.cvr_number


def test_every_finding_that_refuses_is_told_in_words():
    one = system()
    expired_and_foreign = pem(one, cvr="87654321", until=timezone.now() - DAY)
    response = owner_client(one).post(url(one), {"version": 1, "text": expired_and_foreign})
    errors = response.context["form"].errors["text"]
    assert response.status_code == 200
    assert len(errors) == 2
    assert any("87 65 43 21" in error.replace("\N{NO-BREAK SPACE}", " ") for error in errors)
    assert reread(one).certificate is None


@pytest.mark.parametrize("way", ["file", "text"])
@pytest.mark.parametrize(("name", "secret"), [("system_certificate", PRIVATE_KEY), ("system_ssh_key", OPENSSH_KEY)])
def test_a_private_key_is_refused_and_sent_nowhere(way, name, secret, caplog):
    one = system(protocol=Protocol.SFTP)
    caplog.set_level(logging.DEBUG)
    response = owner_client(one).post(url(one, name), {"version": 1, way: file(secret) if way == "file" else secret})
    body = secret.splitlines()[1]
    assert response.status_code == 200
    assert response.context["form"].errors
    assert body not in response.content.decode()
    assert body not in caplog.text
    assert "no-store" in response["Cache-Control"]
    assert (
        Certificate.objects.count(),
        SshKey.objects.count(),
        Event.objects.filter(tag__contains="UPLOADED").count(),
    ) == (
        0,
        0,
        0,
    )


@pytest.mark.parametrize(
    "answers",
    [
        {"text": PRIVATE_KEY, "when": "later", "on": "01-01-2001 10.00"},
        {"text": PRIVATE_KEY, "when": "now", "file": "et certifikat"},
        {"text": f"{PRIVATE_KEY}\0", "when": "now"},
    ],
    ids=["a date that has passed", "a file as well", "a character that the field refuses"],
)
def test_a_pasted_private_key_does_not_come_back_with_another_error(answers):
    one = system()
    client = owner_client(one)
    client.post(url(one), {"version": 1, "text": pem(one)})
    sent = {name: file(value) if name == "file" else value for name, value in answers.items()}
    response = client.post(url(one), {"version": 2, **sent})
    assert response.context["form"].errors
    assert response.context["form"]["text"].value() == ""
    assert "MIIhemmeligt" not in response.content.decode()


@pytest.mark.parametrize("name", ["system_certificate", "system_ssh_key"])
def test_a_file_of_5_mb_is_refused_kindly(name):
    one = system(protocol=Protocol.SFTP)
    response = owner_client(one).post(url(one, name), {"version": 1, "file": file(b"x" * 5 * 1024 * 1024)})
    (error,) = response.context["form"].errors["file"]
    assert response.status_code == 200
    assert "KiB" in error
    assert reread(one).version == 1


@pytest.mark.parametrize("name", ["system_certificate", "system_ssh_key"])
def test_nothing_chosen_or_both(name):
    one = system()
    client = owner_client(one)
    response = client.post(url(one, name), {"version": 1})
    assert response.context["form"].errors == {"file": ["Vælg en fil, eller indsæt teksten"]}
    response = client.post(url(one, name), {"version": 1, "file": file("a"), "text": "b"})
    assert response.context["form"].errors == {"file": ["Vælg en fil, eller indsæt teksten – ikke begge dele"]}


def test_the_next_certificate_follows_on_a_date():
    org = organisation()
    first = certificates.certificate(organisation=org)
    one = system(organisation=org, certificate=first)
    begin = (timezone.now() + 10 * DAY).replace(second=0, microsecond=0)
    client = owner_client(one)
    assert "when" in client.get(url(one)).context["form"].fields
    answers = {
        "version": 1,
        "text": pem(one),
        "when": "later",
        "on": timezone.localtime(begin).strftime("%d-%m-%Y %H.%M"),
    }
    client.post(url(one), answers)
    now = reread(one)
    assert (now.certificate, now.next_certificate_from) == (first, begin)
    html = client.get(reverse("system", args=[org.cvr_number, one.pk])).content.decode()
    assert "Næste certifikat, fra" in html
    client.post(url(one, "system_next_certificate_remove"), {"version": 2})
    assert reread(one).next_certificate is None


def test_the_first_certificate_is_always_for_now():
    assert "when" not in owner_client(one := system()).get(url(one)).context["form"].fields


def test_a_date_that_has_passed():
    org = organisation()
    one = system(organisation=org, certificate=certificates.certificate(organisation=org))
    answers = {"version": 1, "text": pem(one), "when": "later", "on": "01-01-2020 12.00"}
    response = owner_client(one).post(url(one), answers)
    assert list(response.context["form"].errors) == ["on"]
    assert reread(one).next_certificate is None


def test_of_several_certificates_one_is_chosen():
    one = system()
    both = pem(one) + pem(one, name="Det andet")
    client = owner_client(one)
    response = client.post(url(one), {"version": 1, "text": both})
    candidates = response.context["candidates"]
    assert len(candidates) == 2
    client.post(url(one), {"version": 1, "when": "now", "on": "", "text": candidates[1][1]})
    assert "Det andet" in reread(one).certificate.subject


def test_somebody_changed_the_system_meanwhile():
    one = system()
    System.objects.filter(pk=one.pk).update(version=2)
    client = owner_client(one)
    content = pem(one)
    response = client.post(url(one), {"version": 1, "text": content})
    html = response.content.decode()
    assert response.status_code == 409
    assert content.splitlines()[1] in html
    assert 'name="version" value="2"' in html
    assert (reread(one).certificate, Certificate.objects.count()) == (None, 0)


def test_removing_and_putting_back():
    org = organisation()
    certificate = certificates.certificate(organisation=org)
    one = system(organisation=org, certificate=certificate, protocol=Protocol.REST_PULL)
    client = owner_client(one)
    assert "bliver ikke spærret" in client.get(url(one, "system_certificate_remove")).content.decode()
    client.post(url(one, "system_certificate_remove"), {"version": 1})
    assert reread(one).certificate is None
    response = client.post(url(one, "system_certificate_restore"), {"version": 2}, follow=True)
    assert "Der er intet certifikat at sætte tilbage." in response.content.decode()
    assert tags(org) == ["CERTIFICATE_REMOVED"]


def test_an_ssh_key():
    one = system(protocol=Protocol.SFTP)
    client = owner_client(one)
    response = client.post(url(one, "system_ssh_key"), {"version": 1, "text": certificates.ED25519}, follow=True)
    key = reread(one).ssh_key
    assert f"Nøglen {key.fingerprint} er registreret." in response.content.decode()
    client.post(url(one, "system_ssh_key_remove"), {"version": 2})
    assert reread(one).ssh_key is None


@pytest.mark.parametrize("name", ["system_certificate_remove", "system_ssh_key_remove", "system_certificate_restore"])
def test_a_stale_removal_does_nothing(name):
    org = organisation()
    one = system(
        organisation=org,
        certificate=certificates.certificate(organisation=org),
        ssh_key=certificates.ssh_key(organisation=org),
    )
    System.objects.filter(pk=one.pk).update(version=2)
    owner_client(one).post(url(one, name), {"version": 1})
    now = reread(one)
    assert (now.certificate is None, now.ssh_key is None, tags(org)) == (False, False, [])


def test_a_reader_uploads_nothing():
    one = system()
    reader = client_for(user_with(Role.READER, organisation=one.organisation))
    assert reader.post(url(one), {"version": 1, "text": pem(one)}).status_code == 403
    assert Certificate.objects.count() == 0


def test_a_form_without_its_token_is_refused():
    one = system()
    client = owner_client(one)
    client.handler.enforce_csrf_checks = True
    assert client.post(url(one), {"version": 1, "text": pem(one)}).status_code == 403
