"""The operators' list of trusted issuers."""

import datetime as dt

import pytest
from django.utils import timezone

from adgang.lib.findings import finding
from certificates.models import RevocationList, TrustAnchor
from tests.factories import certificates as make
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
URL = "/drift/udstedere/"


def page(role: Role = Role.SYSTEM_MANAGER) -> str:
    return text(client_for(user_with(role, organisation=None)).get(URL))


def test_an_empty_installation_says_what_that_means_and_what_to_fetch() -> None:
    shown = page()
    assert shown.count("Ingen er installeret, så intet certifikat til dette miljø kan godtages.") == 2
    assert "Den Danske Stat OCES rod-CA (Test - cti), test d1bcec41d7ac" in shown
    assert "TRUST2408" not in shown  # ended: nothing to fetch


def test_each_says_what_it_is_and_how_many_lead_to_it() -> None:
    make.certificate(organisation=organisation())
    make.certificate(organisation=organisation(name="Øby", cvr_number="90000012"))
    shown = page()
    assert "CN=Adgang Demo OCES rod-CA,OU=Demo,O=Adgang,C=DK Rodcertifikat Ikke en af de kendte Generation" in shown
    assert "Registrerede certifikater 0 Fingeraftryk" in shown
    assert "Registrerede certifikater 2 Fingeraftryk" in shown
    assert "Rodcertifikat mangler" not in shown


def test_a_ca_without_its_root_and_one_that_expired_are_marked() -> None:
    make.install_anchors()
    TrustAnchor.objects.filter(is_root=True).delete()
    TrustAnchor.objects.update(not_after=make.START)
    shown = page()
    assert "Udløbet" in shown
    assert "Rodcertifikat mangler" in shown


def test_support_reads_and_changes_nothing() -> None:
    make.install_anchors()
    assert "Tilføj udsteder" in page()
    assert "Fjern udsteder" in page()
    assert "Tilføj udsteder" not in page(Role.SUPPORT)
    assert "Fjern udsteder" not in page(Role.SUPPORT)


def test_no_authority_is_shown_the_page() -> None:
    person = user_with(Role.ORGANISATION_ADMINISTRATOR, organisation=organisation())
    assert client_for(person).get(URL).status_code == 404


def test_the_number_of_queries_does_not_grow(django_assert_num_queries) -> None:
    client = client_for(user_with(Role.SUPPORT, organisation=None))
    client.get(URL)
    with django_assert_num_queries(5):
        client.get(URL)
    make.install_anchors()
    make.certificate(organisation=organisation())
    with django_assert_num_queries(6):  # and their revocation lists
        client.get(URL)


def test_the_age_of_each_revocation_list_and_what_went_wrong_with_it() -> None:
    at = timezone.now()
    root, issuing = sorted(make.install_anchors(), key=lambda anchor: not anchor.is_root)
    failure = finding("crl.not_fetched", address="http://ca.example/a.crl", detail="http.timeout").as_json()
    times = {"this_update": at - 2 * DAY, "next_update": at - DAY, "fetched": at - DAY}
    RevocationList.objects.create(anchor=issuing, number="7", count=2, failure=failure, **times)
    RevocationList.objects.create(anchor=root, **(times | {"next_update": at + DAY}))
    shown = page()
    assert "Spærreliste Gælder ikke længere Nr. 7, lavet" in shown
    assert "2 certifikater er spærret." in shown
    assert "Listen kunne ikke hentes fra http://ca.example/a.crl (http.timeout)." in shown
    assert "Spærreliste I kraft Nr. –" in shown
