"""What people see when something is not there, not theirs, not understood or broken."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import translation

from adgang.pages import errors
from tests.factories.organisations import client_for, user

request = RequestFactory().get("/x/")


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("da", "Siden blev ikke fundet"), ("en", "The page was not found")])
def test_not_found(language, words):
    answer = client_for(user()).get("/findes-ikke/", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert f"<h1>{words}</h1>" in answer.content.decode()


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (lambda: errors.bad_request(request, SuspiciousOperation()), 400, "Forespørgslen kunne ikke forstås"),
        (lambda: errors.server_error(request), 500, "Noget gik galt"),
    ],
)
def test_bare_pages_need_no_database(view, status, words):
    with translation.override("da"):
        answer = view()
    html = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{words}</h1>" in html
    assert "TEST</title>" in html
    assert "<script" not in html


def test_the_fault_page_tells_its_number(settings):
    settings.ADGANG_OPERATOR_EMAIL = "drift@example.org"
    html = render_to_string("500.html", {"request_id": "abc-1", "operator_email": "drift@example.org"})
    assert "abc-1" in html
    assert "mailto:drift@example.org" in html


def test_a_production_page_does_not_say_test(settings):
    settings.ADGANG_ENVIRONMENT = "production"
    assert "TEST" not in errors.bare("500.html")


def test_handlers_are_installed():
    assert get_resolver().resolve_error_handler(400) is errors.bad_request
    assert get_resolver().resolve_error_handler(500) is errors.server_error


@pytest.mark.django_db
def test_an_expired_form_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/sprog/", {"language": "en"}, headers={"Accept-Language": "da"})
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "<h1>Formularen var udløbet</h1>" in html
    assert "<title>Formularen var udløbet – Adgang TEST</title>" in html
