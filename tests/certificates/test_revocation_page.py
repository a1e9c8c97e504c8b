"""What pages show of a certificate's revocation: awaited, then there by itself; good with its age, revoked, unknown."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate, Revocation, Standing
from tests.factories import certificates as make
from tests.factories.organisations import Role, client_for, organisation, user_with
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def own() -> Certificate:
    here = organisation()
    return make.certificate(organisation=here, user=user_with(Role.READER, organisation=here))


def page(certificate: Certificate, **values: object) -> tuple[str, bool]:
    """Return what the owner reads, and whether the page asks again by itself."""
    Standing.objects.filter(pk=certificate.pk).update(**values)
    response = client_for(certificate.user).get(reverse("moces_upload", args=[certificate.organisation.cvr_number]))
    return text(response), 'hx-select="#revocation-' in response.content.decode()


def test_while_the_first_answer_is_awaited_the_page_asks_for_it(own: Certificate) -> None:
    shown, asks = page(own)
    assert ("Spærring Kontrolleres Udstederen bliver spurgt." in shown, asks) == (True, True)


def test_what_the_list_says_is_shown_while_the_issuer_is_asked(own: Certificate) -> None:
    at = timezone.now()
    shown, asks = page(own, revocation=Revocation.GOOD, source="crl", as_of=at, valid_until=at + HOUR)
    assert ("Ikke spærret Ifølge udstederens spærreliste" in shown, asks) == (True, True)
    assert "Udstederen bliver også spurgt direkte." in shown


def test_an_answer_stands_with_its_source_and_age(own: Certificate) -> None:
    at = timezone.now()
    values = {"revocation": Revocation.GOOD, "source": "ocsp", "as_of": at, "valid_until": at + HOUR, "checked": at}
    shown, asks = page(own, **values)
    assert ("Ikke spærret Ifølge udstederens eget svar fra" in shown, asks) == (True, False)
    shown, asks = page(own, valid_until=at - HOUR)
    assert ("Ukendt Udstederens seneste oplysning gjaldt til" in shown, asks) == (True, False)


def test_revoked_says_when_and_why(own: Certificate) -> None:
    at = timezone.now()
    values = {"revocation": Revocation.REVOKED, "source": "crl", "as_of": at, "revoked_at": at, "reason": "superseded"}
    shown, asks = page(own, **values)
    assert "Spærret Certifikatet blev spærret" in shown
    assert ("Årsag: det er erstattet af et andet." in shown, asks) == (True, False)


def test_no_answer_is_told_as_such(own: Certificate) -> None:
    shown, asks = page(own, checked=timezone.now())
    assert ("Ukendt Udstederen har ikke svaret endnu. Portalen bliver ved" in shown, asks) == (True, False)


def test_only_the_answer_itself_is_said_aloud(own: Certificate) -> None:
    """A page that is opened says nothing aloud, nor one that asks in vain; the one that brings the answer does."""
    address, headers = reverse("moces_upload", args=[own.organisation.cvr_number]), {"HX-Request": "true"}
    client = client_for(own.user)

    def said(**how: object) -> str:
        content = client.get(address, **how).content.decode()
        return content.split('class="sr-only" role="status">')[1].split("</p>")[0]

    assert (said(), said(headers=headers)) == ("", "")
    Standing.objects.filter(pk=own.pk).update(checked=timezone.now())
    assert (said(), said(headers=headers).startswith("Spærring: Ukendt. Udstederen har ikke svaret")) == ("", True)


def test_a_revoked_certificate_is_not_called_valid(own: Certificate) -> None:
    shown, _asks = page(own, revocation=Revocation.REVOKED, revoked_at=timezone.now())
    assert "Prøvesystem Gyldigt" in shown
    assert "Gyldigt Gyldigt" not in shown
