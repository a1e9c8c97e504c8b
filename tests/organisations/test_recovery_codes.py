"""Making new recovery codes."""

import pytest

from organisations.models import Event, Mail
from tests.factories.organisations import client_for, user
from tests.organisations.pages import text
from tests.organisations.test_factors import with_codes
from tests.organisations.test_totp_add import fresh

pytestmark = pytest.mark.django_db
URL = "/mig/login/noedkoder/"


def test_they_are_shown_once_on_a_post_and_not_kept_by_browsers() -> None:
    kim = user()
    with_codes(kim)
    client = fresh(kim)
    assert "De tidligere koder virker ikke længere" in text(client.get(URL))
    response = client.post(URL)
    assert "Dine nødkoder" in text(response)
    assert "no-store" in response.headers["Cache-Control"]
    assert Event.objects.filter(tag="RECOVERY_CODES_MADE").count() == 1
    assert Mail.objects.filter(kind="recovery_codes_made", to=kim.email).count() == 1


def test_without_an_app_there_are_none() -> None:
    assert fresh(user()).post(URL).url == "/mig/login/"


def test_an_old_session_must_prove_first() -> None:
    kim = user()
    with_codes(kim)
    assert "/mig/login/bekraeft/" in client_for(kim).post(URL).url
