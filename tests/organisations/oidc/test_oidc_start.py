"""Leaving for the provider."""

import base64
import hashlib
import json
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.organisations.oidc.conftest import install, left
from tests.organisations.pages import text
from tests.servers.plain import closed_port, silence, tcp_server

pytestmark = pytest.mark.django_db


def test_it_asks_for_a_code_with_state_nonce_and_challenge_of_its_own(forger, settings) -> None:
    settings.ADGANG_OIDC_LEVEL_CLAIM, settings.ADGANG_OIDC_LEVELS = "acr", ["high", "higher"]
    client = Client()
    asked, again = left(client), left(Client())
    kept = client.session["errand"]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(kept["extra"]["verifier"].encode()).digest()).rstrip(b"=")
    assert asked["code_challenge"] == challenge.decode()
    assert (asked["state"], asked["nonce"]) == (kept["state"], kept["extra"]["nonce"])
    assert {name: asked[name] for name in ("response_type", "client_id", "redirect_uri", "scope", "acr_values")} == {
        "response_type": "code",
        "client_id": "adgang",
        "redirect_uri": "https://adgang.test/log-ind/oidc/retur/",
        "scope": "openid",
        "acr_values": "high higher",
    }
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))
    assert settings.ADGANG_OIDC_CLIENT_SECRET not in str(asked)


def test_pages_offer_it_only_where_it_is_set_up(forger, settings) -> None:
    page = Client().get("/log-ind/?next=/mig/").content.decode()
    assert "/log-ind/oidc/?purpose=sign_in&amp;next=%2Fmig%2F" in page
    assert "Prøvelogin" in page
    settings.ADGANG_OIDC_ISSUER = ""
    for path in ("/log-ind/oidc/", "/log-ind/oidc/retur/", "/log-ud/oidc/"):
        assert Client().get(path).url == "/log-ind/"
    assert "Prøvelogin" not in Client().get("/log-ind/").content.decode()


DOCUMENTS = {
    "of another issuer": {"issuer": "https://evil.example"},
    "that leads to plain http": {"authorization_endpoint": "http://idp.example/auth"},
    "that leads to a script": {"authorization_endpoint": "javascript:alert(1)"},
    "without keys": {"jwks_uri": None},
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_discovery_document_is_not_believed(forger, document) -> None:
    forger.document = document
    response = Client().get("/log-ind/oidc/")
    assert response.status_code == 403
    assert "Svaret fra Prøvelogin kunne ikke godkendes" in text(response)


def test_a_provider_that_does_not_answer_is_told(settings, monkeypatch) -> None:
    from organisations.oidc import provider

    monkeypatch.setattr(provider, "SECONDS", 0.2)
    with tcp_server(silence) as silent:
        for port in (closed_port(), silent):
            install(settings, f"http://127.0.0.1:{port}")
            response = Client().get("/log-ind/oidc/")
            assert response.status_code == 403
            assert "Prøv igen om lidt, eller log ind med din adgangskode" in text(response)


def test_the_issuer_may_end_in_a_slash(forger, settings) -> None:
    settings.ADGANG_OIDC_ISSUER = f"{forger.issuer}/"
    forger.document = {"issuer": f"{forger.issuer}/"}
    assert urlsplit(Client().get("/log-ind/oidc/").url).path == "/auth"
    assert json.dumps([path for path, _, _ in forger.heard]) == '["/.well-known/openid-configuration"]'
