"""Installing issuers on a page: a file, all of it or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from certificates.details import read_details
from certificates.models import TrustAnchor
from organisations.models import Event
from tests.factories import certificates as make
from tests.factories.organisations import Role, client_for, user_with
from tests.organisations.pages import faults, toasts

pytestmark = pytest.mark.django_db

URL = "/drift/udstedere/ny/"
PKI = make.the_pki()


@pytest.fixture
def client() -> Client:
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def upload(content: bytes, name: str = "udsteder.cer", **fields: str) -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, content), **fields}


def test_root_and_issuing_ca_in_one_file_are_installed_and_recorded(client: Client) -> None:
    response = client.post(URL, upload(PKI.issuing.pem + PKI.root.pem, known_source="on"))
    assert response.url == "/drift/udstedere/"
    assert len(toasts(response)) == 2
    assert sorted(TrustAnchor.objects.values_list("environment", "is_root")) == [("test", False), ("test", True)]
    assert [event.tag for event in Event.objects.all()] == ["TRUST_ANCHOR_ADDED"] * 2


def test_an_unknown_issuer_warns_unless_its_source_is_known(client: Client) -> None:
    response = client.post(URL, upload(PKI.root.der))
    assert "er ikke en af de kendte OCES-udstedere" in toasts(response)[1]
    assert "var allerede installeret" in toasts(client.post(URL, upload(PKI.root.der, known_source="on")))[-1]


def test_production_takes_only_the_known_ones(client: Client) -> None:
    (fault,) = faults(client.post(URL, upload(PKI.root.der, known_source="on", environment="production")))
    assert "I produktion kan kun de kendte" in fault
    assert not TrustAnchor.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (make.issued().pem, "er ikke en udsteders certifikat"),
        (b"hej", "Der er intet certifikat"),
        (PKI.root.pem + make.issued().pem, "er ikke en udsteders certifikat"),
    ],
    ids=["leaf", "nothing", "root and leaf"],
)
def test_anything_else_is_refused_by_name(client: Client, content: bytes, said: str) -> None:
    response = client.post(URL, upload(content))
    assert said in " ".join(faults(response))
    assert not TrustAnchor.objects.exists()


def test_a_private_key_is_neither_kept_nor_sent_back(client: Client) -> None:
    response = client.post(URL, {"text": (PKI.issuing.pem + make.issued().key_pem).decode()})
    assert "privat nøgle" in " ".join(faults(response))
    assert make.issued().key_pem.splitlines()[3].decode() not in response.content.decode()
    assert not TrustAnchor.objects.exists()


def test_support_may_not_install() -> None:
    client = client_for(user_with(Role.SUPPORT, organisation=None))
    assert client.post(URL, upload(PKI.root.der)).status_code == 403
    assert not TrustAnchor.objects.exists()


def test_the_fingerprint_is_that_of_the_file(client: Client) -> None:
    client.post(URL, upload(PKI.root.der, known_source="on"))
    assert TrustAnchor.objects.get().sha256 == read_details(PKI.root.der).sha256
