"""The installation set up for signing in with OpenID Connect."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from organisations.models import SignInIdentity, User
from tests.factories.organisations import Role, organisation, user_with
from tests.servers.oidc_forger import CLIENT, SECRET, Forger, forger_server

HERE, CVR = "https://adgang.test", "12345678"


def install(settings: Any, issuer: str, secret: str = SECRET) -> None:
    """Set the installation up for a provider."""
    settings.ADGANG_BASE_URL, settings.ALLOWED_HOSTS = HERE, ["*"]
    settings.ADGANG_OIDC_ISSUER, settings.ADGANG_OIDC_CLIENT_ID = issuer, CLIENT
    settings.ADGANG_OIDC_CLIENT_SECRET = secret
    settings.ADGANG_OIDC_NAME = "Prøvelogin"


def bound(user: User, issuer: str, *, subject: str = "kim", cvr: str = CVR) -> SignInIdentity:
    """Return the person's account at the provider as a way to sign in."""
    return SignInIdentity.objects.create(
        user=user, method="OIDC", issuer=f"{issuer} {cvr}".strip(), subject=subject, cvr=cvr
    )


@pytest.fixture
def here():
    return organisation(cvr_number=CVR)


@pytest.fixture
def kim(here):
    return user_with(Role.READER, organisation=here, name="Kim Ejer", password="korrekt hest batteri")


@pytest.fixture(scope="module")
def forger_address() -> Iterator[str]:
    with forger_server() as address:
        yield address


@pytest.fixture
def forger(forger_address: str, settings) -> Forger:
    install(settings, forger_address)
    forger_server.now = Forger(forger_address)
    return forger_server.now


def left(client: Client, purpose: str = "sign_in", onward: str = "") -> dict[str, str]:
    """Start, and return what the provider was asked."""
    response = client.get("/log-ind/oidc/", {"purpose": purpose, "next": onward})
    assert response.status_code == 302, response.content.decode()
    return {name: values[0] for name, values in parse_qs(urlsplit(response.url).query).items()}


def returned(forger: Forger, client: Client | None = None, purpose: str = "sign_in", **said: str) -> Any:
    """Leave, and come back with a code for the forger's token, or with what `said` puts in its place."""
    client = client or Client()
    asked = left(client, purpose)
    forger.nonce = forger.nonce or asked["nonce"]
    return client.get("/log-ind/oidc/retur/", {"state": asked["state"], "code": "a-code"} | said)
