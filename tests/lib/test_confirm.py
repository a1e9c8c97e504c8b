"""The page that asks once before something is destroyed."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from adgang.lib.confirm import ReasonForm, confirm


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def ask(**more) -> str:
    request = RequestFactory().get("/systems/1/delete/")
    request.user = AnonymousUser()
    wanted = {
        "title": "Delete Sonder?",
        "consequences": ["Sonder is deleted.", "2 points <close>."],
        "submit": "Delete",
        "cancel_url": "/systems/1/",
    }
    answer = confirm(request, **{**wanted, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_says_what_will_happen_and_how_to_get_out():
    html = ask()
    assert "<title>Delete Sonder? – Adgang TEST</title>" in html
    assert "<h1>Delete Sonder?</h1>" in html
    assert "<li>Sonder is deleted.</li><li>2 points &lt;close&gt;.</li>" in html
    assert '<button type="submit" class="button button-warning">Delete</button>' in html
    assert '<a class="button button-tertiary" href="/systems/1/">Cancel</a>' in html


def test_what_is_harmless_looks_harmless():
    html = ask(danger=False)
    assert "button-warning" not in html
    assert "alert-info" in html


def test_carries_the_version_and_what_else_is_given():
    html = ask(version=3, hidden={"target": '"x'})
    assert '<input type="hidden" name="version" value="3">' in html
    assert '<input type="hidden" name="target" value="&quot;x">' in html


def test_asks_for_a_reason():
    assert '<textarea name="reason"' in ask(reason_field=True)
    assert "<textarea" not in ask()


def test_shows_what_is_wrong_with_the_reason():
    html = ask(form=ReasonForm({"reason": " "}))
    assert "<title>Error: Delete Sonder? – Adgang TEST</title>" in html
    assert '<a href="#id_reason">Fill in: Reason</a>' in html
