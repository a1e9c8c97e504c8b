"""The headers of every kind of answer: pages, files, refusals, the API, static files, and what no view ever saw."""

import pytest
from django.test import Client
from django.urls import reverse

from adgang.lib.response_headers import ALWAYS
from tests.factories.organisations import Role, client_for, organisation, user, user_with

pytestmark = pytest.mark.django_db

KINDS = {
    "page": ("/log-ind/", {}, 200),
    "static": ("/static/adgang/adgang.css", {}, 200),
    "missing": ("/findes-ikke/", {}, 404),
    "to sign in": ("/mig/", {}, 302),
    "wrong method": ("/csp-rapport/", {}, 405),
    "health": ("/healthz", {}, 200),
    "API": ("/apis/adgang/v1/whoami", {}, 401),
    "API unknown": ("/apis/x", {}, 404),
    "unknown host": ("/log-ind/", {"HTTP_HOST": "evil.example"}, 400),
    "odd host": ("/log-ind/", {"HTTP_HOST": "a b<script>"}, 400),
    "odd path": ("/%00", {}, 404),
}


def lacking(answer):
    wanted = {*ALWAYS, "Content-Security-Policy"}
    return wanted - set(answer.headers)


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_is_without_them(kind):
    path, more, status = KINDS[kind]
    answer = Client().get(path, **more)
    assert (answer.status_code, lacking(answer)) == (status, set())
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_redirect_to_https_has_them_too(settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/log-ind/")
    assert (answer.status_code, lacking(answer)) == (301, set())
    assert lacking(Client().get("/apis/x")) == set()


def test_what_tells_of_a_person_is_kept_by_nobody():
    here = organisation()
    client = client_for(user_with(Role.ORGANISATION_USER_ADMINISTRATOR, organisation=here))
    for path in (reverse("me"), f"/o/{here.cvr_number}/brugere/", f"/o/{here.cvr_number}/brugere/?format=csv", "/x/"):
        answer = client.get(path)
        assert "no-store" in answer.headers["Cache-Control"], path
        assert lacking(answer) == set()
    assert "no-store" not in client.get("/static/adgang/adgang.css").headers["Cache-Control"]


def test_pages_say_where_browsers_report_to():
    answer = client_for(user()).get(reverse("me"))
    assert answer.headers["Reporting-Endpoints"] == f'csp="{reverse("csp_report")}"'
    policy = answer.headers["Content-Security-Policy"]
    assert f"report-uri {reverse('csp_report')}" in policy
    assert "report-to csp" in policy
    assert "unsafe" not in policy


def test_cookies(settings):
    client = client_for(user())
    client.get(reverse("me"))
    for name in (settings.SESSION_COOKIE_NAME,):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
