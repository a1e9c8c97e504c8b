"""The open check page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from freezegun import freeze_time

from certificates.models import Certificate, SshKey
from organisations import open_checks
from organisations.models import Event
from tests.factories import certificates as make
from tests.factories.organisations import client_for, user

pytestmark = pytest.mark.django_db
URL = "/tjek/certifikat/"


def post(client: Client | None = None, **data: object):
    return (client or Client()).post(URL, data)


def upload(content: bytes, name: str = "certifikat.cer") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def authorities() -> None:
    make.install_anchors()


def test_anybody_may_open_the_page() -> None:
    assert reverse("check_certificate") == URL
    for client in (Client(), client_for(user())):
        response = client.get(URL)
        assert response.status_code == 200
        assert "<h1>Kontrollér et certifikat</h1>" in response.content.decode()
        assert "no-store" in response["Cache-Control"]


def test_every_page_links_to_it() -> None:
    assert f'href="{URL}"' in Client().get(reverse("accessibility")).content.decode()


def test_the_operator_can_turn_it_off(settings) -> None:
    settings.ADGANG_PUBLIC_CHECKS = False
    assert URL not in Client().get(reverse("accessibility")).content.decode()
    assert Client().get(URL).status_code == 404
    assert post(text=make.ED25519).status_code == 404


@pytest.mark.parametrize("how", ["file", "text"])
def test_a_sound_certificate_is_accepted(how: str, authorities: None) -> None:
    made = make.issued()
    response = post(file=upload(made.der)) if how == "file" else post(text=made.pem.decode())
    page = response.content.decode()
    assert "Certifikatet kan bruges." in page
    assert "12\xa034\xa056\xa078" in page
    assert response.context["checked"].verdict.accepted


def test_what_is_wrong_is_told_with_what_to_do(authorities: None) -> None:
    page = post(file=upload(make.issued(until=make.AT.replace(year=2025)).pem)).content.decode()
    assert "Certifikatet kan ikke bruges." in page
    assert "Certifikatet udløb den 23. november 2025 kl. 14.05." in page
    assert "Bestil et nyt systemcertifikat (FOCES) i MitID Erhverv." in page


def test_expectations_are_checked(authorities: None) -> None:
    response = post(file=upload(make.issued().pem), kind="VOCES", cvr="87 65 43 21")
    assert [found.code for found in response.context["checked"].findings] == [
        "kind.wrong",
        "cvr.wrong",
        "revocation.unknown",
    ]


def test_an_ssh_key_is_judged_as_such() -> None:
    response = post(text=make.ED25519)
    assert response.context["checked"].is_ssh_key
    assert "Nøglen kan bruges." in response.content.decode()


def test_of_two_certificates_the_reader_chooses(authorities: None) -> None:
    first, second = make.issued(), make.issued(name="Et andet system")
    response = post(file=upload(first.pem + second.pem), cvr=make.CVR)
    assert "Kontrollér Et andet system" in response.content.decode()
    chosen = dict(response.context["checked"].candidates)["Et andet system"]
    assert post(text=chosen, cvr=make.CVR).context["checked"].verdict.accepted


@pytest.mark.parametrize("how", ["file", "text"])
def test_a_private_key_is_refused_and_comes_back_nowhere(how: str) -> None:
    made = make.issued()
    content = made.pem + made.key_pem
    response = post(file=upload(content)) if how == "file" else post(text=content.decode())
    page = response.content.decode()
    assert [found.code for found in response.context["checked"].findings] == ["upload.private_key"]
    assert "openssl x509 -in" in page
    assert not any(line.decode() in page for line in content.splitlines() if len(line) == 64)


def test_a_private_key_comes_back_nowhere_when_another_field_is_wrong() -> None:
    made = make.issued()
    page = post(text=made.key_pem.decode(), cvr="1234").content.decode()
    assert "Skriv CVR-nummeret med 8 cifre" in page
    assert made.key_pem.splitlines()[5].decode() not in page


def test_a_private_key_comes_back_nowhere_when_a_file_came_with_it() -> None:
    made = make.issued()
    page = post(text=made.key_pem.decode(), file=upload(made.pem)).content.decode()
    assert "ikke begge dele" in page
    assert made.key_pem.splitlines()[5].decode() not in page


def test_a_long_text_is_refused_and_not_sent_back() -> None:
    response = post(text="æ" * 70_000)
    assert [found.code for found in response.context["checked"].findings] == ["upload.too_large"]
    assert response.context["form"]["text"].value() == ""


def test_nothing_is_kept(authorities: None) -> None:
    events = Event.objects.count()
    post(file=upload(make.issued().pem))
    post(text=make.ED25519)
    assert (Certificate.objects.count(), SshKey.objects.count(), Event.objects.count()) == (0, 0, events)


def test_a_file_of_five_megabytes_is_refused_in_words() -> None:
    response = post(file=upload(bytes(5 * 1024 * 1024)))
    assert response.status_code == 200
    assert "Filen er større end 64 KiB." in response.content.decode()


def test_an_empty_form_says_what_is_missing() -> None:
    response = post(text=" ")
    assert response.context["form"].faults() == [("id_file", "Vælg en fil, eller indsæt teksten")]
    both = post(text=make.ED25519, file=upload(make.issued().pem))
    assert both.context["form"].faults() == [("id_file", "Vælg en fil, eller indsæt teksten – ikke begge dele")]


def test_a_wrong_cvr_number_says_what_to_write_and_loses_nothing() -> None:
    response = post(text=make.ED25519, cvr="1234")
    assert response.context["form"].faults() == [("id_cvr", "Skriv CVR-nummeret med 8 cifre")]
    assert make.ED25519 in response.content.decode()


def test_an_address_may_check_ten_times_an_hour() -> None:
    with freeze_time("2026-11-23 12:00:00"):
        statuses = [post(text=make.ED25519).status_code for _ in range(11)]
        assert statuses == [200] * 10 + [429]
        assert Client(REMOTE_ADDR="192.0.2.7").post(URL, {"text": make.ED25519}).status_code == 200
    with freeze_time("2026-11-23 13:00:01"):
        assert post(text=make.ED25519).status_code == 200


def test_a_crowd_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_checks, "PATIENCE", 0)
    with open_checks.AT_ONCE, open_checks.AT_ONCE:
        response = post(text=make.ED25519)
        assert (response.status_code, response.context["checked"]) == (503, None)
        assert response.context["form"].faults() == [("", "Mange kontrollerer lige nu. Prøv igen om lidt.")]
    assert post(text=make.ED25519).status_code == 200


def test_the_form_is_protected_against_forgery() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(URL, {"text": make.ED25519}).status_code == 403
    token = client.get(URL).context["csrf_token"]
    assert client.post(URL, {"text": make.ED25519, "csrfmiddlewaretoken": str(token)}).status_code == 200


def test_the_page_is_complete_in_english() -> None:
    page = Client(headers={"Accept-Language": "en"}).post(URL, {"text": make.ED25519}).content.decode()
    assert "The key can be used." in page
