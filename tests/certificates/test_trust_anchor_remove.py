"""Removing an issuer: what follows is said first."""

import pytest
from django.test import Client

from certificates.models import Certificate, TrustAnchor
from organisations.models import Event
from tests.factories import certificates as make
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text, toasts

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_for(user_with(Role.SYSTEM_MANAGER, organisation=None))


def url(*, is_root: bool) -> str:
    make.install_anchors()
    return f"/drift/udstedere/{TrustAnchor.objects.get(is_root=is_root).pk}/fjern/"


def test_it_says_what_hangs_on_an_issuing_ca(client: Client) -> None:
    make.certificate(organisation=organisation())
    assert "1 registreret certifikat er udstedt af den og kan ikke længere efterprøves." in text(
        client.get(url(is_root=False))
    )


def test_it_says_which_issuing_cas_lose_their_root(client: Client) -> None:
    shown = text(client.get(url(is_root=True)))
    assert "CN=Adgang Demo OCES udstedende-CA 1,OU=Demo,O=Adgang,C=DK har så ikke længere noget rodcertifikat" in shown


def test_it_is_removed_and_recorded_and_certificates_stay(client: Client) -> None:
    make.certificate(organisation=organisation())
    response = client.post(url(is_root=False))
    assert (response.url, len(toasts(response))) == ("/drift/udstedere/", 1)
    assert list(TrustAnchor.objects.values_list("is_root", flat=True)) == [True]
    assert Certificate.objects.count() == 1
    event = Event.objects.order_by("seq").filter(organisation_id="0" * 32).last()
    assert (event.tag, event.object_label) == (
        "TRUST_ANCHOR_REMOVED",
        "CN=Adgang Demo OCES udstedende-CA 1,OU=Demo,O=Adgang,C=DK",
    )


def test_removing_twice_is_not_found(client: Client) -> None:
    address = url(is_root=True)
    client.post(address)
    assert client.post(address).status_code == 404
    assert Event.objects.filter(tag="TRUST_ANCHOR_REMOVED").count() == 1


def test_support_may_not_remove() -> None:
    client = client_for(user_with(Role.SUPPORT, organisation=None))
    assert client.post(url(is_root=True)).status_code == 403
    assert TrustAnchor.objects.count() == 2
