"""Removing a passkey, never the last way in."""

import pytest

from organisations.models import Event, Mail, RecoveryCode
from tests.factories.organisations import client_for, user
from tests.factories.passkeys import passkey
from tests.organisations.pages import text
from tests.organisations.test_factors import with_codes
from tests.organisations.test_totp_add import fresh

pytestmark = pytest.mark.django_db


def url(kept) -> str:
    return f"/mig/login/adgangsnoegle/{kept.pk}/fjern/"


def test_it_asks_and_removes_and_tells() -> None:
    kim = user(password="korrekt hest batteri")
    with_codes(kim)
    kept = passkey(user=kim)
    client = fresh(kim)
    assert "Telefonen" in text(client.get(url(kept)))
    assert client.post(url(kept)).url == "/mig/login/"
    assert not kim.passkeys.exists()
    assert RecoveryCode.objects.count() == 10  # they stand for the app still
    assert Event.objects.filter(tag="PASSKEY_REMOVED").count() == 1
    assert Mail.objects.filter(kind="passkey_removed").count() == 1


def test_the_last_one_stays_where_one_is_required(settings) -> None:
    settings.ADGANG_REQUIRE_SECOND_FACTOR = "everyone"
    kim = user(password="korrekt hest batteri")
    first, second = passkey(user=kim), passkey(user=kim)
    client = fresh(kim)
    assert client.post(url(first)).status_code == 302
    assert client.post(url(second)).status_code == 403
    assert kim.passkeys.count() == 1


def test_the_only_way_in_stays() -> None:
    kim = user()
    kept = passkey(user=kim)
    stopped = passkey(user=kim, stopped="2026-01-01T00:00Z")
    client = fresh(kim)
    refused = client.post(url(kept))
    assert refused.status_code == 403
    assert "eneste vej ind" in text(refused)
    assert client.post(url(stopped)).status_code == 302


def test_it_is_ones_own_and_needs_a_proof() -> None:
    kim = user(password="x")
    kept = passkey(user=kim)
    assert client_for(user()).get(url(kept)).status_code == 404
    assert "/mig/login/bekraeft/" in client_for(kim).post(url(kept)).url
