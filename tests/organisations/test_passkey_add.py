"""Adding a passkey on the page."""

import pytest

from organisations.models import Passkey
from tests.factories.organisations import client_for, user
from tests.factories.passkeys import Authenticator, options_for, use_here
from tests.organisations.pages import faults, text
from tests.organisations.test_totp_add import fresh

pytestmark = pytest.mark.django_db
URL = "/mig/login/adgangsnoegle/"


@pytest.fixture(autouse=True)
def here(settings) -> None:
    use_here(settings)


def test_it_is_added_under_a_name_and_recovery_codes_are_shown_once() -> None:
    kim, key = user(), Authenticator()
    client = fresh(kim)
    options = options_for(client, "passkey_add_options")
    assert options["rp"]["id"] == "testserver"
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    done = client.post(URL, {"name": "Min telefon", "credential": key.create(options)})
    assert "Dine nødkoder" in text(done)
    assert "no-store" in done.headers["Cache-Control"]
    assert "Min telefon" in text(client.get("/mig/login/"))
    excluded = options_for(client, "passkey_add_options")["excludeCredentials"]
    assert len(excluded) == 1


def test_a_name_is_needed_and_what_was_typed_stays() -> None:
    client = fresh(user())
    assert "navn" in faults(client.post(URL, {"name": "", "credential": "{}"}))[0].lower()
    page = client.post(URL, {"name": "Nøglen", "credential": "{}"})
    assert "for længe siden" in faults(page)[0]
    assert 'value="Nøglen"' in page.content.decode()
    assert not Passkey.objects.exists()


def test_an_old_session_must_prove_first() -> None:
    client = client_for(user())
    assert "/mig/login/bekraeft/" in client.get(URL).url
    assert "/mig/login/bekraeft/" in client.post(f"{URL}valg/").url


@pytest.mark.parametrize(
    ("origins", "said"),
    [(["https://adgang.example"], "hører til adressen https://adgang.example"), ([], "kræver en portal med et navn")],
)
def test_elsewhere_it_says_where(settings, origins, said) -> None:
    settings.ADGANG_PASSKEY_ORIGINS = origins
    page = fresh(user()).get(URL)
    assert said in text(page)
    assert "data-passkey" not in page.content.decode()


def test_without_scripts_it_says_so() -> None:
    assert "kræver JavaScript" in text(fresh(user()).get(URL))
