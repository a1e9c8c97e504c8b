"""A person registers their own employee certificate."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certificates.kinds import Kind
from certificates.models import Certificate
from organisations.models import Event
from tests.factories import certificates as make
from tests.factories.organisations import Role, client_for, organisation, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    make.install_anchors()
    return organisation(cvr_number=make.CVR)


@pytest.fixture
def owner(here):
    return user_with(Role.CONTACT_ADMINISTRATOR, organisation=here, name="Kim Ejer")


def url(here) -> str:
    return reverse("moces_upload", args=[here.cvr_number])


def upload(client, here, content: bytes):
    return client.post(url(here), {"file": SimpleUploadedFile("moces.cer", content)})


def moces(**options: object):
    return make.issued(kind=Kind.MOCES, name="Kim Ejer", **options)


def test_a_person_registers_their_certificate(here, owner) -> None:
    client, made = client_for(owner), moces()
    response = upload(client, here, made.der)
    assert (response.status_code, response.url) == (302, url(here))
    kept = Certificate.objects.get()
    assert (kept.user, kept.organisation, kept.kind, kept.cvr) == (owner, here, "MOCES", make.CVR)
    assert (kept.pem.encode(), kept.der) == (made.pem, made.der)
    assert kept.uploaded_by_id == owner.pk
    page = client.get(url(here)).content.decode()
    assert "Dit medarbejdercertifikat er registreret; det gælder til" in page
    assert kept.sha256 in page


def test_the_event_tells_it_without_the_name_in_the_chain(here, owner) -> None:
    upload(client_for(owner), here, moces().pem)
    event = Event.objects.get(tag="CERTIFICATE_UPLOADED")
    assert event.actor_id == owner.pk
    assert "Kim Ejer" not in event.payload
    assert "Kim Ejer" not in event.object_label


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"kind": Kind.FOCES},
            "Det er et systemcertifikat (FOCES), og der skal bruges et medarbejdercertifikat (MOCES).",
        ),
        ({"kind": Kind.MOCES, "cvr": "87654321"}, "Medarbejdercertifikatet er udstedt i CVR 87 65 43 21"),
        ({"kind": Kind.MOCES, "until": make.AT.replace(year=2025)}, "Certifikatet udløb den 23. november 2025"),
    ],
)
def test_a_wrong_certificate_is_refused_at_the_field(here, owner, options: dict, said: str) -> None:
    response = upload(client_for(owner), here, make.issued(**options).pem)
    (field, text), *_ = response.context["form"].faults()
    assert (response.status_code, field) == (200, "id_file")
    assert said in text.replace("\xa0", " ")
    assert not Certificate.objects.exists()


def test_a_pasted_private_key_comes_back_empty(here, owner) -> None:
    made = moces()
    response = client_for(owner).post(url(here), {"text": (made.pem + made.key_pem).decode()})
    assert response.context["form"]["text"].value() == ""
    assert made.key_pem.splitlines()[5].decode() not in response.content.decode()
    assert "openssl x509 -in" in response.content.decode()


def test_a_pasted_certificate_that_is_refused_is_not_lost(here, owner) -> None:
    pem = make.issued().pem.decode()
    assert client_for(owner).post(url(here), {"text": pem}).context["form"]["text"].value() == pem


def test_only_members_reach_the_page(here, owner) -> None:
    elsewhere = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation())
    reader = user_with(Role.READER, organisation=here)
    assert [client_for(person).get(url(here)).status_code for person in (owner, reader, elsewhere)] == [200, 200, 404]
    assert client_for(None).get(url(here)).status_code == 302


def test_a_person_sees_their_own_certificates_only(here, owner) -> None:
    make.certificate(organisation=here, user=owner)
    colleague = user_with(Role.READER, organisation=here)
    page = client_for(colleague).get(url(here)).content.decode()
    assert "Der er ikke registreret noget medarbejdercertifikat." in page


def test_the_panel_stands_on_the_persons_page(here, owner) -> None:
    kept = make.certificate(organisation=here, user=owner)
    administrator = user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=here)
    page = client_for(administrator).get(reverse("person", args=[here.cvr_number, owner.pk])).content.decode()
    assert kept.sha256 in page
    assert reverse("moces_remove", args=[here.cvr_number, kept.pk]) not in page
    assert url(here) not in page.split("<main")[1]


def test_no_finding_takes_the_name_into_the_chain(here, owner) -> None:
    made = moces()
    upload(client_for(owner), here, made.pem + make.the_pki().issuing.pem)
    assert "upload.chain" in [found.code for found in Certificate.objects.get().found]
    assert "Kim Ejer" not in Event.objects.get(organisation_id=here.pk).payload


def test_a_person_finds_the_page_from_their_own(here, owner) -> None:
    assert url(here) in client_for(owner).get(reverse("me")).content.decode()
