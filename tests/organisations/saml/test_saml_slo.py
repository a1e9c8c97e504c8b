"""Logging out at the SAML identity provider too, by our wish or by its own."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.organisations.saml.conftest import HERE, answer, bound, came_back
from tests.servers.oidc_provider import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(installed, kim) -> Client:
    """A browser that signed in there."""
    bound(kim, installed)
    made = Client()
    assert came_back(made, answer(made, "kim")).status_code == 302
    return made


def leaves(client: Client) -> str:
    """Log out here, go on to the provider, and return where it sends the browser."""
    assert client.post("/log-ud/").url == "/logget-ud/"
    assert 'href="/log-ud/saml/"' in client.get("/logget-ud/").content.decode()
    return Browser(HERE).open(client.get("/log-ud/saml/").url)[0].removeprefix(HERE)


def test_logging_out_here_offers_to_do_it_there_too(client) -> None:
    back = leaves(client)
    assert client.get(back).url == "/log-ind/"
    assert "Du er også logget ud hos MitID Erhverv" in client.get("/log-ind/").content.decode()
    assert client.get(reverse("saml_leave")).url == "/log-ind/"  # it serves once


@pytest.mark.parametrize("change", ["signature", "replay", "nothing asked", "twice"])
def test_a_confirmation_that_is_none_is_told(client, change) -> None:
    back = leaves(client)
    if change == "replay":
        client.get(back)
        client.get("/log-ind/")
    browser = Client() if change == "nothing asked" else client
    if change == "signature":
        back = back.replace("Signature=", "Signature=AAAA")
    response = browser.get(back + ("&RelayState=x" if change == "twice" else ""))
    assert response.url == "/log-ind/"
    page = browser.get("/log-ind/").content.decode()
    assert "Du er også logget ud" not in page
    assert ("bekræftede ikke, at du er logget ud" in page) == (change != "twice")


def by_the_provider(client: Client, name: str = "name-of-kim", **changes: str):
    """Let the provider say that somebody logged out there."""
    there = client.get("/log-ind/saml/", {"purpose": "prove"}).url.partition("/sso")[0]
    entity = f"{HERE}/log-ind/saml/metadata/"
    told, _ = Browser(HERE).open(f"{there}/leave?name={name}&entity={entity}")
    for old, new in changes.items():
        told = told.replace(f"{old}=", f"{old}={new}")
    return client.get(told.removeprefix(HERE))


def test_who_logs_out_there_is_logged_out_here(client) -> None:
    response = by_the_provider(client)
    assert "/slo?SAMLResponse=" in response.url
    assert "Signature=" in response.url
    assert "_auth_user_id" not in client.session


def test_nobody_else_is(client) -> None:
    assert by_the_provider(client, name="name-of-else").status_code == 302
    assert "_auth_user_id" in client.session
    assert by_the_provider(client, Signature="AAAA").status_code == 403
    assert "_auth_user_id" in client.session
