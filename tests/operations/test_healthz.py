"""/healthz: the process answers, whatever the state of everything else."""

from django.urls import reverse

from tests.factories.organisations import client_for


def test_answers_without_database():
    # No database mark: a query would fail the test.
    response = client_for(None).get(reverse("healthz"))
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"


def test_address():
    assert reverse("healthz") == "/healthz"
