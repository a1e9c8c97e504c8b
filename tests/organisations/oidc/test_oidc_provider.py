"""Signing in at a real provider, npm's `oidc-provider`: from its login page into the portal, and out of both."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from organisations.models import SignInIdentity
from tests.factories.organisations import client_for
from tests.organisations.oidc.conftest import CVR, HERE, bound, install
from tests.organisations.pages import text
from tests.servers.oidc_provider import Browser, oidc_provider

pytestmark = pytest.mark.django_db
SECRET = "hemmelighed+med/tegn%og:mere"
PEOPLE = {
    "kim": {"cvr": CVR, "loa": "https://data.gov.dk/concept/core/nsis/Substantial"},
    "low": {"cvr": CVR, "loa": "https://data.gov.dk/concept/core/nsis/Low"},
    "private": {"loa": "https://data.gov.dk/concept/core/nsis/High"},
}


@pytest.fixture(scope="module")
def issuer(require_packages: Callable[[str], Path]) -> Iterator[str]:
    packages = require_packages("oidc-provider")
    client = {
        "client_id": "adgang",
        "client_secret": SECRET,
        "redirect_uris": [f"{HERE}/log-ind/oidc/retur/"],
        "post_logout_redirect_uris": [f"{HERE}/log-ind/"],
    }
    with oidc_provider(packages, client=client, people=PEOPLE) as address:
        yield address


@pytest.fixture(autouse=True)
def installed(issuer: str, settings) -> None:
    install(settings, issuer, SECRET)
    settings.ADGANG_OIDC_LEVEL_CLAIM = "loa"
    settings.ADGANG_OIDC_LEVELS = [PEOPLE[name]["loa"] for name in ("kim", "private")]


def came_back(client: Client, person: str, purpose: str = "sign_in", browser: Browser | None = None):
    """Leave, log in over there as the person, agree, and come back."""
    browser = browser or Browser(HERE)
    there, page = browser.open(client.get("/log-ind/oidc/", {"purpose": purpose, "next": "/mig/"}).url)
    there, page = browser.submit(there, page, login=person, password="x")
    back = browser.submit(there, page)[0] if page else there
    return client.get(back.removeprefix(HERE))


def test_a_person_connects_their_login_and_uses_it(kim, here) -> None:
    client = client_for(kim)
    client.post("/mig/login/bekraeft/", {"password": "korrekt hest batteri"})
    assert client.post(came_back(client, "kim", "bind").url).url == "/mig/login/"
    identity = SignInIdentity.objects.get()
    assert (identity.user, identity.subject, identity.cvr) == (kim, "kim", CVR)

    client, browser = Client(), Browser(HERE)
    assert came_back(client, "kim", browser=browser).url == "/mig/"
    assert client.get(f"/o/{CVR}/myndighed/").status_code == 200
    # Logged in over there by now, yet asked anew where the portal must be sure.
    proven = came_back(client, "kim", "prove", browser)
    assert proven.url == "/mig/"
    assert client.session["proven_at"] > client.session["signed_in"]

    assert client.post("/log-ud/").url == "/logget-ud/"
    assert 'href="/log-ud/oidc/"' in client.get("/logget-ud/").content.decode()
    there, page = browser.open(client.get("/log-ud/oidc/").url)
    assert browser.submit(there, page, logout="yes")[0].startswith(f"{HERE}/log-ind/")
    assert client.get("/logget-ud/").url == "/log-ind/"


@pytest.mark.parametrize(
    ("person", "told"),
    [
        ("low", "Login hos Prøvelogin var ikke sikkert nok"),
        ("private", "Prøvelogin oplyste ikke, hvilken organisation"),
        ("nobody", "Login hos Prøvelogin var ikke sikkert nok"),
    ],
)
def test_who_is_not_let_in_is_told_why(kim, issuer, person, told) -> None:
    bound(kim, issuer, subject=person)
    response = came_back(Client(), person)
    assert response.status_code == 403
    assert told in text(response)


def test_a_login_broken_off_over_there_is_told() -> None:
    client, browser = Client(), Browser(HERE)
    there, _ = browser.open(client.get("/log-ind/oidc/").url)
    back, _ = browser.open(f"{there}/abort")
    assert "Login hos Prøvelogin blev afbrudt" in text(client.get(back.removeprefix(HERE)))


def test_a_code_buys_one_login(kim, issuer) -> None:
    bound(kim, issuer)
    client, browser = Client(), Browser(HERE)
    there, page = browser.open(client.get("/log-ind/oidc/").url)
    back, _ = browser.submit(*browser.submit(there, page, login="kim", password="x"))
    kept = dict(client.session)
    assert client.get(back.removeprefix(HERE)).status_code == 302
    # A thief with the address and a copy of the session still has a code that was used.
    thief = Client()
    session = thief.session
    session.update({"errand": kept["errand"]})
    session.save()
    thief.cookies["sessionid"] = session.session_key
    assert "Prøvelogin afviste login (invalid_grant)" in text(thief.get(back.removeprefix(HERE)))
