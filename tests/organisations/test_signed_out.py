"""After logging out: whoever came in from elsewhere may log out there too."""

import pytest
from django.test import Client

from organisations.sign_in import LEAVE
from tests.factories.organisations import client_for, user
from tests.organisations.pages import text

pytestmark = pytest.mark.django_db


def came_from_elsewhere() -> Client:
    client = client_for(user(password="korrekt hest batteri", email="kim@example.org"))
    session = client.session
    session[LEAVE] = {"url_name": "oidc_leave"}
    session.save()
    return client


def test_it_offers_to_log_out_there_too() -> None:
    client = came_from_elsewhere()
    assert client.post("/log-ud/").url == "/logget-ud/"
    response = client.get("/logget-ud/")
    assert "Log også ud dér" in text(response)
    assert 'href="/log-ud/oidc/"' in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert client.get("/mig/").url.startswith("/log-ind/")


def test_a_later_login_by_password_forgets_it() -> None:
    client = came_from_elsewhere()
    client.post("/log-ud/")
    client.post("/log-ind/", {"email": "kim@example.org", "password": "korrekt hest batteri"})
    assert LEAVE not in client.session
    assert client.get("/logget-ud/").url == "/log-ind/"
    assert client.post("/log-ud/").url == "/log-ind/"


def test_nobody_else_sees_it() -> None:
    assert Client().get("/logget-ud/").url == "/log-ind/"
