"""Toasts: what was just done, with a link to it."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.template.loader import render_to_string
from django.test import RequestFactory

from adgang.lib.toasts import toast


@pytest.fixture
def request_with_messages():
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)
    return request


def shown(request) -> str:
    return render_to_string("frame/toasts.html", {"messages": get_messages(request)})


def test_a_link_leads_to_what_was_done(request_with_messages):
    toast(request_with_messages, "Saved <b>Sonder</b>.", link="/systems/1/", link_text="See it")
    assert '<p>Saved &lt;b&gt;Sonder&lt;/b&gt;. <a href="/systems/1/">See it</a></p>' in shown(request_with_messages)


def test_text_alone(request_with_messages):
    toast(request_with_messages, "Saved <b>.")
    assert "<p>Saved &lt;b&gt;.</p>" in shown(request_with_messages)


@pytest.mark.parametrize("variant", ["success", "info", "warning", "error"])
def test_variants(request_with_messages, variant):
    toast(request_with_messages, "x", variant=variant)
    assert f'class="toast toast-{variant} show"' in shown(request_with_messages)
